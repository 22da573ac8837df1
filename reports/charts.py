"""A chart from shown figures, as SVG: prints, needs no script, and stands beside its table."""

from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from reports.disclosure import Shown

WIDTH, LABEL, ROW, BAR = 640, 230, 36, 22


@dataclass(frozen=True)
class Bar:
    label: str
    shown: Shown


def bars(title: str, rows: list[Bar]) -> SafeString:
    """Horizontal bars with their figures in words; what is held back has its words and no bar."""
    longest = max((row.shown.value or 0 for row in rows), default=0) or 1
    room = WIDTH - LABEL - 150
    drawn = format_html_join(
        "",
        '<text x="{}" y="{}" class="dx-chart__label">{}</text>'
        '<rect x="{}" y="{}" width="{}" height="{}" class="dx-chart__bar"/>'
        '<text x="{}" y="{}" class="dx-chart__figure">{}</text>',
        (_row(number, row, longest, room) for number, row in enumerate(rows)),
    )
    return format_html(
        '<svg class="dx-chart" viewBox="0 0 {} {}" role="img" aria-label="{}. The table below has the figures.">'
        "{}</svg>",
        WIDTH,
        ROW * len(rows) + 8,
        title,
        drawn,
    )


def _row(number: int, row: Bar, longest: int, room: int) -> tuple:
    top = number * ROW + 8
    length = round(room * (row.shown.value or 0) / longest)
    middle = top + BAR * 0.75
    return (0, middle, row.label, LABEL, top, length, BAR, LABEL + length + 8, middle, row.shown.text)
