"""The page that opens a share to the people behind it, for whoever may see those people."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import check, requires
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from people.lines import Line, lines
from people.models import ServiceUser
from reports import behind, behind_list, indicators
from reports.behind import Asked, Part
from reports.behind_list import Found
from reports.caseload import CaseloadReport
from reports.forms import asked_for
from reports.indicator import Indicator

TITLES = {
    Part.COUNTED: _("Counted"),
    Part.MISSED: _("Not counted: those missed"),
    Part.NOT_KNOWN: _("Not known"),
}


@require_safe
@requires(Permission.SEE_REPORTS)
@transaction.atomic
def people(request: Any, code: str, part: str) -> HttpResponse:
    """That these people were looked at is on record before anybody is shown."""
    check(request.membership, Permission.SEE_SERVICE_USERS)
    measure, which = _measure(code), _part(part)
    report = _report(request)
    scope = report.scope
    found = behind_list.find(
        Asked(measure, scope.period, *scope.days),
        which,
        by=request.membership,
        team=scope.team,
        after=_after(request.GET.get("after")),
    )
    audit.record(
        "see_people_behind",
        by=request.membership,
        figure=measure.code,
        part=which.value,
        period=str(scope.period),
        team=str(scope.team.pk) if scope.team else "",
        shown=len(found.times),
    )
    return render(request, "reports/behind.html", _context(request, measure, which, report, found))


def _measure(code: str) -> Indicator:
    measure = indicators.BY_CODE.get(code)
    if measure not in indicators.RATES or not behind.has_people(measure):
        raise Http404
    return measure


def _part(part: str) -> Part:
    try:
        return Part(part)
    except ValueError:
        raise Http404 from None


def _after(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Http404 from None


def _report(request: Any) -> CaseloadReport:
    """Which it is; its figures are not read here."""
    form = asked_for(request)
    if not form.is_valid():
        raise Http404
    team, period = form.cleaned_data["team"], form.cleaned_data["period"]
    return CaseloadReport(request.membership.organisation, team, period)


def _context(request: Any, measure: Indicator, part: Part, report: CaseloadReport, found: Found) -> dict[str, Any]:
    chosen = {"period": str(report.period)} | ({"team": str(report.team.pk)} if report.team else {})
    return {
        "measure": measure,
        "part": part,
        "parts": TITLES.items(),
        "title": TITLES[part],
        "report": report,
        "people": _people(request, found),
        "look": behind_list.LOOK,
        "began": "after" in request.GET,
        "address": f"?{urlencode(chosen)}",
        "next": f"?{urlencode({**chosen, 'after': str(found.after)})}" if found.after else "",
    }


def _people(request: Any, found: Found) -> list[tuple[Line, int]]:
    rows = ServiceUser.objects.visible_to(request.membership).filter(pk__in=found.times).select_related("team")
    return [(line, found.times[line.person.pk]) for line in lines(list(rows.order_by("pk")))]
