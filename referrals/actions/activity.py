"""Something happened with a person who is being helped: the clock for the next thing starts again."""

from datetime import datetime

from accounts import clock
from referrals import obligations
from referrals.followup import Clock, clock_days, due_on
from referrals.lifecycle import Status
from referrals.models import FollowUp, Referral

CLOCKS = (FollowUp.Kind.NUDGE, FollowUp.Kind.COORDINATE, FollowUp.Kind.STUCK)
"""Opened because a clock ran out; whatever moves the referral settles them."""


def keep_moving(referral: Referral) -> None:
    """The version stays: who has a form open must not lose it because somebody else wrote down a call."""
    days = clock_days(Clock.NEXT_EVENT, referral.referring_team.organisation.clocks)
    due = due_on(clock.now(), days)
    active = Referral.objects.filter(pk=referral.pk, status=Status.ACTIVE, clock=Clock.NEXT_EVENT)
    if active.filter(due_on__lte=due).update(due_on=due):
        obligations.drop_follow_ups(referral=referral, kinds=CLOCKS, reason="moved_on")


def reached(referral: Referral, at: datetime) -> None:
    """A contact both ways; the first one since it was accepted is a milestone."""
    Referral.objects.filter(pk=referral.pk, accepted_at__lte=at, first_contact_at=None).update(first_contact_at=at)
