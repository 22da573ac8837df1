"""The report as CSV: the same shown figures as the page, streamed, and safe to open in a spreadsheet."""

import csv
import unicodedata
from collections.abc import Iterable, Iterator

from accounts.models import Membership
from people.london import in_london
from reports.caseload import CaseloadReport
from reports.disclosure import NOTE

FORMULA = frozenset("=+-@|%")
"""A cell that starts with one of these is run as a formula by one program or another."""
BREAKS = ("\t", "\r", "\n")
BYTE_ORDER_MARK = "\ufeff"
"""Without it the commonest spreadsheet reads UTF-8 as something else."""


def safe(cell: object) -> str:
    """The cell as text; an apostrophe before what a spreadsheet would run.

    Programs pass over blanks, control and invisible characters before the sign, and fold full-width forms
    (＝) into plain ones: so does this. A tab or line break in front may shift what follows into a cell of its own.
    """
    text = str(cell)
    seen = unicodedata.normalize("NFKC", text)
    first = next((sign for sign in seen if not (sign.isspace() or unicodedata.category(sign)[0] == "C")), "")
    return f"'{text}" if first in FORMULA or text.startswith(BREAKS) else text


class _Echo:
    """A file that hands each line straight back, so that nothing is gathered in memory."""

    def write(self, line: str) -> str:
        return line


def lines(report: CaseloadReport, *, by: Membership) -> Iterator[str]:
    """The figures are worked out before the first line leaves: what fails then is an error, not half a file."""
    rows = [*_heading(report, by), *_figures(report), *_tables(report)]
    return _written(rows)


def _written(rows: Iterable[list[object]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK
    for row in rows:
        yield writer.writerow([safe(cell) for cell in row])


def _heading(report: CaseloadReport, by: Membership) -> Iterator[list[object]]:
    yield ["Caseload report", report.whose, f"{report.month.title}{', so far' if report.is_running else ''}"]
    yield ["Made", f"{in_london(report.now):%d %B %Y %H:%M}", f"by {by.user.name}"]
    yield [NOTE]


def _figures(report: CaseloadReport) -> Iterator[list[object]]:
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


def _tables(report: CaseloadReport) -> Iterator[list[object]]:
    for table in report.tables:
        yield []
        yield [table.title, table.definition]
        if table.rows:
            yield [*table.columns]
            yield from ([label, shown] for label, shown in table.rows)
        else:
            yield [table.empty]
