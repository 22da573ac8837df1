"""The report as CSV: the same shown figures as the page, streamed, and safe to open in a spreadsheet."""

import csv
from collections.abc import Iterator

from django.utils import timezone

from accounts.models import Membership
from reports.caseload import CaseloadReport
from reports.disclosure import NOTE

# A cell that starts with one of these is run as a formula; the full-width twins are folded by some programs.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")


def safe(cell: object) -> str:
    """The cell as text; an apostrophe before what a spreadsheet would run."""
    text = str(cell)
    return f"'{text}" if text.lstrip().startswith(FORMULA) or text.startswith(FORMULA) else text


class _Echo:
    """A file that hands each line straight back, so that nothing is gathered in memory."""

    def write(self, line: str) -> str:
        return line


def lines(report: CaseloadReport, *, by: Membership) -> Iterator[str]:
    writer = csv.writer(_Echo())
    for row in _rows(report, by):
        yield writer.writerow([safe(cell) for cell in row])


def _rows(report: CaseloadReport, by: Membership) -> Iterator[list[object]]:
    yield ["Caseload report", report.whose, report.month.title]
    yield ["Made", f"{timezone.localtime():%d %B %Y %H:%M}", f"by {by.user.name}"]
    yield [NOTE]
    yield []
    yield ["Measure", "Share", "Of these", "Out of", "Not known", "Share last month", "Definition"]
    for figure in report.figures:
        yield [
            figure.measure.title,
            figure.share,
            figure.numerator,
            figure.denominator,
            figure.not_known,
            figure.last_month,
            figure.measure.definition,
        ]
    for table in report.tables:
        yield []
        yield [table.title, table.definition]
        yield [*table.columns]
        yield from ([label, shown] for label, shown in table.rows)
