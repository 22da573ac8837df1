"""The end of an offer for other systems: beside the directory's own, since open referrals may point at it."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.api_base import ScopedViewSet, read
from accounts.permissions import Permission
from directory.api_input import WithdrawInput
from directory.models import SupportOffer
from referrals import actions


class Withdrawn(serializers.Serializer):
    """`asked`: how many referrers are asked what becomes of a referral."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    asked = serializers.IntegerField()


class OfferEndViewSet(ScopedViewSet):
    """Beside the directory's own offers: an end that open referrals may point at."""

    queryset = SupportOffer.objects.select_related("provider")
    permissions = {"withdraw": Permission.EDIT_OFFERS}

    @extend_schema(request=WithdrawInput, responses=Withdrawn)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """No referral closes: each referrer is asked what next. `goes_on` must be said where any is open."""
        offer = cast(SupportOffer, self.get_object())
        asked = actions.withdraw_offer(
            offer=offer, by=request.membership, **read(WithdrawInput, request).validated_data
        )
        return Response({"id": offer.pk, "version": offer.version, "asked": asked})
