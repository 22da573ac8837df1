"""The caseload report, as a page and as CSV."""

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import audit, clock
from accounts.access import requires
from accounts.errors import InvalidInput
from accounts.permissions import Permission
from reports import exports
from reports.caseload import CaseloadReport
from reports.disclosure import NOTE
from reports.forms import ReportForm
from reports.periods import Month


def _form(request: HttpRequest) -> ReportForm:
    """Filled from the address, so that a report can be bookmarked; last month where none is asked for."""
    asked = request.GET.copy()
    asked.setdefault("month", str(Month.of(clock.today()).previous()))
    return ReportForm(asked, organisation=request.membership.organisation)


def _report(request: HttpRequest, form: ReportForm, action: str) -> CaseloadReport:
    """The report that was asked for; that it was looked at, or taken away, is audited."""
    month, team = form.cleaned_data["month"], form.cleaned_data["team"]
    audit.record(action, by=request.membership, month=str(month), team=str(team.pk) if team else "")
    return CaseloadReport(request.membership.organisation, team, month)


@require_safe
@requires(Permission.SEE_REPORTS)
def caseload(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    report = _report(request, form, "view_report") if form.is_valid() else None
    return render(request, "reports/caseload.html", {"form": form, "report": report, "note": NOTE})


@require_safe
@requires(Permission.EXPORT_REPORTS)
def caseload_csv(request: Any) -> Any:
    form = _form(request)
    if not form.is_valid():
        raise InvalidInput("Choose a month and a team from the lists on the report's page.")
    report = _report(request, form, "export_report")
    return StreamingHttpResponse(
        exports.lines(report, by=request.membership),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="caseload-{report.month}.csv"'},
    )
