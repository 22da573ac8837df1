"""The directory for other systems: offers, and recommendations for a need with their reasons."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from accounts import audit
from accounts.access import fetch
from accounts.api_base import ScopedViewSet
from accounts.permissions import Permission
from directory.fitting import Fit, fit
from directory.models import SupportOffer
from screening.models import Need


class OfferSerializer(serializers.ModelSerializer):
    provider_name = serializers.CharField(source="provider.name", read_only=True)
    postcode = serializers.CharField(source="location.postcode", read_only=True, default=None)

    class Meta:
        model = SupportOffer
        fields = [
            "id",
            "name",
            "description",
            "provider",
            "provider_name",
            "postcode",
            "kinds",
            "formats",
            "serves",
            "remote",
            "at_home",
            "languages",
            "schedule",
            "cost",
            "min_age",
            "max_age",
            "low_income_only",
            "benefits_only",
            "capacity",
            "wait_days",
            "warm_handover",
            "accepts_referrals",
            "verified_on",
        ]
        read_only_fields = fields


class RecommendationQuerySerializer(serializers.Serializer):
    need = serializers.UUIDField(error_messages={"required": "Say which need, as ?need= and its id."})


class RecommendedSerializer(serializers.Serializer):
    offer = serializers.UUIDField()
    name = serializers.CharField()
    provider = serializers.CharField()
    score = serializers.FloatField()
    distance_km = serializers.FloatField(allow_null=True)
    reasons_for = serializers.ListField(child=serializers.CharField())
    reasons_against = serializers.ListField(child=serializers.CharField())


class RejectedSerializer(serializers.Serializer):
    offer = serializers.UUIDField()
    name = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())


class RecommendationsSerializer(serializers.Serializer):
    rule = serializers.CharField()
    kind = serializers.CharField()
    recommended = RecommendedSerializer(many=True)
    rejected = RejectedSerializer(many=True)
    nothing_fits = serializers.CharField(allow_null=True)
    hold = serializers.CharField(allow_null=True)


class OfferViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    queryset = SupportOffer.objects.published().select_related("provider", "location")
    serializer_class = OfferSerializer
    permissions = {
        "list": Permission.SEE_DIRECTORY,
        "retrieve": Permission.SEE_DIRECTORY,
        "recommendations": Permission.MAKE_REFERRALS,
    }

    @extend_schema(
        parameters=[RecommendationQuerySerializer],
        responses=RecommendationsSerializer,
        filters=False,
    )
    @action(detail=False, pagination_class=None, filter_backends=[])
    def recommendations(self, request: Request) -> Response:
        """What fits one need, best first, each with the reasons for and against; and why the others do not."""
        asked = RecommendationQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        needs = Need.objects.select_related("service_user", "screening")
        need = cast(Need, fetch(needs, request.membership, pk=asked.validated_data["need"]))
        audit.record("choose_support", by=request.membership, subject=need)
        return Response(_as_data(fit(need)))


def _as_data(found: Fit) -> dict[str, Any]:
    return {
        "rule": found.rule.id,
        "kind": found.rule.support,
        "recommended": [
            {
                "offer": one.offer.id,
                "name": one.offer.name,
                "provider": one.offer.provider,
                "score": one.score,
                "distance_km": one.distance_km,
                "reasons_for": one.reasons_for,
                "reasons_against": one.reasons_against,
            }
            for one in found.matches.recommended
        ],
        "rejected": [
            {"offer": one.offer.id, "name": one.offer.name, "reasons": one.reasons}
            for one in found.matches.rejected
        ],
        "nothing_fits": found.nothing,
        "hold": found.hold,
    }


def register(router: SimpleRouter) -> None:
    router.register("offers", OfferViewSet, basename="offer")
