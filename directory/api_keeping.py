"""For other systems: the providers whose listings one keeps, their places, and needs that nothing met."""

from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.response import Response

from accounts import audit
from accounts.access import fetch
from accounts.api_base import ScopedViewSet, StrictSerializer, StrictText, StrictTruth, read
from accounts.idempotency import idempotent
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from directory import actions
from directory.kinds import TITLES
from directory.models import Location, ProviderProfile, UnmetNeed
from directory.models.providers import kept_by
from screening.models import Need

NO_PROVIDER = _("You keep no listings of such a provider.")


class ProviderSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="organisation_id")
    name = serializers.CharField(source="organisation.name")

    class Meta:
        model = ProviderProfile
        fields = ["id", "name", "phone", "email", "website", "description"]
        read_only_fields = fields


class ProviderInput(StrictSerializer):
    phone = StrictText(max_length=20, allow_blank=True, required=False)
    email = StrictText(max_length=254, allow_blank=True, required=False)
    website = StrictText(max_length=500, allow_blank=True, required=False)
    description = StrictText(max_length=5000, allow_blank=True, required=False)


class NewProviderInput(ProviderInput):
    name = StrictText(max_length=200)


class PlaceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Location
        fields = [
            "id", "organisation", "name", "address", "postcode", "latitude", "longitude", "step_free",
            "hearing_support", "sight_support",
        ]  # fmt: skip
        read_only_fields = fields


class PlaceInput(StrictSerializer):
    """Fields that are left out stay as they are."""

    name = StrictText(max_length=200, required=False)
    address = StrictText(max_length=500, allow_blank=True, required=False)
    postcode = StrictText(max_length=8, required=False)
    latitude = serializers.FloatField(min_value=-90, max_value=90, allow_null=True, required=False)
    longitude = serializers.FloatField(min_value=-180, max_value=180, allow_null=True, required=False)
    step_free = StrictTruth(allow_null=True, required=False)
    hearing_support = StrictTruth(allow_null=True, required=False)
    sight_support = StrictTruth(allow_null=True, required=False)


class NewPlaceInput(PlaceInput):
    organisation = serializers.UUIDField()
    name = StrictText(max_length=200)
    postcode = StrictText(max_length=8)


class KeptViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """Rows with an `organisation` whose listings the membership keeps."""

    queryset: QuerySet
    permissions = {
        "list": Permission.EDIT_OFFERS,
        "retrieve": Permission.EDIT_OFFERS,
        "create": Permission.EDIT_OFFERS,
        "partial_update": Permission.EDIT_OFFERS,
    }

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        request: Any = self.request
        return self.queryset.filter(organisation__in=kept_by(request.membership))


class ProviderViewSet(KeptViewSet):
    """By the id of the organisation, as in an offer's `provider`."""

    queryset = ProviderProfile.objects.select_related("organisation")
    serializer_class = ProviderSerializer
    lookup_field = "organisation_id"
    lookup_url_kwarg = "pk"

    @extend_schema(request=NewProviderInput, responses={201: ProviderSerializer})
    @idempotent
    def create(self, request: Any) -> Response:
        """A provider without an account, by an admin of a health organisation."""
        profile = actions.add_provider(by=request.membership, **read(NewProviderInput, request).validated_data)
        return Response(ProviderSerializer(profile).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ProviderInput, responses=ProviderSerializer)
    def partial_update(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        organisation = self.get_object().organisation
        typed = read(ProviderInput, request).validated_data
        profile = actions.describe_provider(organisation=organisation, by=request.membership, **typed)
        return Response(ProviderSerializer(profile).data)


class PlaceViewSet(KeptViewSet):
    queryset = Location.objects.select_related("organisation", "feed")
    serializer_class = PlaceSerializer

    @extend_schema(request=NewPlaceInput, responses={201: PlaceSerializer})
    @idempotent
    def create(self, request: Any) -> Response:
        typed = dict(read(NewPlaceInput, request).validated_data)
        organisation = kept_by(request.membership).filter(pk=typed.pop("organisation")).first()
        if organisation is None:
            raise serializers.ValidationError({"organisation": [NO_PROVIDER]})
        place = actions.add_location(organisation=organisation, by=request.membership, **typed)
        return Response(PlaceSerializer(place).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=PlaceInput, responses=PlaceSerializer)
    def partial_update(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        typed = read(PlaceInput, request).validated_data
        place = actions.edit_location(location=self.get_object(), by=request.membership, **typed)
        return Response(PlaceSerializer(place).data)


class UnmetNeedSerializer(serializers.ModelSerializer):
    class Meta:
        model = UnmetNeed
        fields = ["id", "need", "kind", "area", "reason", "words", "recorded_on"]
        read_only_fields = fields


class UnmetNeedInput(StrictSerializer):
    need = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=list(TITLES))
    reason = serializers.ChoiceField(choices=UnmetNeed.Reason.choices)
    words = StrictText(max_length=300, allow_blank=True, required=False)


class UnmetNeedViewSet(ListModelMixin, ScopedViewSet):
    queryset = UnmetNeed.objects.all()
    serializer_class = UnmetNeedSerializer
    permissions = {"list": Permission.MAKE_REFERRALS, "create": Permission.MAKE_REFERRALS}

    def list(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        response = super().list(request, *args, **kwargs)
        audit.record("see_unmet_needs", by=request.membership, shown=len(response.data["results"]))
        return response

    @extend_schema(request=UnmetNeedInput, responses={201: UnmetNeedSerializer})
    @idempotent
    def create(self, request: Any) -> Response:
        """Nothing local fits: once a day for a need and kind. 409 where the need is not agreed."""
        typed = dict(read(UnmetNeedInput, request).validated_data)
        needs = Need.objects.select_related("service_user__team")
        need = cast(Need, fetch(needs, request.membership, pk=typed.pop("need")))
        unmet = actions.record_unmet_need(need=need, by=request.membership, **typed)
        return Response(UnmetNeedSerializer(unmet).data, status=status.HTTP_201_CREATED)
