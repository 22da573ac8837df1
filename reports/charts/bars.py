"""Bars from left to right, one under another."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from reports.charts.parts import BAR, GAP, LINE, box, frame, label, label_lines, words
from reports.disclosure import Shown

LONGEST = 75  # per cent of the width; the rest is for the figure beside the bar


@dataclass(frozen=True)
class Bar:
    label: str
    shown: Shown


def bars(title: str, rows: list[Bar], most: int = 0) -> SafeString:
    """Each under its label with its figure in words; what is held back has words and no bar.

    `most`: what the longest bar there could be stands for, such as 100 of a share."""
    most = most or max((row.shown.value or 0 for row in rows), default=0) or 1
    drawn, height = [], 0
    for row in rows:
        lines = label_lines(row.label)
        drawn.append(_row(height, lines, row.shown, most))
        height += LINE * len(lines) + BAR + GAP
    return frame(title, height, drawn)


def _row(top: int, lines: list[str], shown: Shown, most: int) -> SafeString:
    bar_top, length = top + LINE * len(lines), LONGEST * (shown.value or 0) / most
    figure = words(length, bar_top, shown.text, aside=8 if shown.value else 0)
    return format_html("{}{}{}", label(top, lines), box(0, length, bar_top, BAR), figure)
