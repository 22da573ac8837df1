"""The tries to ring a person: those on the call list and those on the page of a referral, in one row."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import Membership
from referrals.models import CallAttempt, ContactAttempt, FollowUp, Referral

AGAIN = "call_again"


@dataclass(frozen=True)
class Tried:
    at: datetime
    what: str
    spoke: bool
    who: str
    words: str = ""


def of(people: Iterable[Any], membership: Membership) -> dict[UUID, list[Tried]]:
    """By person, the oldest first. Of another organisation's tries nothing is said."""
    people = list(people)
    found: dict[UUID, list[Tried]] = defaultdict(list)
    calls = CallAttempt.objects.visible_to(membership).filter(service_user__in=people)
    for one in calls.select_related("recorded_by__user"):
        found[one.service_user_id].append(
            Tried(one.happened_at, str(one), one.spoke, one.recorded_by.user.name, one.words)
        )
    for two in _on_referrals(people, membership):
        found[two.referral.service_user_id].append(
            Tried(two.happened_at, str(two), two.reached, two.recorded_by.user.name, two.words)
        )
    for tried in found.values():
        tried.sort(key=lambda one: one.at)
    return found


def _on_referrals(people: list[Any], membership: Membership) -> Iterable[ContactAttempt]:
    """Calls written down on a referral's own page. What the call list wrote there is not told twice."""
    seen = Referral.objects.visible_to(membership).filter(service_user__in=people)
    rows = ContactAttempt.objects.filter(referral__in=seen, channel=ContactAttempt.Channel.CALL, calls=None)
    ours = rows.filter(recorded_by__team__organisation_id=membership.organisation_id)
    return ours.select_related("referral", "recorded_by__user")


def in_a_row(people: Iterable[Any], membership: Membership) -> dict[UUID, list[Tried]]:
    """By person, the tries since they were last reached, or since somebody chose to call again."""
    everything = of(people, membership)
    begun = FollowUp.objects.visible_to(membership).filter(
        service_user__in=everything, kind=FollowUp.Kind.CHOOSE_WAY, result=AGAIN
    )
    since: dict[UUID, datetime] = {}
    for pk, at in begun.order_by("done_at").values_list("service_user", "done_at"):
        since[pk] = at
    return {pk: _since_reached(tried, since.get(pk)) for pk, tried in everything.items()}


def _since_reached(tried: list[Tried], since: datetime | None) -> list[Tried]:
    found: list[Tried] = []
    for one in tried:
        found = [] if one.spoke else [*found, one]
    return [one for one in found if since is None or one.at > since]
