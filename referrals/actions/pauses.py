"""A pause, by whoever works the referral: nothing is sent, the place is kept, a day is set to look again."""

from datetime import date

from django.db import transaction

from accounts.errors import AlreadyChanged, NotAllowed, NotPossibleNow
from accounts.models import Membership
from accounts.permissions import Role
from accounts.wording import gettext_lazy as _
from people import actions as people
from people.models import ServiceUser
from referrals import obligations
from referrals.actions.recording import record
from referrals.lifecycle import pause_allowed
from referrals.models import FollowUp, Referral
from referrals.partner.pausing import providers_hear
from referrals.results import STAYS_PAUSED
from referrals.standing import working


@transaction.atomic
def pause(*, referral: Referral, reason: str, review_on: date, by: Membership) -> None:
    """The person's contact pauses, for every referral of theirs; their own team looks at it again."""
    me = working(referral, by)
    if not pause_allowed(referral.status):
        raise NotPossibleNow(_("This referral has ended: there is no place to keep."), state=referral.status)
    people.pause(service_user=referral.service_user, reason=reason, review_on=review_on, by=by)
    record(
        referral=referral,
        step="pause",
        to_status=referral.status,
        by=by,
        side=me.side,
        evidence={"reason": reason, "review_on": review_on},
    )
    _follow(referral.service_user)


def _follow(person: ServiceUser) -> None:
    """Somebody looks at it again, and whoever helps them hears of it."""
    obligations.look_again(person)
    providers_hear(person)


@transaction.atomic
def resume(*, referral: Referral, by: Membership) -> None:
    me = working(referral, by)
    people.resume(service_user=referral.service_user, by=by)
    record(referral=referral, step="resume", to_status=referral.status, by=by, side=me.side)
    _follow(referral.service_user)


@transaction.atomic
def review_pause(
    *, follow_up: FollowUp, result: str, by: Membership, words: str = "", review_on: date | None = None
) -> None:
    """Contact goes on, or stays paused until another day on which somebody looks again: never a pause without one.

    A pause that has ended meanwhile is not there to be lengthened; that it may go on is settled all the same.
    """
    if by.role == Role.ADMIN:
        raise NotAllowed(_("This is for the clinicians and support workers who work with the person."))
    person = follow_up.service_user
    person.refresh_from_db()
    if person.paused_at is not None and follow_up.opened_at < person.paused_at:
        raise AlreadyChanged(_("Contact was paused anew since then. Look at that pause."), state="paused")
    obligations.settle(follow_up=follow_up, result=result, by=by, words=words)
    if result == STAYS_PAUSED and review_on is not None:
        people.keep_paused(service_user=person, review_on=review_on, by=by)
    elif person.paused_at is not None:
        people.resume(service_user=person, by=by)
    _follow(person)
