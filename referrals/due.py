"""Finds what has become due without anybody acting: reviews after a screening, asking again, and their messages.

Each part looks for what is not there yet, so that it may run late, twice, or in two places at once.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import clock, set_aside
from accounts.set_aside import What
from accounts.wording import gettext_lazy as _
from people.london import at_london, london_day
from referrals import followup, reach, reminders
from referrals.deaths import dead_of, none_recorded
from referrals.incidents import from_reviews
from referrals.models import FollowUp, Reminder
from referrals.obligations import reviews
from referrals.obligations.ended_offers import ask_after_ended_offers
from referrals.obligations.lost_consent import ask_after_lost_consent
from referrals.obligations.owed import Kind, close, owe
from referrals.obligations.pauses import look_at_pauses
from referrals.obligations.reviews import (
    AFTER_SCREENING,
    about_screening,
    close_reviewed,
    last_day,
    reopen_superseded,
)
from referrals.obligations.telling import choose
from referrals.partner.pausing import let_providers_hear
from screening.models import Need, NeedDecision, Screening
from screening.questionnaire import screening_ids

LOOK_BACK = timedelta(days=60)
"""How long the scheduler may have been off before a screening's reviews are missed."""
SAY_AHEAD = timedelta(days=3)
PAGE = 200
OVERTAKEN = "decided"
DECISIONS = 1000
"""How many of the newest decisions about needs are looked at each time."""


def queue_due(*, now: datetime | None = None, limit: int = PAGE) -> int:
    """How much was opened or queued; up to `limit` of each sort, the oldest first."""
    now = now or clock.now()
    return set_aside.all_of(
        lambda: _close_for_void_screenings(now, limit),
        lambda: _close_for_reviews(now, limit),
        lambda: _record_harm(now, limit),
        lambda: _open_reviews(now, limit),
        _ask_again,
        lambda: ask_after_ended_offers(limit),
        lambda: ask_after_lost_consent(limit),
        lambda: look_at_pauses(limit),
        lambda: let_providers_hear(limit),
        lambda: _announce_reviews(now, limit),
    )


def _one_by_one(what: str, found: QuerySet, do: Callable[[Any], int], limit: int) -> int:
    """Up to `limit` of them, those set aside left out."""
    free = found.exclude(pk__in=set_aside.resting(what))[:limit]
    return set_aside.each(what, free, do, organisation_id=lambda row: row.service_user.organisation_id)


def _open_reviews(now: datetime, limit: int) -> int:
    """For the newest screening of each person that has made nothing owed yet. A review makes none of its own."""
    screenings = Screening.objects.submitted().filter(definition__in=screening_ids())
    done = FollowUp.objects.filter(
        service_user=OuterRef("service_user"),
        kind=Kind.SCREENING_DUE,
        opened_at__gte=OuterRef("submitted_at"),
    )
    newer = screenings.filter(service_user=OuterRef("service_user"), submitted_at__gt=OuterRef("submitted_at"))
    waiting = (
        screenings.filter(~Exists(done), ~Exists(newer), none_recorded(), submitted_at__gte=now - LOOK_BACK)
        .select_related("service_user__team")
        .order_by("submitted_at")
    )
    return _one_by_one(What.SCREENING, waiting, _owe_reviews, limit)


def _owe_reviews(screening: Screening) -> int:
    reviews(
        service_user=screening.service_user,
        screening_id=screening.pk,
        submitted_on=_day_of(screening),
        team=screening.service_user.team,
    )
    return 1


def _day_of(screening: Screening) -> date:
    if screening.on_paper_on or not screening.submitted_at:
        return screening.on_paper_on or clock.today()
    return london_day(screening.submitted_at)


def _close_for_void_screenings(now: datetime, limit: int) -> int:
    """A screening recorded in error makes nothing owed; what the one before it had ahead is owed again."""
    still_owed = FollowUp.objects.filter(
        service_user=OuterRef("service_user"), kind__in=AFTER_SCREENING, done_at=None
    )
    void = Screening.objects.filter(
        Exists(still_owed), status=Screening.Status.VOID, voided_at__gte=now - LOOK_BACK
    )
    return _one_by_one(
        What.VOID_SCREENING, void.select_related("service_user").order_by("voided_at"), _close_for, limit
    )


def _close_for(void: Screening) -> int:
    closed = close(about_screening(void.pk), "recorded_in_error")
    screenings = Screening.objects.submitted().filter(
        service_user=void.service_user_id, definition__in=screening_ids()
    )
    last = screenings.order_by("-submitted_at").first()
    if closed and last:
        reopen_superseded(last)
    return closed


def _close_for_reviews(now: datetime, limit: int) -> int:
    owed = FollowUp.objects.open().filter(service_user=OuterRef("service_user"), kind=Kind.REVIEW)
    done = Screening.objects.submitted().exclude(definition__in=screening_ids())
    recent = done.filter(Exists(owed), submitted_at__gte=now - LOOK_BACK).select_related("service_user")
    return _one_by_one(
        What.REVIEW,
        recent.order_by("submitted_at"),
        lambda review: close_reviewed(review.service_user, _day_of(review)),
        limit,
    )


def _record_harm(now: datetime, limit: int) -> int:
    """What a review tells of becomes incidents, each with somebody who sees that it is put right."""
    telling = from_reviews.waiting(since=now - LOOK_BACK)
    return _one_by_one(What.HARM, telling, from_reviews.record, limit)


def _ask_again() -> int:
    """On the day agreed, or 26 weeks after "not now". What ends it: a later decision about the need, or about the
    one that it was carried to; or that the need is resolved, or its screening recorded in error. A decision that
    is not overtaken after all is asked about again, and one that another version copied is asked about once."""
    newest = NeedDecision.objects.order_by("-pk").select_related("need__service_user__team", "need__screening")[
        :DECISIONS
    ]
    latest = {decision.need_id: decision for decision in reversed(newest)}
    dead = dead_of({decision.need.service_user for decision in latest.values()})
    standing = {
        decision.pk: decision
        for decision in latest.values()
        if _stands(decision) and decision.need.service_user_id not in dead
    }
    overtaken = NeedDecision.objects.filter(
        Q(need__in=latest) & ~Q(pk__in=[decision.pk for decision in latest.values()])
        | Q(need__carried_to__in=latest)
        | Q(need__in=latest, need__resolved_at__isnull=False),
        decision=Need.Decision.NOT_NOW,
    )
    close(_asking(overtaken.values_list("pk", flat=True)), OVERTAKEN)
    void = NeedDecision.objects.filter(need__in=latest, need__screening__status=Screening.Status.VOID)
    close(_asking(void.values_list("pk", flat=True)), "recorded_in_error")
    known = set(_still_counts(standing).values_list("key", flat=True))
    resting = set(set_aside.resting(What.ASK_AGAIN))
    waiting = [
        decision for pk, decision in standing.items() if f"decision:{pk}" not in known and str(pk) not in resting
    ]
    return set_aside.each(
        What.ASK_AGAIN,
        waiting,
        _owe_asking,
        organisation_id=lambda decision: decision.need.service_user.organisation_id,
    )


def _asking(decision_ids: Iterable[int]) -> QuerySet[FollowUp]:
    keys = [f"decision:{pk}" for pk in decision_ids]
    return FollowUp.objects.filter(kind=Kind.ASK_AGAIN, key__in=keys)


def _still_counts(decision_ids: Iterable[int]) -> QuerySet[FollowUp]:
    """Open, or answered by somebody."""
    return _asking(decision_ids).exclude(result__in=[OVERTAKEN, "recorded_in_error"])


def _asked_as_copied(decision: NeedDecision) -> bool:
    """The same decision, on another version of the screening, has its follow-up."""
    need = decision.need
    same = NeedDecision.objects.filter(
        need__service_user=need.service_user_id, need__code=need.code, at=decision.at, by=decision.by_id
    )
    return _still_counts(same.exclude(pk=decision.pk).values_list("pk", flat=True)).exists()


def _stands(decision: NeedDecision) -> bool:
    return decision.need.is_open and decision.decision == decision.need.decision == Need.Decision.NOT_NOW


def _owe_asking(decision: NeedDecision) -> int:
    if _asked_as_copied(decision):
        return 0
    person = decision.need.service_user
    follow_up = owe(
        kind=Kind.ASK_AGAIN,
        key=f"decision:{decision.pk}",
        service_user=person,
        referral=None,
        team=person.team,
        what=_("They said “not now”, and to be asked again: ask."),
        due_on=decision.ask_again_on or followup.not_now_review_on(london_day(decision.at)),
    )
    FollowUp.objects.filter(pk=follow_up.pk, result=OVERTAKEN).update(done_at=None, result="")
    return 1


def _announce_reviews(now: datetime, limit: int) -> int:
    """A message that a review is coming, by the plan; where none may go, a row says so and nothing is sent."""
    today = london_day(now)
    said = Reminder.objects.filter(follow_up=OuterRef("pk"), template="review_due")
    coming = FollowUp.objects.open().filter(
        ~Exists(said), none_recorded(), kind=Kind.REVIEW, due_on__lte=today + SAY_AHEAD
    )
    return _one_by_one(
        What.ANNOUNCEMENT, coming.select_related("service_user"), lambda review: _announce(review, now), limit
    )


def _announce(review: FollowUp, now: datetime) -> int:
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
    return 1
