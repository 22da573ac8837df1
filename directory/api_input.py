"""What other systems may send about listings: the same facts as the pages, each taken at its word."""

from collections.abc import Collection
from typing import Any

from rest_framework import serializers

from accounts.api_base import StrictNumber, StrictSerializer, StrictText, StrictTruth
from directory.forms import NEAR
from directory.kinds import TITLES
from directory.models import Location, Stock, SupportOffer
from directory.opening import MOST_TIMES
from directory.places import locate, outward_code
from directory.stock_steps import StockStep
from directory.terms import FORMATS


def _text(most: int) -> StrictText:
    return StrictText(max_length=most, allow_blank=True, required=False)


def _maybe() -> StrictTruth:
    return StrictTruth(allow_null=True, required=False)


def _codes(known: Collection[str]) -> serializers.ListField:
    """Some of the codes; how often one is said makes no difference."""
    child = serializers.ChoiceField(choices=list(known))
    return serializers.ListField(child=child, max_length=len(known), required=False)


class TextList(serializers.ListField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=StrictText(max_length=60), max_length=100, required=False, **kwargs)


class OfferInput(StrictSerializer):
    """Fields that are left out stay as they are."""

    name = StrictText(max_length=200, required=False)
    description = _text(5000)
    kinds = _codes(TITLES)
    formats = _codes(FORMATS)
    location = serializers.PrimaryKeyRelatedField(
        queryset=Location.objects.all(), allow_null=True, required=False, help_text="A place of the provider."
    )
    serves = TextList()
    remote = StrictTruth(required=False)
    at_home = StrictTruth(required=False)
    schedule = _text(200)
    times = serializers.ListField(child=serializers.DictField(), max_length=MOST_TIMES, required=False)
    min_age = StrictNumber(max_value=130, allow_null=True, required=False)
    max_age = StrictNumber(max_value=130, allow_null=True, required=False)
    low_income_only = _maybe()
    benefits_only = _maybe()
    needs_diagnosis = _maybe()
    languages = TextList()
    cost = _text(100)
    warm_handover = _maybe()
    goes_along = _text(200)
    capacity = serializers.ChoiceField(choices=SupportOffer.Capacity.choices, required=False)
    wait_days = StrictNumber(max_value=999, allow_null=True, required=False)
    accepts_referrals = StrictTruth(required=False)
    contact_name = _text(200)
    contact_phone = _text(20)
    contact_email = _text(254)


class NewOfferInput(OfferInput):
    provider = serializers.UUIDField()

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for name in ("name", "kinds", "formats"):
            fields[name].required = True
        return fields


class ChangedOfferInput(OfferInput):
    version = StrictNumber(min_value=1)


class VersionInput(StrictSerializer):
    """`version` says which listing was looked at."""

    version = StrictNumber(min_value=1)


class ConfirmInput(VersionInput):
    """Without room and wait: all is as it was."""

    capacity = serializers.ChoiceField(choices=SupportOffer.Capacity.choices, required=False)
    wait_days = StrictNumber(max_value=999, allow_null=True, required=False)


class WithdrawInput(VersionInput):
    reason = serializers.ChoiceField(choices=SupportOffer.Withdrawn.choices)
    words = StrictText(max_length=300, allow_blank=True, required=False)
    goes_on = StrictTruth(
        allow_null=True, required=False, help_text="Whether people already referred are seen to the end."
    )


class MoveInput(StrictSerializer):
    kind = serializers.ChoiceField(choices=Stock.Kind.choices)
    step = serializers.ChoiceField(choices=[(step.value, step.label) for step in StockStep])
    quantity = StrictNumber(min_value=1, max_value=100_000, required=False)
    ends_on = serializers.DateField(allow_null=True, required=False)
    words = StrictText(max_length=200, allow_blank=True, required=False)


class FindInput(StrictSerializer):
    words = _text(100)
    kind = serializers.ChoiceField(choices=list(TITLES), required=False)
    near = StrictText(
        max_length=10, required=False, help_text="A postcode or its first half; only the district is looked at."
    )
    open_now = StrictTruth(required=False)
    room_now = StrictTruth(required=False)

    def validate_near(self, value: str) -> str:
        district = outward_code(value)
        if district is None or locate(district) is None:
            raise serializers.ValidationError(NEAR)
        return district
