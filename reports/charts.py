"""A chart from shown figures, as SVG: prints, needs no script, and stands beside its table.

Lengths are shares of the width it is given, and type is never scaled: it reads the same at 320 pixels as on paper.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from reports.disclosure import Shown

LINE, BAR, GAP = 22, 20, 14
LABEL_LETTERS = 36  # what fits on a line at 320 pixels
LONGEST = 75  # per cent of the width; the rest is for the figure beside the bar


@dataclass(frozen=True)
class Bar:
    label: str
    shown: Shown


def bars(title: str, rows: list[Bar]) -> SafeString:
    """Horizontal bars, each under its label with its figure in words; what is held back has words and no bar."""
    most = max((row.shown.value or 0 for row in rows), default=0) or 1
    drawn, height = [], 0
    for row in rows:
        lines = wrap(row.label, LABEL_LETTERS) or [""]
        drawn.append(_row(height, lines, row.shown, most))
        height += LINE * len(lines) + BAR + GAP
    return format_html(
        '<svg class="dx-chart" width="100%" height="{}" role="img" aria-label="{}. The table has the figures.">'
        "{}</svg>",
        height,
        title,
        format_html_join("", "{}", ((row,) for row in drawn)),
    )


def _row(top: int, lines: list[str], shown: Shown, most: int) -> SafeString:
    bar_top = top + LINE * len(lines)
    length = f"{LONGEST * (shown.value or 0) / most:.1f}%"
    return format_html(
        '{}<rect y="{}" width="{}" height="{}" class="dx-chart__bar"/>'
        '<svg x="{}" y="{}" overflow="visible"><text x="{}" y="15" class="dx-chart__figure">{}</text></svg>',
        format_html_join("", '<text y="{}" class="dx-chart__label">{}</text>', _label(top, lines)),
        bar_top,
        length,
        BAR,
        length,
        bar_top,
        8 if shown.value else 0,
        shown.text,
    )


def _label(top: int, lines: list[str]) -> Iterator[tuple[int, str]]:
    return ((top + LINE * number - 6, line) for number, line in enumerate(lines, start=1))
