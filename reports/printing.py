"""The report on one side of paper, as a PDF that a screen reader can read too: for a board, and to take along."""

from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language

from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from people.london import in_london
from referrals.printing import paper
from reports.caseload import CaseloadReport
from reports.disclosure import NOTE, Shown
from reports.rates import Figure
from reports.tables import Section

TEMPLATE = Path(__file__).with_name("summary.typ")


def summary(report: CaseloadReport, *, by: Membership) -> bytes:
    """Raises CannotPrint for a name with a character that no font has."""
    made = {"as_of": date_format(in_london(report.as_of), "j F Y, H:i"), "name": by.user.name}
    levels, waits = (_section(report, code) for code in ("levels", "waits"))
    data: dict[str, Any] = {
        "language": (get_language() or "en")[:2],
        "title": str(_("Getting online: summary for %(when)s")) % {"when": report.when},
        "whose": report.whose,
        "sentences": [str(one) for one in _sentences(report.figures)],
        "columns": [str(_("Figure")), str(_("Share")), str(_("Of these")), str(_("Out of")), str(_("Before"))],
        "figures": [_figure(one) for one in report.figures],
        "levels": _levels(levels),
        "waits": [[str(label), str(shown)] for label, shown in waits.tables[0].rows],
        "waits_title": str(waits.indicator.title),
        "levels_title": str(_("How much each theme weighs: people by level")),
        "none_yet": str(_("Nobody to count yet.")),
        "foot": [str(NOTE), str(_("As of %(as_of)s. Made by %(name)s.")) % made],
    }
    return paper.typeset(data, TEMPLATE)


def _section(report: CaseloadReport, code: str) -> Section:
    return next(one for one in report.sections if one.indicator.code == code)


def _figure(figure: Figure) -> list[str]:
    now = figure.now
    return [str(cell) for cell in (figure.measure.title, now.share, now.numerator, now.denominator, figure.change)]


def _levels(section: Section) -> list[list[str]]:
    """A heading and a row for each theme; nothing where nobody is counted."""
    tables = [table for table in section.tables if table.rows]
    if not tables:
        return []
    heading = [str(_("Theme")), *(str(label) for label, _shown in tables[0].rows)]
    return [heading, *([str(table.short), *(str(shown) for _label, shown in table.rows)] for table in tables)]


def _sentences(figures: list[Figure]) -> list[str]:
    """Three, that whoever reads nothing else can read: who was reached, what was done, what came of it."""
    by_code = {one.measure.code: one for one in figures}
    return [
        _said(by_code["coverage"], _("Of the people on the caseload, %(share)s were screened in the last year")),
        _said(by_code["started"], _("Of the referrals sent, %(share)s led to a contact within 6 weeks")),
        _said(by_code["needs_resolved"], _("Of the needs asked about again, %(share)s were resolved at 12 weeks")),
    ]


def _said(figure: Figure, words: str) -> str:
    now: Shown = figure.now.share
    if now.value is None:
        return _("%(title)s: %(why)s.") % {"title": figure.measure.title, "why": now.text}
    said = words % {"share": now.text}
    if figure.before.share.value is None:
        return _("%(said)s.") % {"said": said}
    return _("%(said)s (%(change)s).") % {"said": said, "change": figure.change}
