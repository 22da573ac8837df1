"""Reviews that are owed or done, what was handed over, and what went wrong."""

from collections import defaultdict
from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from people.london import london_day
from referrals.followup import REVIEWS
from referrals.models import FollowUp, Incident, Loan
from referrals.states import Status
from reports import facts

Lists = defaultdict[UUID, list[Any]]


def reviews(people: Collection[UUID]) -> Lists:
    rows = FollowUp.objects.filter(service_user__in=people, kind=FollowUp.Kind.REVIEW).order_by("due_on", "pk")
    found: Lists = defaultdict(list)
    columns = ("service_user", "team", "key", "due_on", "result", "done_at")
    for person, team, key, due_on, result, done_at in rows.values_list(*columns).iterator():
        if weeks := WEEKS.get(key.rpartition(":")[2]):
            opens, closes = (due_on - timedelta(weeks=weeks) + timedelta(days=day) for day in REVIEWS[weeks])
            done = london_day(done_at) if done_at else None
            found[person].append(facts.Review(team, weeks, opens, closes, result, done))
    return found


WEEKS = {f"{weeks}w": weeks for weeks in REVIEWS}
"""How the key of a review ends → its weeks."""


def given(people: Collection[UUID]) -> Lists:
    """Not what belongs to a referral that was entered in error."""
    loans = Loan.objects.filter(referral__service_user__in=people).exclude(handed_over_on=None)
    counted = loans.exclude(referral__status=Status.ENTERED_IN_ERROR).order_by("handed_over_on")
    found: Lists = defaultdict(list)
    for person, day in counted.values_list("referral__service_user", "handed_over_on").iterator():
        found[person].append(day)
    return found


def incidents(people: Collection[UUID]) -> Lists:
    """By the day that it happened; where that is not known, by the day on which it was written down."""
    rows = Incident.objects.counted().filter(service_user__in=people).order_by("recorded_at", "pk")
    found: Lists = defaultdict(list)
    for person, kind, day, recorded_at in rows.values_list("service_user", "kind", "happened_on", "recorded_at"):
        found[person].append((day or london_day(recorded_at), kind))
    return found
