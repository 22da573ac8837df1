"""The one write path of the directory: providers' details, places, offers, and needs that nothing met."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts import audit, clock
from accounts.errors import AlreadyChanged, InvalidInput, NotAllowed, NotPossibleNow
from accounts.models import Membership, Organisation
from directory.kinds import TITLES
from directory.models import Location, ProviderProfile, SupportOffer, UnmetNeed
from directory.places import outward_code
from directory.terms import FORMATS
from people.identifiers import postcode as whole_postcode
from screening.models import Need


@transaction.atomic
def describe_provider(*, organisation: Organisation, by: Membership | None, **details: Any) -> ProviderProfile:
    """`by` is None only when the directory is filled from the command line."""
    profile, _ = ProviderProfile.objects.update_or_create(organisation=organisation, defaults=details)
    audit.record("describe_provider", by=by, subject=profile, organisation=organisation)
    return profile


@transaction.atomic
def add_location(*, organisation: Organisation, postcode: str, by: Membership | None, **details: Any) -> Location:
    location = Location.objects.create(organisation=organisation, postcode=whole_postcode(postcode), **details)
    audit.record("add_location", by=by, subject=location, organisation=organisation)
    return location


@transaction.atomic
def publish_offer(
    *, provider: Organisation, kinds: Iterable[str], formats: Iterable[str], by: Membership | None, **details: Any
) -> SupportOffer:
    """`kinds` and `formats` are the questionnaire's codes: matching would never find an offer of another."""
    kinds, formats = list(kinds), list(formats)
    _check_codes(kinds, formats)
    offer = SupportOffer.objects.create(provider=provider, kinds=kinds, formats=formats, **details)
    audit.record("publish_offer", by=by, subject=offer, organisation=provider)
    return offer


def _check_codes(kinds: list[str], formats: list[str]) -> None:
    wrong = {}
    if not kinds or set(kinds) - TITLES.keys():
        wrong["kinds"] = "Choose at least one kind of support from the list."
    if set(formats) - FORMATS.keys():
        wrong["formats"] = "Choose formats from the list."
    if wrong:
        raise InvalidInput(" ".join(wrong.values()), fields=wrong)


@transaction.atomic
def confirm_offer(
    *,
    offer: SupportOffer,
    version: int,
    capacity: str,
    wait_days: int | None,
    by: Membership,
    on: date | None = None,
) -> None:
    """The provider's word that the listing is true today, and how much room there is.

    `version` is the one that was seen: a page left open since must not undo what a colleague said meanwhile.
    """
    if by.organisation_id != offer.provider_id:
        raise NotAllowed("Only the provider can confirm its own offer.")
    confirmed = SupportOffer.objects.filter(pk=offer.pk, version=version).update(
        capacity=capacity, wait_days=wait_days, verified_on=on or clock.today(), version=F("version") + 1
    )
    if not confirmed:
        raise AlreadyChanged(
            "Somebody else has confirmed this offer since you opened the page. See what it says now."
        )
    audit.record("confirm_offer", by=by, subject=offer, capacity=capacity)


@transaction.atomic
def record_unmet_need(*, need: Need, kind: str, reason: str, by: Membership, words: str = "") -> UnmetNeed:
    """Nothing local fitted. Once a day for a need and kind: a second click finds the first record."""
    if need.decision != Need.Decision.AGREED:
        raise NotPossibleNow("Only a need that the person agreed to can be recorded as unmet.")
    if reason not in UnmetNeed.Reason.values:
        raise InvalidInput("Choose why nothing fits.", fields={"reason": "Choose why nothing fits."})
    unmet, is_new = UnmetNeed.objects.get_or_create(
        need=need,
        kind=kind,
        recorded_on=clock.today(),
        defaults={
            "team": need.service_user.team,
            "area": outward_code(need.service_user.postcode) or "",
            "reason": reason,
            "words": words,
            "recorded_by": by,
        },
    )
    if is_new:
        audit.record("record_unmet_need", by=by, subject=unmet, reason=reason, kind=kind)
    return unmet
