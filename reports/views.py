"""The report's pages: at a glance, a page a question, one figure through time and teams; and CSV and PDF."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import requires
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.models import Team
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from referrals.printing import paper
from reports import exports, indicators, pages, printing
from reports.caseload import FIRST_TIME, CaseloadReport
from reports.comparing import compared
from reports.disclosure import NOTE
from reports.forms import ReportForm, asked_for
from reports.pages import Question
from reports.periods import Period


def _chosen(request: HttpRequest, form: ReportForm, action: str, page: str) -> tuple[Team | None, Period]:
    """What was asked for; that it was looked at, or taken away, is audited."""
    period, team = form.cleaned_data["period"], form.cleaned_data["team"]
    audit.record(action, by=request.membership, page=page, period=str(period), team=str(team.pk) if team else "")
    return team, period


def _report(request: HttpRequest, form: ReportForm, action: str, page: Question) -> CaseloadReport:
    team, period = _chosen(request, form, action, page.code)
    return CaseloadReport(request.membership.organisation, team, period, asked=page.indicators)


def _context(form: ReportForm, report: CaseloadReport | None, page: str) -> dict[str, Any]:
    """`address` ends a link to the same period and team on another page."""
    chosen = {"period": str(report.period), "team": str(report.team.pk) if report.team else ""} if report else {}
    return {
        "form": form,
        "report": report,
        "note": NOTE,
        "first_time": FIRST_TIME,
        "questions": pages.ALL,
        "here": page,
        "address": "?" + urlencode({name: value for name, value in chosen.items() if value}),
    }


@require_safe
@requires(Permission.SEE_REPORTS)
def overview(request: HttpRequest) -> HttpResponse:
    return _page(request, pages.OVERVIEW_PAGE, "reports/overview.html")


@require_safe
@requires(Permission.SEE_REPORTS)
def question(request: HttpRequest, page: str) -> HttpResponse:
    found = pages.BY_CODE.get(page)
    if found is None or found is pages.OVERVIEW_PAGE:
        raise Http404
    return _page(request, found, "reports/question.html")


def _page(request: HttpRequest, page: Question, template: str) -> HttpResponse:
    form = asked_for(request)
    report = _report(request, form, "view_report", page) if form.is_valid() else None
    return render(request, template, {**_context(form, report, page.code), "page": page})


@require_safe
@requires(Permission.SEE_REPORTS)
def figure(request: HttpRequest, code: str) -> HttpResponse:
    measure = indicators.BY_CODE.get(code)
    if measure is None or measure not in indicators.RATES:
        raise Http404
    form = asked_for(request)
    found = None
    if form.is_valid():
        team, period = _chosen(request, form, "view_report", code)
        found = compared(measure, request.membership.organisation, team, period)
    context = _context(form, found.report if found else None, measure.page)
    return render(request, "reports/figure.html", {**context, "measure": measure, "compared": found})


@require_safe
@requires(Permission.EXPORT_REPORTS)
def caseload_csv(request: Any) -> Any:
    form = asked_for(request)
    report = _to_take_away(request, form, pages.WHOLE_PAGE)
    return StreamingHttpResponse(
        exports.lines(report, by=request.membership),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="caseload-{report.period}.csv"'},
    )


@require_safe
@requires(Permission.EXPORT_REPORTS)
def summary_pdf(request: Any) -> Any:
    """One side of paper for a board."""
    report = _to_take_away(request, asked_for(request), pages.SUMMARY)
    return HttpResponse(
        printing.summary(report, by=request.membership),
        content_type=paper.PDF,
        headers={"Content-Disposition": f'inline; filename="summary-{report.period}.pdf"'},
    )


def _to_take_away(request: Any, form: ReportForm, page: Question) -> CaseloadReport:
    if not form.is_valid():
        raise InvalidInput(_("Choose a month or a quarter, and a team, from the lists on the report's page."))
    report = _report(request, form, "export_report", page)
    if not report.is_counted:
        raise NotPossibleNow(FIRST_TIME)
    return report
