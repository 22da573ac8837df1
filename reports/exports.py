"""The report as CSV: the same shown figures as the page, streamed, and safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator

from django.utils.formats import date_format

from accounts.models import Membership
from accounts.spreadsheets import BYTE_ORDER_MARK, Echo, safe
from accounts.wording import gettext_lazy as _
from people.london import in_london
from reports.caseload import CaseloadReport
from reports.disclosure import NOTE


def lines(report: CaseloadReport, *, by: Membership) -> Iterator[str]:
    """The figures are worked out before the first line leaves: what fails then is an error, not half a file."""
    rows = [*_heading(report, by), *_figures(report), *_tables(report)]
    return _written(rows)


def _written(rows: Iterable[list[object]]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield BYTE_ORDER_MARK
    for row in rows:
        yield writer.writerow([safe(cell) for cell in row])


def _heading(report: CaseloadReport, by: Membership) -> Iterator[list[object]]:
    yield [_("Caseload report"), report.whose, report.when]
    yield [_("Made"), date_format(in_london(report.as_of), "d F Y H:i"), _("by %(name)s") % {"name": by.user.name}]
    yield [NOTE]


def _figures(report: CaseloadReport) -> Iterator[list[object]]:
    yield []
    yield [
        _("Measure"),
        _("Share"),
        _("Of these"),
        _("Out of"),
        _("Not known"),
        _("Share in the period before"),
        _("Definition"),
    ]
    for figure in report.figures:
        yield [
            figure.measure.title,
            figure.now.share,
            figure.now.numerator,
            figure.now.denominator,
            figure.now.not_known,
            figure.before.share,
            figure.measure.definition,
        ]


def _tables(report: CaseloadReport) -> Iterator[list[object]]:
    for section in report.sections:
        if section.is_empty:
            yield []
            yield [section.indicator.title, section.definition]
            yield [section.tables[0].empty]
        for table in section.tables:
            if table.rows:
                yield []
                yield [table.title, table.definition]
                yield [*table.columns]
                yield from ([label, *figures] for label, figures in table.lines)
