"""The one write path of the directory: providers' details, places, offers, and needs that nothing met."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.models import Membership, Organisation
from directory.models import Location, ProviderProfile, SupportOffer, UnmetNeed
from directory.places import outward_code
from screening.models import Need


@transaction.atomic
def describe_provider(*, organisation: Organisation, by: Membership | None, **details: Any) -> ProviderProfile:
    """`by` is None only when the directory is filled from the command line."""
    profile, _ = ProviderProfile.objects.update_or_create(organisation=organisation, defaults=details)
    audit.record("describe_provider", by=by, subject=profile, organisation=organisation)
    return profile


@transaction.atomic
def add_location(*, organisation: Organisation, by: Membership | None, **details: Any) -> Location:
    if outward_code(details.get("postcode")) is None:
        raise InvalidInput(
            "Enter a whole postcode, like SE5 8AZ.", fields={"postcode": "Enter a whole postcode, like SE5 8AZ."}
        )
    location = Location.objects.create(organisation=organisation, **details)
    audit.record("add_location", by=by, subject=location, organisation=organisation)
    return location


@transaction.atomic
def publish_offer(*, provider: Organisation, by: Membership | None, **details: Any) -> SupportOffer:
    offer = SupportOffer.objects.create(provider=provider, **details)
    audit.record("publish_offer", by=by, subject=offer, organisation=provider)
    return offer


@transaction.atomic
def confirm_offer(
    *, offer: SupportOffer, capacity: str, wait_days: int | None, by: Membership, on: date | None = None
) -> None:
    """The provider's word that the listing is true today, and how much room there is."""
    if by.organisation_id != offer.provider_id:
        raise InvalidInput("Only the provider can confirm its own offer.")
    SupportOffer.objects.filter(pk=offer.pk).update(
        capacity=capacity, wait_days=wait_days, verified_on=on or timezone.localdate()
    )
    audit.record("confirm_offer", by=by, subject=offer, capacity=capacity)


@transaction.atomic
def record_unmet_need(*, need: Need, kind: str, reason: str, by: Membership, words: str = "") -> UnmetNeed:
    """Nothing local fitted. Once a day for a need and kind: a second click finds the first record."""
    if need.decision != Need.Decision.AGREED:
        raise NotPossibleNow("Only a need that the person agreed to can be recorded as unmet.")
    if reason not in UnmetNeed.Reason.values:
        raise InvalidInput("Choose why nothing fits.", fields={"reason": "Choose why nothing fits."})
    today = timezone.localdate()
    try:
        with transaction.atomic():
            unmet = UnmetNeed.objects.create(
                need=need,
                team=need.service_user.team,
                kind=kind,
                area=outward_code(need.service_user.postcode) or "",
                reason=reason,
                words=words,
                recorded_on=today,
                recorded_by=by,
            )
    except IntegrityError:
        return UnmetNeed.objects.get(need=need, kind=kind, recorded_on=today)
    audit.record("record_unmet_need", by=by, subject=unmet, reason=reason, kind=kind)
    return unmet
