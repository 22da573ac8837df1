"""Webhooks over the API: set up, change, new secret, test, replay, and what became of each event."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import ScopedViewSet, StrictNumber, StrictSerializer, StrictText, read
from accounts.idempotency import idempotent
from accounts.permissions import Permission
from referrals.models import HookDelivery, HookEndpoint
from referrals.webhooks import actions
from referrals.webhooks.kinds import KINDS

CONNECT = Permission.CONNECT_SYSTEMS


class NewWebhookEndpoint(StrictSerializer):
    url = StrictText(max_length=500)
    description = StrictText(default="", allow_blank=True)
    kinds = serializers.ListField(
        child=serializers.ChoiceField(list(KINDS)), default=list, help_text="Empty: all events."
    )


class ChangedWebhookEndpoint(StrictSerializer):
    version = StrictNumber(min_value=1)
    url = StrictText(required=False, max_length=500)
    description = StrictText(required=False, allow_blank=True)
    kinds = serializers.ListField(child=serializers.ChoiceField(list(KINDS)), required=False)
    active = serializers.BooleanField(required=False)


class ReplaySince(StrictSerializer):
    since = serializers.DateTimeField(help_text="At most 90 days ago.")


class WebhookEndpointOut(serializers.ModelSerializer):
    class Meta:
        model = HookEndpoint
        fields = ["id", "url", "description", "kinds", "active", "version", "created_at", "failing_since",
                  "switched_off_at"]  # fmt: skip
        read_only_fields = fields


class WebhookSecret(serializers.Serializer):
    endpoint = WebhookEndpointOut()
    secret = serializers.CharField(help_text="Given this once.")


class WebhookDeliveryOut(serializers.ModelSerializer):
    type = serializers.CharField(source="__str__")
    fate = serializers.CharField(help_text="delivered, given_up, cancelled; empty while it is on its way.")

    class Meta:
        model = HookDelivery
        fields = ["id", "type", "created_at", "fate", "tries", "tried_at", "code", "took_ms", "result", "due_at"]
        read_only_fields = fields


class Replayed(serializers.Serializer):
    events = serializers.IntegerField(help_text="5000 at most in one go.")
    stopped_at = serializers.DateTimeField(
        allow_null=True, help_text="Where it stopped at the most: ask again since then. Null: that was all."
    )


class WebhookEndpointViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """Where the organisation's own systems listen. See docs/webhooks.md."""

    queryset = HookEndpoint.objects.all()
    serializer_class = WebhookEndpointOut
    permissions = dict.fromkeys(
        ("list", "retrieve", "create", "partial_update", "rotate", "test", "replay", "deliveries"), CONNECT
    )

    def _row(self) -> HookEndpoint:
        return cast(HookEndpoint, self.get_object())

    def _with_secret(self, row: HookEndpoint, code: int) -> Response:
        secret = actions.show_secret(endpoint=row, by=self.request.membership)
        row.refresh_from_db()
        return Response({"endpoint": WebhookEndpointOut(row).data, "secret": secret}, status=code)

    @extend_schema(request=NewWebhookEndpoint, responses={201: WebhookSecret})
    def create(self, request: Request) -> Response:
        """The answer carries the secret, once. A repeat is refused: an address is there once."""
        typed = read(NewWebhookEndpoint, request).validated_data
        row = actions.add_endpoint(by=request.membership, **typed)
        return self._with_secret(row, status.HTTP_201_CREATED)

    @extend_schema(request=ChangedWebhookEndpoint, responses=WebhookEndpointOut)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row, typed = self._row(), read(ChangedWebhookEndpoint, request).validated_data
        active = typed.pop("active", row.active)
        kept = {"url": row.url, "description": row.description, "kinds": row.kinds}
        actions.change_endpoint(endpoint=row, by=request.membership, **kept | typed)
        if active != row.active:
            actions.switch(endpoint=row, by=request.membership, on=active)
        row.refresh_from_db()
        return Response(WebhookEndpointOut(row).data)

    @extend_schema(request=None, responses=WebhookSecret)
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A new secret at once; for 24 hours the old one signs, too."""
        row = self._row()
        actions.rotate(endpoint=row, by=request.membership)
        row.refresh_from_db()
        return self._with_secret(row, status.HTTP_200_OK)

    @extend_schema(request=None, responses={202: WebhookDeliveryOut})
    @action(detail=True, methods=["post"])
    @idempotent
    def test(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = actions.send_test(endpoint=self._row(), by=request.membership)
        return Response(WebhookDeliveryOut(sent).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=ReplaySince, responses={202: Replayed})
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A repeat sends the same events under the same ids; each few hundred are a transaction of their own."""
        since = read(ReplaySince, request).validated_data["since"]
        number, stopped_at = actions.replay_since(endpoint=self._row(), by=request.membership, since=since)
        told = Replayed({"events": number, "stopped_at": stopped_at}).data
        return Response(told, status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses=WebhookDeliveryOut(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def deliveries(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The newest hundred."""
        rows = self._row().deliveries.select_related("event").order_by("-id")[:100]
        return Response(WebhookDeliveryOut(rows, many=True).data)
