"""An offer has ended that open referrals point at: each referral's owner is asked what becomes of it.

Nothing closes by itself. Whoever withdrew the offer, on a page, through a feed or from a file, the job that looks
for what is due finds the referrals; the page asks at once.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts import clock, set_aside
from accounts.set_aside import What
from accounts.wording import gettext_lazy as _
from directory.models import SupportOffer
from referrals.lifecycle import Status
from referrals.models import FollowUp, Referral
from referrals.obligations.owed import Kind, close, owe
from referrals.working_days import add_working_days

WITHIN_DAYS = 1


def ask_after_ended_offers(limit: int) -> int:
    """How many were asked or need not be any more; up to `limit` of each, the oldest first."""
    asked = FollowUp.objects.filter(referral=OuterRef("pk"), kind=Kind.OFFER_ENDED, done_at=None)
    done = FollowUp.objects.filter(
        referral=OuterRef("pk"), kind=Kind.OFFER_ENDED, opened_at__gte=OuterRef("offer__withdrawn_at")
    )
    waiting = (
        Referral.objects.open()
        .filter(~Exists(asked), ~Exists(done), offer__withdrawn_at__isnull=False)
        .select_related("offer", "provider", "service_user", "referring_team")
        .order_by("offer__withdrawn_at", "pk")
    )
    free = waiting.exclude(pk__in=set_aside.resting(What.ENDED_OFFER))[:limit]
    return set_aside.each(What.ENDED_OFFER, free, _ask, organisation_id=_organisation_id) + _listed_again()


@transaction.atomic
def ask_about(offer: SupportOffer) -> int:
    """At once, for the offer that has just ended."""
    related = ("offer", "provider", "service_user", "referring_team")
    return sum(_ask(referral) for referral in Referral.objects.open().filter(offer=offer).select_related(*related))


def _organisation_id(referral: Referral) -> UUID:
    return referral.referring_team.organisation_id


def _ask(referral: Referral) -> int:
    """The key holds the very end that it is about: an offer listed again may end again."""
    offer = referral.offer
    owe(
        kind=Kind.OFFER_ENDED,
        key=f"{referral.pk}:{offer.withdrawn_at:%Y%m%d%H%M%S}",
        service_user=referral.service_user,
        referral=referral,
        team=referral.referring_team,
        what=what_next(referral)[:300],
        due_on=add_working_days(clock.today(), WITHIN_DAYS),
    )
    return 1


def what_next(referral: Referral) -> str:
    names = {"provider": str(referral.provider)[:100], "offer": referral.offer.name[:100]}
    if referral.status == Status.DRAFT:
        return _("“%(offer)s” of %(provider)s has ended before this was sent: choose other support.") % names
    if referral.offer.goes_on:
        return _("%(provider)s has ended “%(offer)s” and sees this person to the end: tell the person.") % names
    if referral.offer.goes_on is None:
        return _("“%(offer)s” has ended. Ask %(provider)s what becomes of this person, and tell them.") % names
    return _("%(provider)s has ended “%(offer)s” for this person too: choose other support together.") % names


def _listed_again() -> int:
    owed = FollowUp.objects.open().filter(kind=Kind.OFFER_ENDED, referral__offer__withdrawn_at=None)
    return close(owed, "listed_again")
