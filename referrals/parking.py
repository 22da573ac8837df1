"""A provider has said no to a person: for how long it is not asked about them again, and who may ask all the same.

The reason that it gave decides. One with days keeps the whole provider from being asked until the day; one after
which something else is chosen keeps that very offer from being asked, as it does not fit; all others keep nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils.formats import date_format

from accounts import clock
from accounts.wording import gettext_lazy as _
from directory.models import SupportOffer
from people.london import london_day
from people.models import ServiceUser
from referrals.coded import next_action_of, reasons_for
from referrals.lifecycle import Status
from referrals.models import Referral, ReferralEvent
from referrals.reasons import NextAction, Reason

LIFTED = "lift_park"
"""The event by which a clinician or team lead lets the provider be asked all the same."""


@dataclass(frozen=True)
class Parked:
    """`referral` is the one that was declined; `until` is None where the offer does not fit, whatever the day."""

    referral: Referral
    until: date | None
    because: str

    @property
    def sentence(self) -> str:
        words: dict[str, Any] = {"provider": self.referral.provider, "because": self.because}
        if self.until is None:
            return _("%(provider)s has said that this does not suit the person: %(because)s.") % words
        day = date_format(self.until, "j F Y")
        return _("%(provider)s is not asked again before %(day)s: %(because)s.") % {**words, "day": day}


def parked(service_user: ServiceUser, offer: SupportOffer) -> Parked | None:
    return parked_among(service_user, [offer]).get(offer.pk)


def parked_among(service_user: ServiceUser, offers: Iterable[SupportOffer]) -> dict[UUID, Parked]:
    """Offer → what keeps it from being asked now; the longest where there are several."""
    found = list(_standing(service_user))
    among = {offer.pk: [one for one in found if _keeps(one, offer)] for offer in offers}
    return {pk: max(several, key=lambda one: one.until or date.max) for pk, several in among.items() if several}


def is_parking(referral: Referral) -> bool:
    """Does its own decline keep the provider, or the offer, from being asked today?"""
    return any(one.referral == referral for one in _standing(referral.service_user))


def _keeps(one: Parked, offer: SupportOffer) -> bool:
    if one.until is None:
        return one.referral.offer_id == offer.pk
    return one.referral.provider_id == offer.provider_id


def _standing(service_user: ServiceUser) -> Iterable[Parked]:
    """By the last decline of each referral, unless somebody has lifted that since."""
    said = ReferralEvent.objects.filter(step__in=["decline", LIFTED], referral__service_user=service_user)
    rows = said.exclude(referral__status=Status.ENTERED_IN_ERROR).select_related(
        "referral__provider", "referral__referring_team__organisation"
    )
    last = {event.referral_id: event for event in rows.order_by("id")}
    for event in last.values():
        reason = (reasons_for(event.referral, "decline") or {}).get(event.reason_code)
        if event.step == "decline" and reason and (one := _parked_by(event, reason)):
            yield one


def _parked_by(event: ReferralEvent, reason: Reason) -> Parked | None:
    until = london_day(event.happened_at) + timedelta(days=reason.park_days)
    if until > clock.today():
        return Parked(event.referral, until, str(reason.label).lower())
    fits_not = next_action_of(event) is NextAction.REROUTE and not reason.park_days
    return Parked(event.referral, None, str(reason.label).lower()) if fits_not else None
