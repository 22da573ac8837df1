"""The caseload report, as a page and as CSV."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
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
    asked.setdefault("month", str(Month.of(timezone.localdate()).previous()))
    return ReportForm(asked, organisation=request.membership.organisation)


def _report(request: HttpRequest, form: ReportForm) -> CaseloadReport:
    return CaseloadReport(request.membership.organisation, form.cleaned_data["team"], form.cleaned_data["month"])


@require_safe
@requires(Permission.SEE_REPORTS)
def caseload(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    report = _report(request, form) if form.is_valid() else None
    if report:
        audit.record("view_report", by=request.membership, month=str(report.month))
    return render(request, "reports/caseload.html", {"form": form, "report": report, "note": NOTE})


@require_safe
@requires(Permission.EXPORT_REPORTS)
def caseload_csv(request: HttpRequest) -> StreamingHttpResponse:
    form = _form(request)
    if not form.is_valid():
        raise InvalidInput("Choose a month and a team from the lists on the report's page.")
    report = _report(request, form)
    team = str(report.team.pk) if report.team else ""
    audit.record("export_report", by=request.membership, month=str(report.month), team=team)
    response = StreamingHttpResponse(
        exports.lines(report, by=request.membership), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="caseload-{report.month}.csv"'
    return response
