"""The caseload report for other systems: the same shown figures as the page, by the same choices."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from accounts import audit
from accounts.api_base import ScopedViewSet
from accounts.errors import NotPossibleNow
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from reports import indicators
from reports.api_output import IndicatorOut, ReportOut
from reports.caseload import FIRST_TIME, CaseloadReport
from reports.forms import ReportForm
from reports.models import Restated

CHOICES = {"team"}


class ReportViewSet(ScopedViewSet):
    queryset = Restated.objects.none()  # nothing is read through it: a report is no row
    serializer_class = ReportOut
    pagination_class = None
    lookup_field = "period"
    lookup_value_regex = r"[0-9]{4}-(?:[0-9]{2}|Q[1-4])"
    permissions = {"list": Permission.SEE_REPORTS, "retrieve": Permission.SEE_REPORTS}

    def get_queryset(self) -> QuerySet:
        return self.queryset

    @extend_schema(responses=IndicatorOut(many=True))
    def list(self, request: Request) -> Response:
        """What is counted, and how."""
        _only_known(request, set())
        return Response(IndicatorOut(indicators.ALL, many=True).data)

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "period", OpenApiTypes.STR, OpenApiParameter.PATH, description="2026-10, or 2026-Q3."
            ),
            OpenApiParameter(
                "team", OpenApiTypes.UUID, description="One team; the whole organisation without it."
            ),
        ],
        responses=ReportOut,
    )
    def retrieve(self, request: Any, period: str) -> Response:
        """One month or quarter, with the periods before it."""
        _only_known(request, CHOICES)
        asked = {"period": period, "team": request.query_params.get("team", "")}
        form = ReportForm(asked, organisation=request.membership.organisation)
        if not form.is_valid():
            raise serializers.ValidationError({name: [*told] for name, told in form.errors.items()})
        team, chosen = form.cleaned_data["team"], form.cleaned_data["period"]
        report = CaseloadReport(request.membership.organisation, team, chosen)
        if not report.is_counted:
            raise NotPossibleNow(FIRST_TIME)
        whose = str(team.pk) if team else ""
        audit.record("view_report", by=request.membership, page="api", period=str(chosen), team=whose)
        return Response(ReportOut(report).data)


def _only_known(request: Request, known: set[str]) -> None:
    """A choice that is misspelt must not answer with the whole organisation."""
    if unknown := set(request.query_params) - known:
        raise serializers.ValidationError(dict.fromkeys(sorted(unknown), _("There is no such filter.")))


def register(router: SimpleRouter) -> None:
    router.register("reports", ReportViewSet, basename="report")
