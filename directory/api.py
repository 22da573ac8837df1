"""The directory for other systems: offers, and recommendations for a need with their reasons."""

from typing import Any, cast

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from accounts import audit, clock
from accounts.access import fetch
from accounts.api_base import ScopedViewSet, read
from accounts.idempotency import idempotent
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from directory import actions
from directory import api_input as given
from directory.api_keeping import PlaceViewSet, ProviderViewSet, UnmetNeedViewSet
from directory.finding import Asked, find, narrowed
from directory.fitting import Fit, fit
from directory.history import SHOWN
from directory.models import OfferChange, Stock, SupportOffer
from directory.models.providers import kept_by
from people.london import in_london
from screening.models import Need

FOUND = 50


class OfferSerializer(serializers.ModelSerializer):
    provider_name = serializers.CharField(source="provider.name", read_only=True)
    postcode = serializers.CharField(source="location.postcode", read_only=True, default=None)
    freshness = serializers.ChoiceField(choices=["", "late", "hidden"], read_only=True)

    class Meta:
        model = SupportOffer
        fields = [
            "id", "version", "name", "description", "provider", "provider_name", "location", "postcode", "kinds",
            "formats", "serves", "remote", "at_home", "languages", "schedule", "times", "cost", "min_age",
            "max_age", "low_income_only", "benefits_only", "needs_diagnosis", "capacity", "wait_days",
            "usual_wait_days", "usual_wait_of", "usual_wait_on", "warm_handover", "goes_along",
            "accepts_referrals", "contact_name", "contact_phone", "contact_email", "listed_on", "verified_on",
            "freshness", "source", "withdrawn_at", "withdrawn_reason", "withdrawn_words", "goes_on",
        ]  # fmt: skip
        read_only_fields = fields


class ChangeSerializer(serializers.ModelSerializer):
    """`fields`: name → [before, after]."""

    class Meta:
        model = OfferChange
        fields = ["what", "fields", "version", "source", "at"]
        read_only_fields = fields


class StockSerializer(serializers.ModelSerializer):
    class Meta:
        model = Stock
        fields = ["kind", "on_shelf", "reserved", "handed_over", "lost"]
        read_only_fields = fields


class FoundSerializer(serializers.Serializer):
    offer = OfferSerializer()
    km = serializers.FloatField(allow_null=True)
    is_open = serializers.BooleanField(allow_null=True)


class RecommendationQuerySerializer(serializers.Serializer):
    need = serializers.UUIDField(error_messages={"required": _("Say which need, as ?need= and its id.")})


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
    queryset = SupportOffer.objects.select_related("provider", "location")
    serializer_class = OfferSerializer
    permissions = {
        "list": Permission.SEE_DIRECTORY,
        "retrieve": Permission.SEE_DIRECTORY,
        "find": Permission.SEE_DIRECTORY,
        "changes": Permission.SEE_DIRECTORY,
        "stock": Permission.SEE_DIRECTORY,
        "create": Permission.EDIT_OFFERS,
        "partial_update": Permission.EDIT_OFFERS,
        "confirm": Permission.EDIT_OFFERS,
        "pause": Permission.EDIT_OFFERS,
        "bring_back": Permission.EDIT_OFFERS,
        "move_stock": Permission.EDIT_OFFERS,
        "recommendations": Permission.MAKE_REFERRALS,
    }

    def get_queryset(self) -> QuerySet:
        """Lists hold what may be found; one that ended, or that nobody confirmed, is still read by its id."""
        offers = super().get_queryset()
        return offers.current(clock.today()) if self.action == "list" else offers

    def _out(self, offer: SupportOffer, code: int = status.HTTP_200_OK) -> Response:
        return Response(OfferSerializer(SupportOffer.objects.get(pk=offer.pk)).data, status=code)

    @extend_schema(request=given.FindInput, responses=FoundSerializer(many=True), filters=False)
    @action(detail=False, methods=["post"], pagination_class=None)
    def find(self, request: Request) -> Response:
        """By words, kind, district, open now and room now; the first 50. By POST: a postcode may be a person's."""
        asked = Asked(**read(given.FindInput, request).validated_data)
        offers = narrowed(self.get_queryset().current(clock.today()), asked)
        return Response(FoundSerializer(find(offers, asked, in_london(clock.now()))[:FOUND], many=True).data)

    @extend_schema(request=given.NewOfferInput, responses={201: OfferSerializer})
    @idempotent
    def create(self, request: Request) -> Response:
        """Listed, and confirmed today; 404 for a provider whose listings the caller does not keep."""
        typed = dict(read(given.NewOfferInput, request).validated_data)
        provider = get_object_or_404(kept_by(request.membership), pk=typed.pop("provider"))
        offer = actions.publish_offer(provider=provider, by=request.membership, verified_on=clock.today(), **typed)
        return self._out(offer, status.HTTP_201_CREATED)

    @extend_schema(request=given.ChangedOfferInput, responses=OfferSerializer)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """409 where somebody else changed the listing after `version`: read again, then decide."""
        offer = self.get_object()
        actions.edit_offer(
            offer=offer, by=request.membership, **read(given.ChangedOfferInput, request).validated_data
        )
        return self._out(offer)

    @extend_schema(request=given.ConfirmInput, responses=OfferSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The listing is true today: with what is said of room and wait, or all as it was."""
        offer, typed = self.get_object(), read(given.ConfirmInput, request).validated_data
        said = {name: typed.get(name, getattr(offer, name)) for name in ("capacity", "wait_days")}
        actions.confirm_offer(offer=offer, version=typed["version"], by=request.membership, **said)
        return self._out(offer)

    @extend_schema(request=given.VersionInput, responses=OfferSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """No room: nobody new is matched until `confirm` says that there is."""
        offer = self.get_object()
        actions.pause_offer(offer=offer, by=request.membership, **read(given.VersionInput, request).validated_data)
        return self._out(offer)

    @extend_schema(request=given.VersionInput, responses=OfferSerializer)
    @action(detail=True, methods=["post"], url_path="bring-back")
    def bring_back(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """An offer that ended is listed again as it was."""
        offer = self.get_object()
        actions.bring_back_offer(
            offer=offer, by=request.membership, **read(given.VersionInput, request).validated_data
        )
        return self._out(offer)

    @extend_schema(responses=ChangeSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def changes(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The newest 50 changes of the listing, without the names of staff."""
        return Response(ChangeSerializer(self.get_object().changes.all()[:SHOWN], many=True).data)

    @extend_schema(responses=StockSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def stock(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Devices and SIMs, where the offer counts them."""
        return Response(StockSerializer(self.get_object().stock.all(), many=True).data)

    @extend_schema(request=given.MoveInput, responses={201: StockSerializer})
    @stock.mapping.post
    @idempotent
    def move_stock(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """409 where there are not that many; counting begins with the first move."""
        typed = dict(read(given.MoveInput, request).validated_data)
        stock = actions.keep_stock(offer=self.get_object(), kind=typed.pop("kind"), by=request.membership)
        actions.move_stock(stock=stock, by=request.membership, **typed)
        return Response(StockSerializer(stock).data, status=status.HTTP_201_CREATED)

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
    router.register("providers", ProviderViewSet, basename="provider")
    router.register("places", PlaceViewSet, basename="place")
    router.register("unmet-needs", UnmetNeedViewSet, basename="unmet-need")
