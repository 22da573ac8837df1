"""A message's life as a row: queued once, leased by a conditional update, left with its fate and the reason."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q, QuerySet

from accounts import clock
from people.london import london_day
from people.models import ServiceUser
from referrals.models import Appointment, Attempt, FollowUp, Referral, Reminder
from referrals.models.contact import ON_PAPER

Status = Reminder.Status

LEASE = timedelta(seconds=120)
"""Outlasts any hand-over (15 seconds at most), and leaves a channel the time to know what it took in."""

WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 360, 5)]
"""After the first try, the second …: with the quiet night between, some 24 hours. Then a person takes over.

The first is the minute that a channel needs after a lost answer, before it can say whether it took the message.
"""
MAX_TRIES = len(WAITS)

INSTEAD = (FollowUp.Kind.MESSAGE_FAILED, FollowUp.Kind.NOT_KNOWN)
"""What somebody owes the person because a message did not do it."""


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


def as_kept(reminder: Reminder) -> Reminder:
    """The message as one to the record that was kept, where its own was joined to that since: plan, pause, address
    and all that was sent count there. Only in memory: a row that left is evidence, and stays where it left from.
    """
    if kept := reminder.service_user.merged_into:
        reminder.service_user = kept
    return reminder


# --- The lease --------------------------------------------------------------------------------------------


def lapsed(now: datetime) -> QuerySet[Reminder]:
    """Claimed by a process that has not been heard of since."""
    return Reminder.objects.filter(status=Status.CLAIMED, claimed_until__lte=now).order_by("claimed_until", "id")


def due(now: datetime) -> QuerySet[Reminder]:
    return Reminder.objects.filter(status=Status.QUEUED, due_at__lte=now).order_by("due_at", "id")


def claim(*, now: datetime, batch: int = 200, lease: timedelta = LEASE) -> list[Reminder]:
    """Up to `batch` messages that are now this caller's own until the lease ends, the longest due first.

    The guard is the condition in the update: of two callers the later one changes no row. Skipping rows that
    another holds a lock on is only quicker (PostgreSQL; SQLite ignores it). Two questions, for an index each: one
    that asked for both at once would read the whole table on SQLite (docs/performance.md).
    """
    token = uuid4()
    with transaction.atomic():
        found = _keys(lapsed(now), batch)
        found += _keys(due(now), batch - len(found))
        still = Q(status=Status.QUEUED, due_at__lte=now) | Q(status=Status.CLAIMED, claimed_until__lte=now)
        got = Reminder.objects.filter(still, pk__in=found).update(
            status=Status.CLAIMED, claim=token, claimed_until=now + lease
        )
    if not got:
        return []
    mine = Reminder.objects.filter(pk__in=found, claim=token).select_related("service_user")
    return list(mine.order_by("due_at", "id"))


def _keys(free: QuerySet[Reminder], most: int) -> list[UUID]:
    return list(free.select_for_update(skip_locked=True).values_list("pk", flat=True)[:most]) if most else []


def oldest_owed(now: datetime) -> datetime | None:
    """Since when the message that waits longest has been free to be taken; None where none is."""
    since = [
        due(now).values_list("due_at", flat=True).first(),
        lapsed(now).values_list("claimed_until", flat=True).first(),
    ]
    return min((moment for moment in since if moment), default=None)


def held(pk: UUID, claim: UUID | None) -> QuerySet[Reminder]:
    """The row, if this claim still holds it; no row once the lease went to somebody else."""
    return Reminder.objects.filter(pk=pk, status=Status.CLAIMED, claim=claim)


def all_held(some: Sequence[Reminder]) -> QuerySet[Reminder]:
    """Those of one claim that it still holds."""
    claims = {reminder.claim for reminder in some}
    return Reminder.objects.filter(
        pk__in=[reminder.pk for reminder in some], status=Status.CLAIMED, claim__in=claims
    )


def renew(some: Sequence[Reminder], *, until: datetime) -> int:
    return all_held(some).update(claimed_until=until)


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


def leave_as_sent(some: Sequence[Reminder]) -> set[UUID]:
    """Which of them this claim still held."""
    mine = set(all_held(some).select_for_update().values_list("pk", flat=True))
    gone = {"sent_at": clock.now(), "reason": "", "claim": None, "claimed_until": None}
    Reminder.objects.filter(pk__in=mine).update(status=Status.SENT, **gone)
    return mine


def put_back(reminder: Reminder, *, due_at: datetime) -> bool:
    """Not now, and nothing went wrong: due again later."""
    return leave(reminder, status=Status.QUEUED, due_at=due_at)


def start_attempts(some: Sequence[Reminder], *, now: datetime, carrier: str = "") -> list[Attempt]:
    """Recorded before the hand-over. `sent_on` says from here on that a message may have left, by `carrier`."""
    all_held(some).update(sent_on=london_day(now), tries=F("tries") + 1, carrier=carrier)
    return Attempt.objects.bulk_create(Attempt(reminder_id=reminder.pk, started_at=now) for reminder in some)


def end_attempts(attempts: Iterable[Attempt], result: str) -> set[UUID]:
    """Whose had no end until now."""
    open_until_now = Attempt.objects.filter(pk__in=[attempt.pk for attempt in attempts], ended_at=None)
    ended = dict(open_until_now.select_for_update().values_list("pk", "reminder_id"))
    Attempt.objects.filter(pk__in=ended).update(ended_at=clock.now(), result=result)
    return set(ended.values())


@transaction.atomic
def take_back(reminder: Reminder, attempt: Attempt) -> None:
    """Written down as tried, and then not handed over: as if it had not been, and due as before.

    `reminder` as it was read before the attempt.
    """
    end_attempts([attempt], "not_begun")
    before = {"tries": reminder.tries, "sent_on": reminder.sent_on, "due_at": reminder.due_at}
    leave(reminder, status=Status.QUEUED, reason=reminder.reason, **before)


def wait_after(tries: int) -> timedelta:
    """How long to wait after that many tries."""
    return WAITS[min(max(tries, 1), MAX_TRIES) - 1]


def take_up_again(pk: UUID) -> int:
    """At once: waits for its next try, or failed because it could not be put together. A person asked for it.

    0 where somebody has told the person meanwhile, or said that nobody needs to: the same news would come twice.
    """
    dealt_with = FollowUp.objects.filter(
        Q(reminders=pk) | Q(kind__in=INSTEAD, key=f"reminder:{pk}"), done_at__isnull=False
    )
    if dealt_with.exists():
        return 0
    row = Reminder.objects.filter(pk=pk)
    failed = row.filter(status__in=[Status.FAILED, Status.NOT_KNOWN], reason="set_aside")
    failed.update(status=Status.QUEUED, reason="", tries=0, settled_at=None, due_at=clock.now())
    return row.filter(status=Status.QUEUED).update(due_at=clock.now())


# --- No longer needed -------------------------------------------------------------------------------------


def cancel(reminders: QuerySet[Reminder], *, reason: str) -> int:
    """Stops those of `reminders` that have not left; a letter here has not while nobody has posted it.

    One that is being handed over at this very moment is left to its sender, which writes down what became of
    it. Only columns of the row itself are asked about: PostgreSQL asks them again after waiting for a lock.
    """
    now = clock.now()
    over = {"status": Status.CANCELLED, "reason": reason, "settled_at": now}
    waiting = reminders.filter(Q(status=Status.QUEUED) | Q(status=Status.CLAIMED, sent_on=None))
    on_paper = reminders.filter(ON_PAPER)
    posting = [f"post:{pk}" for pk in on_paper.values_list("pk", flat=True)]
    nobody_posts = FollowUp.objects.filter(kind=FollowUp.Kind.TELL_PERSON, key__in=posting, done_at=None)
    nobody_posts.update(done_at=now, result=reason)
    return waiting.update(claim=None, claimed_until=None, **over) + on_paper.update(sent_on=None, **over)


def refuse_unsent(reminder: Reminder, *, reason: str) -> int:
    """For a message that never was one: the row stays as the evidence that it was thought of."""
    return Reminder.objects.filter(pk=reminder.pk, status=Status.QUEUED).update(
        status=Status.REFUSED, reason=reason, settled_at=clock.now()
    )
