"""What went wrong, for other systems: written down and read, by the pages' own rules."""

from typing import Any, cast

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from accounts import audit
from accounts.access import check, fetch
from accounts.api_base import ScopedViewSet, StrictSerializer, StrictText, read
from accounts.idempotency import idempotent
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from people.access import person_for
from referrals.actions.stepping import RELATED
from referrals.incidents.actions import record_incident
from referrals.models import Incident, Referral

SEE = Permission.SEE_REFERRALS


class IncidentOut(serializers.ModelSerializer):
    put_right_by = serializers.DateField(
        source="follow_up.due_on", read_only=True, help_text="The day by which the person’s team sees to it."
    )
    came_of_it = serializers.CharField(
        source="follow_up.result", read_only=True, help_text="A code; empty while nobody has said."
    )

    class Meta:
        model = Incident
        fields = [
            "id",
            "service_user",
            "referral",
            "screening",
            "kind",
            "happened_on",
            "what",
            "done",
            "recorded_at",
            "put_right_by",
            "came_of_it",
        ]
        read_only_fields = fields


class NewIncident(StrictSerializer):
    service_user = serializers.UUIDField(
        required=False, help_text="Whose it is, where it came to light in no referral."
    )
    referral = serializers.UUIDField(required=False, help_text="In which it came to light; either side may tell.")
    kind = serializers.ChoiceField(choices=Incident.Kind.choices)
    happened_on = serializers.DateField(required=False, allow_null=True, help_text="Left out: not known.")
    what = StrictText(help_text="What happened.")
    done = StrictText(allow_blank=True, default="", help_text="What was done about it at once.")

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if ("service_user" in given) == ("referral" in given):
            raise serializers.ValidationError({"service_user": _("Send the service user or the referral.")})
        return given


class IncidentFilter(filters.FilterSet):
    service_user = filters.UUIDFilter("service_user_id")
    referral = filters.UUIDFilter("referral_id")


class IncidentViewSet(ListModelMixin, ScopedViewSet):
    queryset = Incident.objects.select_related("follow_up")
    serializer_class = IncidentOut
    filterset_class = IncidentFilter
    permissions = {"list": SEE, "retrieve": SEE, "create": SEE}

    def list(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        response = super().list(request, *args, **kwargs)
        audit.record("see_incidents", by=request.membership, shown=len(response.data["results"]))
        return response

    @extend_schema(responses=IncidentOut)
    def retrieve(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        audit.record("view_incident", by=request.membership, subject=row)
        return Response(IncidentOut(row).data)

    @extend_schema(request=NewIncident, responses={201: IncidentOut})
    @idempotent
    def create(self, request: Any) -> Response:
        """Opens a follow-up for the person's team, which says what came of it. It is never changed later."""
        typed = dict(read(NewIncident, request).validated_data)
        row = record_incident(**self._whose(typed), **typed, by=request.membership)
        return Response(IncidentOut(row).data, status=status.HTTP_201_CREATED)

    def _whose(self, typed: dict[str, Any]) -> dict[str, Any]:
        """From the referral, or the person: only a clinician of their team may tell of them outside of one."""
        hat = self.request.membership
        if pk := typed.pop("referral", None):
            referral = cast(Referral, fetch(Referral.objects.select_related(*RELATED), hat, pk=pk))
            return {"referral": referral, "service_user": referral.service_user}
        check(hat, Permission.EDIT_SERVICE_USERS)
        return {"service_user": person_for(hat, typed.pop("service_user"))}


def register(router: SimpleRouter) -> None:
    router.register("incidents", IncidentViewSet, basename="incident")
