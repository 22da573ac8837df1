"""Finds what has become due without anybody acting: reviews after a screening, asking again, and their messages.

Each part looks for what is not there yet, so that it may run late, twice, or in two places at once.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import clock
from people.london import at_london, london_day
from referrals import followup, reach, reminders
from referrals.models import FollowUp, Reminder
from referrals.obligations import reviews
from referrals.obligations.owed import Kind, close, owe
from referrals.obligations.reviews import AFTER_SCREENING, about_screening, last_day, reopen_superseded
from referrals.obligations.telling import choose
from screening.models import Need, NeedDecision, Screening

LOOK_BACK = timedelta(days=60)
"""How long the scheduler may have been off before a screening's reviews are missed."""
SAY_AHEAD = timedelta(days=3)
PAGE = 200
DECISIONS = 1000
"""How many of the newest decisions about needs are looked at each time."""


def queue_due(*, now: datetime | None = None, limit: int = PAGE) -> int:
    """How much was opened or queued; up to `limit` of each sort, the oldest first."""
    now = now or clock.now()
    return (
        _close_for_void_screenings(now, limit)
        + _open_reviews(now, limit)
        + _ask_again()
        + _announce_reviews(now, limit)
    )


def _open_reviews(now: datetime, limit: int) -> int:
    """For the newest screening of each person that has made nothing owed yet."""
    done = FollowUp.objects.filter(
        service_user=OuterRef("service_user"),
        kind=Kind.SCREENING_DUE,
        opened_at__gte=OuterRef("submitted_at"),
    )
    newer = Screening.objects.submitted().filter(
        service_user=OuterRef("service_user"), submitted_at__gt=OuterRef("submitted_at")
    )
    waiting = (
        Screening.objects.submitted()
        .filter(~Exists(done), ~Exists(newer), submitted_at__gte=now - LOOK_BACK)
        .select_related("service_user", "team")
        .order_by("submitted_at")[:limit]
    )
    for screening in waiting:
        reviews(
            service_user=screening.service_user,
            screening_id=screening.pk,
            submitted_on=screening.on_paper_on or london_day(screening.submitted_at),
            team=screening.service_user.team,
        )
    return len(waiting)


def _close_for_void_screenings(now: datetime, limit: int) -> int:
    """A screening recorded in error makes nothing owed; what the one before it had ahead is owed again."""
    still_owed = FollowUp.objects.filter(
        service_user=OuterRef("service_user"), kind__in=AFTER_SCREENING, done_at=None
    )
    void = Screening.objects.filter(
        Exists(still_owed), status=Screening.Status.VOID, voided_at__gte=now - LOOK_BACK
    )
    return sum(_close_for(screening) for screening in void.order_by("voided_at")[:limit])


@transaction.atomic
def _close_for(void: Screening) -> int:
    closed = close(about_screening(void.pk), "recorded_in_error")
    last = (
        Screening.objects.submitted().filter(service_user=void.service_user_id).order_by("-submitted_at").first()
    )
    if closed and last:
        reopen_superseded(last.pk)
    return closed


def _ask_again() -> int:
    """26 weeks after "not now". A later decision about the need, or about the one it was carried to, ends it."""
    newest = NeedDecision.objects.order_by("-pk").select_related("need__service_user__team")[:DECISIONS]
    latest = {decision.need_id: decision for decision in reversed(newest)}
    overtaken = NeedDecision.objects.filter(
        Q(need__in=latest) | Q(need__carried_to__in=latest), decision=Need.Decision.NOT_NOW
    ).exclude(pk__in=[decision.pk for decision in latest.values()])
    close(_asking(overtaken.values_list("pk", flat=True)), "decided")
    standing = {decision.pk: decision for decision in latest.values() if _stands(decision)}
    known = set(_asking(standing).values_list("key", flat=True))
    return len([_owe_asking(decision) for pk, decision in standing.items() if f"decision:{pk}" not in known])


def _asking(decision_ids: Iterable[int]) -> QuerySet[FollowUp]:
    keys = [f"decision:{pk}" for pk in decision_ids]
    return FollowUp.objects.filter(kind=Kind.ASK_AGAIN, key__in=keys)


def _stands(decision: NeedDecision) -> bool:
    need = decision.need
    open_still = need.resolved_at is None and need.carried_to_id is None
    return open_still and decision.decision == need.decision == Need.Decision.NOT_NOW


def _owe_asking(decision: NeedDecision) -> FollowUp:
    person = decision.need.service_user
    return owe(
        kind=Kind.ASK_AGAIN,
        key=f"decision:{decision.pk}",
        service_user=person,
        referral=None,
        team=person.team,
        what="Half a year since they said “not now”: ask again.",
        due_on=followup.not_now_review_on(london_day(decision.at)),
    )


def _announce_reviews(now: datetime, limit: int) -> int:
    """A message that a review is coming, by the plan; where none may go, a row says so and nothing is sent."""
    today = london_day(now)
    said = Reminder.objects.filter(follow_up=OuterRef("pk"), template="review_due")
    coming = FollowUp.objects.open().filter(~Exists(said), kind=Kind.REVIEW, due_on__lte=today + SAY_AHEAD)
    found = list(coming.select_related("service_user")[:limit])
    for review in found:
        _announce(review, now)
    return len(found)


@transaction.atomic
def _announce(review: FollowUp, now: datetime) -> None:
    person = review.service_user
    plan = reach.plan_of(person)
    useful_until = at_london(last_day(review), time(20))
    chosen = None
    if not reach.wants_a_person(plan):
        chosen = choose(person, plan, first=[], due_at=now, useful_until=useful_until)
    reminder = reminders.queue(
        dedupe_key=f"review:{review.pk}",
        template="review_due",
        channel=chosen[0] if chosen else "",
        due_at=chosen[1] if chosen else now,
        service_user=person,
        follow_up=review,
        useful_until=useful_until,
    )
    if chosen is None:
        reminders.refuse_unsent(reminder, reason="left_to_a_person")
