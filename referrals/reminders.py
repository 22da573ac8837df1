"""A message's life as a row: queued once, leased by a conditional update, left with its fate and the reason."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q, QuerySet

from accounts import clock
from people.london import london_day
from people.models import ServiceUser
from referrals.models import Appointment, Attempt, FollowUp, Referral, Reminder

Status = Reminder.Status

LEASE = timedelta(seconds=120)
"""Outlasts any hand-over (15 seconds at most), and leaves a channel the time to know what it took in."""

WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 360, 5)]
"""After the first try, the second …: with the quiet night between, some 24 hours. Then a person takes over."""
MAX_TRIES = len(WAITS)


def queue(
    *,
    dedupe_key: str,
    template: str,
    channel: str,
    due_at: datetime,
    service_user: ServiceUser,
    referral: Referral | None = None,
    appointment: Appointment | None = None,
    follow_up: FollowUp | None = None,
    useful_until: datetime | None = None,
) -> Reminder:
    """The one message about that thing: asking again, in whatever words or channel, gives the first one back."""
    reminder, _ = Reminder.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "template": template,
            "channel": channel,
            "due_at": due_at,
            "service_user": service_user,
            "referral": referral,
            "appointment": appointment,
            "follow_up": follow_up,
            "useful_until": useful_until,
        },
    )
    return reminder


# --- The lease --------------------------------------------------------------------------------------------


def claimable(now: datetime) -> Q:
    """Due, or claimed by a process that has not been heard of since."""
    return Q(status=Status.QUEUED, due_at__lte=now) | Q(status=Status.CLAIMED, claimed_until__lte=now)


def claim(*, now: datetime, batch: int = 20, lease: timedelta = LEASE) -> list[Reminder]:
    """Up to `batch` messages that are now this caller's own until the lease ends, the longest due first.

    The guard is the condition in the update: of two callers the later one changes no row. Skipping rows that
    another holds a lock on is only quicker (PostgreSQL; SQLite ignores it).
    """
    token = uuid4()
    with transaction.atomic():
        free = Reminder.objects.filter(claimable(now)).order_by("due_at", "id")
        found = list(free.select_for_update(skip_locked=True).values_list("pk", flat=True)[:batch])
        got = Reminder.objects.filter(claimable(now), pk__in=found).update(
            status=Status.CLAIMED, claim=token, claimed_until=now + lease
        )
    if not got:
        return []
    mine = Reminder.objects.filter(pk__in=found, claim=token).select_related("service_user__organisation")
    return list(mine.order_by("due_at", "id"))


def held(pk: UUID, claim: UUID | None) -> QuerySet[Reminder]:
    """The row, if this claim still holds it; no row once the lease went to somebody else."""
    return Reminder.objects.filter(pk=pk, status=Status.CLAIMED, claim=claim)


def renew(reminder: Reminder, *, until: datetime) -> bool:
    return held(reminder.pk, reminder.claim).update(claimed_until=until) == 1


def leave(reminder: Reminder, *, status: str, reason: str = "", **fields: Any) -> bool:
    """Lets go of the lease with the message's fate. False, and nothing changed, if the lease was lost."""
    if status not in (Status.QUEUED, Status.SENT):
        fields["settled_at"] = clock.now()
    return (
        held(reminder.pk, reminder.claim).update(
            status=status, reason=reason, claim=None, claimed_until=None, **fields
        )
        == 1
    )


def put_back(reminder: Reminder, *, due_at: datetime) -> bool:
    """Not now, and nothing went wrong: due again later."""
    return leave(reminder, status=Status.QUEUED, due_at=due_at)


def start_attempt(reminder: Reminder, *, now: datetime) -> Attempt:
    """Recorded before the hand-over. `sent_on` says from here on that the message may have left."""
    held(reminder.pk, reminder.claim).update(sent_on=london_day(now), tries=F("tries") + 1)
    return Attempt.objects.create(reminder_id=reminder.pk, started_at=now)


def end_attempt(attempt: Attempt, result: str) -> None:
    Attempt.objects.filter(pk=attempt.pk, ended_at=None).update(ended_at=clock.now(), result=result)


def wait_after(tries: int) -> timedelta:
    """How long to wait after that many tries."""
    return WAITS[min(max(tries, 1), MAX_TRIES) - 1]


# --- No longer needed -------------------------------------------------------------------------------------


def cancel(reminders: QuerySet[Reminder], *, reason: str) -> int:
    """Stops those of `reminders` that have not left; a letter has not while nobody has posted it.

    One that is being handed over at this very moment is left to its sender, which writes down what became of
    it. Only columns of the row itself are asked about: PostgreSQL asks them again after waiting for a lock.
    """
    now = clock.now()
    over = {"status": Status.CANCELLED, "reason": reason, "settled_at": now}
    waiting = reminders.filter(Q(status=Status.QUEUED) | Q(status=Status.CLAIMED, sent_on=None))
    on_paper = reminders.filter(status=Status.SENT, channel="letter")
    posting = [f"post:{pk}" for pk in on_paper.values_list("pk", flat=True)]
    nobody_posts = FollowUp.objects.filter(kind=FollowUp.Kind.TELL_PERSON, key__in=posting, done_at=None)
    nobody_posts.update(done_at=now, result=reason)
    return waiting.update(claim=None, claimed_until=None, **over) + on_paper.update(sent_on=None, **over)


def refuse_unsent(reminder: Reminder, *, reason: str) -> int:
    """For a message that never was one: the row stays as the evidence that it was thought of."""
    return Reminder.objects.filter(pk=reminder.pk, status=Status.QUEUED).update(
        status=Status.REFUSED, reason=reason, settled_at=clock.now()
    )
