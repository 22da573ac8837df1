"""The links of one referral for other systems: which were sent, send one, revoke."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from accounts import clock
from accounts.access import fetch
from accounts.api_base import ScopedViewSet
from accounts.idempotency import idempotent
from accounts.permissions import Permission
from referrals.actions.stepping import RELATED
from referrals.models import PartnerLink, Referral
from referrals.partner import staff
from referrals.partner.links import why_shut

SEE = Permission.SEE_REFERRALS


class PartnerLinkOut(serializers.ModelSerializer):
    made_by = serializers.CharField(source="made_by.user.name")
    opens = serializers.SerializerMethodField(help_text="Whether it would open now.")
    shut_because = serializers.SerializerMethodField(help_text="Why it does not open; empty where it does.")

    class Meta:
        model = PartnerLink
        fields = ["id", "made_at", "made_by", "expires_at", "opened_at", "seen_at", "opens", "shut_because"]

    def get_opens(self, link: PartnerLink) -> bool:
        return not why_shut(link, clock.now())

    def get_shut_because(self, link: PartnerLink) -> str:
        return str(why_shut(link, clock.now()))


class PartnerLinkViewSet(ListModelMixin, ScopedViewSet):
    """The links that were sent to the provider of one referral. The address in them is never given out."""

    queryset = PartnerLink.objects.select_related(
        "made_by__user", "referral__offer", "referral__provider", "referral__service_user__organisation"
    )
    serializer_class = PartnerLinkOut
    pagination_class = None
    filter_backends = []
    permissions = {"list": SEE, "create": SEE, "revoke": SEE}

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(referral=self.kwargs.get("referral")).order_by("-id")

    def _referral(self) -> Referral:
        rows = Referral.objects.select_related(*RELATED)
        return cast(Referral, fetch(rows, self.request.membership, pk=self.kwargs["referral"]))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self._referral()
        return super().list(request, *args, **kwargs)

    @extend_schema(request=None, responses={201: PartnerLinkOut})
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Sends a new link to the provider's registered e-mail address; an earlier one no longer opens.

        409 where the provider has an account, no part in the referral, no address, or consent does not cover it.
        """
        link = staff.send_link(referral=self._referral(), by=request.membership)
        return Response(PartnerLinkOut(link).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None})
    @action(detail=False, methods=["post"])
    def revoke(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """No link to the referral opens after this. 409 where none did."""
        staff.revoke_link(referral=self._referral(), by=request.membership)
        return Response(status=status.HTTP_204_NO_CONTENT)


def register(router: SimpleRouter) -> None:
    router.register(
        r"referrals/(?P<referral>[0-9a-f-]{36})/partner-links", PartnerLinkViewSet, basename="partner-link"
    )
