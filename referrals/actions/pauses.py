"""A pause, by whoever works the referral: nothing is sent, the place is kept, a day is set to look again."""

from datetime import date

from django.db import transaction

from accounts.errors import NotPossibleNow
from accounts.models import Membership
from people import actions as people
from referrals import obligations
from referrals.actions.recording import record
from referrals.lifecycle import pause_allowed
from referrals.models import FollowUp, Referral
from referrals.standing import working


@transaction.atomic
def pause(*, referral: Referral, reason: str, review_on: date, by: Membership) -> None:
    """The person's contact pauses, for every referral of theirs; the referring team looks at it again."""
    me = working(referral, by)
    if not pause_allowed(referral.status):
        raise NotPossibleNow("This referral has ended: there is no place to keep.", state=referral.status)
    people.pause(service_user=referral.service_user, reason=reason, review_on=review_on, by=by)
    event = record(
        referral=referral,
        step="pause",
        to_status=referral.status,
        by=by,
        side=me.side,
        evidence={"reason": reason, "review_on": review_on},
    )
    obligations.owe(
        kind=FollowUp.Kind.PAUSE_REVIEW,
        key=f"event:{event.pk}",
        service_user=referral.service_user,
        referral=referral,
        team=referral.referring_team,
        what="Contact was paused until today: may it go on?",
        due_on=review_on,
    )


@transaction.atomic
def resume(*, referral: Referral, by: Membership) -> None:
    me = working(referral, by)
    people.resume(service_user=referral.service_user, by=by)
    record(referral=referral, step="resume", to_status=referral.status, by=by, side=me.side)
    for other in Referral.objects.filter(service_user=referral.service_user):
        obligations.drop_follow_ups(referral=other, kinds=[FollowUp.Kind.PAUSE_REVIEW], reason="resumed")
