"""Keeping a listing true: confirmed, full, with room again; and the wait that referrals really had."""

from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, clock
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.models import Membership
from directory.actions.listing import What, write
from directory.actions.providers import check_keeps
from directory.models import OfferChange, SupportOffer
from people.london import at_london

Capacity = SupportOffer.Capacity


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
    """The provider's word that the listing is true today, and how much room there is; or what it said to
    whoever keeps the listing for a provider without an account."""
    _say(offer, version, What.CONFIRMED, "confirm_offer", by, on=on, capacity=capacity, wait_days=wait_days)


@transaction.atomic
def still_true(*, offer: SupportOffer, version: int, by: Membership) -> None:
    """All of the listing is as it is today, room and wait included."""
    _say(offer, version, What.CONFIRMED, "confirm_offer", by)


@transaction.atomic
def pause_offer(*, offer: SupportOffer, version: int, by: Membership) -> None:
    """No room: nobody new is matched until there is room again."""
    if offer.capacity == Capacity.FULL:
        raise NotPossibleNow(_("This offer is marked as full already."))
    _say(offer, version, What.PAUSED, "pause_offer", by, capacity=Capacity.FULL)


@transaction.atomic
def has_room_again(*, offer: SupportOffer, version: int, by: Membership) -> None:
    if offer.capacity == Capacity.YES:
        raise NotPossibleNow(_("This offer has room already."))
    _say(offer, version, What.CONFIRMED, "confirm_offer", by, capacity=Capacity.YES)


def _say(
    offer: SupportOffer,
    version: int,
    what: str,
    action: str,
    by: Membership,
    on: date | None = None,
    **fields: Any,
) -> None:
    check_keeps(offer.provider, by)
    if not offer.is_active:
        raise NotPossibleNow(_("This offer has ended."))
    if fields.get("capacity", Capacity.YES) not in Capacity:
        sentence = _("Choose how much room there is.")
        raise InvalidInput(sentence, fields={"capacity": sentence})
    on = on or clock.today()
    write(offer=offer, version=version, what=what, by=by, action=action, verified_on=on, verified_by=by, **fields)


@transaction.atomic
def note_usual_wait(*, offer: SupportOffer, days: int | None, of: int, on: date, by: Membership | None) -> bool:
    """Whether it is news. The wait as our own referrals had it, beside the provider's word and never instead.

    No version is asked for and none is used up: nobody edits these figures.
    """
    news = (offer.usual_wait_days, offer.usual_wait_of) != (days, of)
    SupportOffer.objects.filter(pk=offer.pk).update(usual_wait_days=days, usual_wait_of=of, usual_wait_on=on)
    offer.usual_wait_days, offer.usual_wait_of, offer.usual_wait_on = days, of, on
    if news:
        audit.record("note_usual_wait", by=by, subject=offer, organisation=offer.provider, days=days, of=of)
    return news


@transaction.atomic
def ask_whether_true(*, offer: SupportOffer, on: date, by: Membership | None) -> str:
    """Leaves in the history that nobody has confirmed the listing for long, and that it is hidden: each once until
    it is confirmed again. The asking itself stands on the home page of whoever keeps the listing.

    Gives what was left, "" where there was nothing to say. `by` is None: a job asks.
    """
    what = What.HIDDEN if offer.is_hidden(on) else What.ASKED if offer.is_late(on) else ""
    if not what or _was_said(offer, what):
        return ""
    OfferChange.objects.create(offer=offer, what=what, version=offer.version, by=by)
    audit.record("ask_whether_true", by=by, subject=offer, organisation=offer.provider, what=what)
    return what


def _was_said(offer: SupportOffer, what: str) -> bool:
    """Since the last word of a person that counts as one."""
    since = offer.verified_on or offer.listed_on
    return offer.changes.filter(what=what, at__gte=at_london(since, time.min)).exists()
