"""What every chart is made of: its frame, its lines of words, and its patterns."""

from collections.abc import Iterable
from textwrap import wrap

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounts.wording import gettext_lazy as _

LINE, BAR, GAP = 22, 20, 14
LABEL_LETTERS = 36  # what fits on a line at 320 pixels

SOLID, HATCHED, DOTTED, EMPTY, CROSSED = "solid", "hatched", "dotted", "empty", "crossed"
PATTERNS = {
    HATCHED: '<rect width="8" height="8" class="dx-chart__ground"/>'
    '<path d="M-2,2 L2,-2 M0,8 L8,0 M6,10 L10,6" class="dx-chart__stroke"/>',
    DOTTED: '<rect width="8" height="8" class="dx-chart__ground"/>'
    '<circle cx="4" cy="4" r="1.6" class="dx-chart__bar"/>',
    CROSSED: '<rect width="8" height="8" class="dx-chart__ground"/>'
    '<path d="M0,0 L8,8 M8,0 L0,8" class="dx-chart__stroke dx-chart__stroke--thin"/>',
}
"""Told apart in black and white, and by whoever sees no colours."""


def frame(title: str, height: int, drawn: Iterable[SafeString], patterns: str = "") -> SafeString:
    """`patterns`: a word for the names of its patterns, which must be the only ones on the page."""
    return format_html(
        '<svg class="dx-chart" width="100%" height="{}" role="img" aria-label="{}">{}{}</svg>',
        height,
        _("%(title)s. The table has the figures.") % {"title": title},
        _defined(patterns) if patterns else "",
        format_html_join("", "{}", ((one,) for one in drawn)),
    )


def _defined(name: str) -> SafeString:
    pattern = '<pattern id="{}-{}" width="8" height="8" patternUnits="userSpaceOnUse">{}</pattern>'
    # The drawings are constants of this module: nothing of anybody's words is in them.
    drawn = format_html_join("", pattern, ((name, look, mark_safe(svg)) for look, svg in PATTERNS.items()))  # noqa: S308
    return format_html("<defs>{}</defs>", drawn)


def box(x: float, width: float, top: int, height: int, look: str = SOLID, patterns: str = "") -> SafeString:
    """`x` and `width` in per cent."""
    fill = f"url(#{patterns}-{look})" if look in PATTERNS else "none" if look == EMPTY else None
    return format_html(
        '<rect x="{}%" y="{}" width="{}%" height="{}" class="{}"{}/>',
        f"{x:.1f}",
        top,
        f"{width:.1f}",
        height,
        "dx-chart__bar" if fill is None else "dx-chart__outline",
        format_html(' fill="{}"', fill) if fill else "",
    )


def words(
    x: float, top: int, text: object, *, aside: int = 0, anchor: str = "start", kind: str = "figure"
) -> SafeString:
    """Words at `x` per cent and `aside` pixels from there."""
    return format_html(
        '<svg x="{}%" y="{}" overflow="visible">'
        '<text x="{}" y="15" text-anchor="{}" class="dx-chart__{}">{}</text></svg>',
        f"{x:.1f}",
        top,
        aside,
        anchor,
        kind,
        text,
    )


def label_lines(label: object) -> list[str]:
    return wrap(str(label), LABEL_LETTERS) or [""]


def label(top: int, lines: Iterable[str], kind: str = "label") -> SafeString:
    each = ((top + LINE * number - 6, kind, line) for number, line in enumerate(lines, start=1))
    return format_html_join("", '<text y="{}" class="dx-chart__{}">{}</text>', each)
