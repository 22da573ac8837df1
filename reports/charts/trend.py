"""Columns, one a period, oldest first: a share from nothing to all. What is held back is a gap with words."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.wording import gettext_lazy as _
from reports.charts.parts import EMPTY, SOLID, box, frame, words
from reports.periods import Period
from reports.showing import Point

TOP, TALL = 24, 120
SMALL = 36
LEFT = 14  # per cent, for the scale
PART = 0.7  # of its place that a column fills


def columns(title: str, points: Sequence[Point]) -> SafeString:
    """The newest one is filled, the others are outlined; the first and the last have their figures."""
    step = (100 - LEFT) / len(points)
    drawn = [_line(share) for share in (0, 50, 100)]
    for place, point in enumerate(points):
        drawn += _column(point, LEFT + place * step, step, newest=place == len(points) - 1)
    return frame(title, TOP + TALL + 48, [*drawn, *_names(points, step)])


def _line(share: int) -> SafeString:
    at = TOP + TALL - TALL * share // 100
    return format_html(
        '<line x1="{}%" x2="100%" y1="{}" y2="{}" class="dx-chart__scale"/>{}',
        LEFT,
        at,
        at,
        words(LEFT, at - 10, f"{share}%", aside=-6, anchor="end", kind="small"),
    )


def _column(point: Point, x: float, step: float, *, newest: bool) -> list[SafeString]:
    middle = x + step / 2
    if point.share.value is None:
        return [_gap(middle, _("none") if point.denominator.value == 0 else _("not shown"))]
    height = round(TALL * point.share.value / 100)
    drawn = [box(x + step * (1 - PART) / 2, step * PART, TOP + TALL - height, height, SOLID if newest else EMPTY)]
    if newest:
        drawn.append(words(x + step, TOP + TALL - height - 20, point.share.text, anchor="end"))
    return drawn


def _gap(middle: float, text: str) -> SafeString:
    return format_html(
        '<svg x="{}%" y="{}" overflow="visible">'
        '<text transform="rotate(-90)" x="6" y="5" class="dx-chart__small">{}</text></svg>',
        f"{middle:.1f}",
        TOP + TALL,
        text,
    )


def _names(points: Sequence[Point], step: float) -> list[SafeString]:
    """Under each column the number of its month or quarter, and the year where one begins."""
    found, year = [], None
    for place, point in enumerate(points):
        x = LEFT + place * step
        found.append(words(x + step / 2, TOP + TALL + 2, _short(point.period), anchor="middle", kind="small"))
        if point.period.year != year:
            year = point.period.year
            found.append(words(x, TOP + TALL + 22, year, kind="small"))
    return found


def _short(period: Period) -> str:
    return f"Q{period.number}" if period.is_quarter else str(period.number)


def sparkline(points: Sequence[Point]) -> SafeString:
    """How it went, at a glance: the words stand beside it, so that it is nothing to a screen reader."""
    step = 100 / len(points)
    drawn = []
    for place, point in enumerate(points):
        height = max(1, round(SMALL * (point.share.value or 0) / 100))
        look = SOLID if place == len(points) - 1 else EMPTY
        if point.share.value is not None:
            drawn.append(box(place * step + step * 0.15, step * PART, SMALL - height, height, look))
    return format_html(
        '<svg class="dx-chart dx-chart--small" width="100%" height="{}" aria-hidden="true">{}'
        '<line x1="0" x2="100%" y1="{}" y2="{}" class="dx-chart__scale"/></svg>',
        SMALL + 2,
        format_html_join("", "{}", ((one,) for one in drawn)),
        SMALL + 1,
        SMALL + 1,
    )
