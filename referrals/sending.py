"""Sends what is due: claim, look at everything, write the attempts down, ask whether all still stands, hand over,
and write down what came of it; some messages at a time (docs/decisions/0017).

No network call is made inside a transaction, and nothing is repeated before the channel was asked about it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import TypeVar
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, transaction

from accounts import clock, set_aside
from accounts.set_aside import What
from people.london import london_day
from referrals import fates, marks, messages, moment, reach, reminders, trying
from referrals.channels import (
    Channel,
    HeldUp,
    Message,
    NotReached,
    Rejected,
    carrier_of,
    channel_for,
)
from referrals.channels.run import Answer, Run
from referrals.models import Attempt, Reminder
from referrals.moment import Hold, Known
from referrals.reminders import LEASE, MAX_TRIES

Status = Reminder.Status
Drivers = Callable[[str], Channel]

BUSY_FOR = 45
"""Seconds after which no more are claimed: the task ends well within its time limit, and the next one goes on."""
MOUTHFUL = 50
"""Messages that are begun together and ended together: of a process that is killed so many are looked up."""
PART_OF_LEASE = 4
"""In this part of the lease every hand-over of a mouthful begins; the rest of it they have to end in."""


@dataclass(frozen=True)
class Held:
    """One that does not go, and why."""

    reminder: Reminder
    hold: Hold


@dataclass(frozen=True)
class Begun:
    """Written down as tried. `reminder`: as it was before that, with what was `known`; `marks`: what must still be
    the same in the moment of the hand-over."""

    reminder: Reminder
    message: Message
    attempt: Attempt
    known: Known
    marks: marks.Marks


def send_due(
    *, limit: int = 10_000, batch: int = 200, lease: timedelta = LEASE, drivers: Drivers = channel_for
) -> int:
    """How many messages were dealt with, sent or not. One that makes trouble is put aside, never in the way."""
    done = 0
    with Run(drivers, stop_at=monotonic() + BUSY_FOR, lease=lease) as run:
        while done < limit and not run.is_over():
            claimed = reminders.claim(now=clock.now(), batch=min(batch, limit - done), lease=lease)
            if not claimed:
                break
            known = set_aside.keys(What.MESSAGE)
            for some in _mouthfuls(claimed):
                _deal_with(some, run)
                for reminder in some:
                    if str(reminder.pk) in known:
                        _is_mended(reminder)
            done += len(claimed)
    return done


def _mouthfuls(claimed: Sequence[Reminder]) -> Iterator[list[Reminder]]:
    """Each by one channel, and to one person once: the next one is looked at when the first has gone. So no two
    rows are locked together that somebody else may want to change together."""
    by_channel: dict[str, list[dict[UUID, Reminder]]] = defaultdict(list)
    for reminder in claimed:
        person = reminder.service_user.merged_into_id or reminder.service_user_id
        some = by_channel[reminder.channel]
        room = next((one for one in some if len(one) < MOUTHFUL and person not in one), None)
        if room is None:
            some.append(room := {})
        room[person] = reminder
    for some in by_channel.values():
        yield from (list(one.values()) for one in some)


def _deal_with(some: Sequence[Reminder], run: Run) -> None:
    channel = run.drivers(some[0].channel)
    may_be_tried = partial(_if_ready, channel, run)
    ready = [one for each in some for one in _all_or_each([each], may_be_tried)]
    looked_at = _all_or_each(ready, lambda these: _begin(these, carrier_of(channel), run.lease))
    begun = [one for one in looked_at if isinstance(one, Begun)]
    for held in looked_at:
        if isinstance(held, Held):
            _all_or_each([held], lambda these: _hold(these[0]))
    _write_down(_hand_over(begun, channel, run))


# --- Trouble ----------------------------------------------------------------------------------------------

Some = TypeVar("Some", Reminder, Held, Begun)
Found = TypeVar("Found")


def _all_or_each(some: Sequence[Some], do: Callable[[Sequence[Some]], list[Found]]) -> list[Found]:
    """What `do`, which does all or nothing, gives for them together; where that breaks down, for each by itself.
    One that breaks down alone is set aside."""
    if not some:
        return []
    try:
        return do(some)
    except SoftTimeLimitExceeded:
        raise  # the lease will end, and the channel be asked
    except Exception as error:
        if not set_aside.is_of_the_item(error):
            raise  # nothing can be written down now: as above
        if len(some) == 1:
            _set_aside(some[0] if isinstance(some[0], Reminder) else some[0].reminder, error)
            return []
    return [found for one in some for found in _all_or_each([one], do)]


def _set_aside(reminder: Reminder, error: Exception) -> None:
    """Later, perhaps; after the last try a person takes over, who is told by a follow-up."""
    is_last = reminder.tries >= MAX_TRIES
    of = reminder.service_user.organisation_id
    set_aside.put(What.MESSAGE, reminder.pk, error, organisation_id=of, for_good=is_last)
    if is_last:
        fates.fail(reminder, status=Status.NOT_KNOWN if reminder.sent_on else Status.FAILED, reason="set_aside")
    else:
        fates.try_again(reminder, counted=False)


def _is_mended(reminder: Reminder) -> None:
    """It was set aside before, and is out of trouble: gone, or not to go, for a reason that the rules know."""
    row = Reminder.objects.filter(pk=reminder.pk).values_list("status", "reason").first()
    if row and row[0] != Status.QUEUED and row[1] != "set_aside":
        set_aside.solved(What.MESSAGE, reminder.pk)


def _if_ready(channel: Channel, run: Run, some: Sequence[Reminder]) -> list[Reminder]:
    return [one for one in some if trying.is_ready(one, channel, run)]


# --- All is looked at, and written down as tried ------------------------------------------------------------


def _begin(some: Sequence[Reminder], carrier: str, lease: timedelta) -> list[Begun | Held]:
    """Looked at after the lease was renewed: whoever changes one of them afterwards waits for us."""
    now = clock.now()
    try:
        with transaction.atomic():
            reminders.renew(some, until=now + lease)
            seen = marks.of([one.pk for one in some], london_day(now))
            rows = moment.read(some)
            known = moment.know(rows, now)
            decided = [(row, _decide(row, known, now)) for row in rows]
            going = [(row, message) for row, message in decided if isinstance(message, Message)]
            attempts = reminders.start_attempts([row for row, _message in going], now=now, carrier=carrier)
    except IntegrityError:  # of one: another message to this person was begun at this very moment
        if len(some) > 1:
            raise
        plan = reach.plan_of(some[0].service_user)
        return [Held(some[0], moment.wait(some[0], plan, moment.tomorrow(now)))]
    begun = [
        Begun(row, message, attempt, known, seen[row.pk])
        for (row, message), attempt in zip(going, attempts, strict=True)
    ]
    for one in begun:
        one.reminder.carrier = carrier
    return [*begun, *(Held(row, hold) for row, hold in decided if isinstance(hold, Hold))]


def _decide(reminder: Reminder, known: Known, now: datetime) -> Message | Hold:
    if hold := moment.recheck(reminder, known, now):
        return hold
    try:
        return moment.compose(reminder, known)
    except messages.NotFitToSend as error:
        return Hold(Status.REFUSED, error.code)


def _hold(held: Held) -> list[None]:
    reminder, hold = held.reminder, held.hold
    if hold.until:
        reminders.put_back(reminder, due_at=hold.until)
    elif hold.status == Status.REFUSED:
        fates.fail(reminder, status=hold.status, reason=hold.reason)
    else:
        reminders.leave(reminder, status=hold.status, reason=hold.reason)
    return []


# --- The hand-over ------------------------------------------------------------------------------------------


def _hand_over(begun: Sequence[Begun], channel: Channel, run: Run) -> list[tuple[Begun, Answer]]:
    """What the channel said of those that still stood as they were looked at; the others are due as before, to be
    looked at anew. Nothing comes between asking and handing over."""
    told: list[tuple[Begun, Answer]] = []
    waiting, until = list(begun), monotonic() + run.lease.total_seconds() / PART_OF_LEASE
    while waiting and monotonic() < until and not run.takes_no_more(waiting[0].message.channel):
        number = run.at_once(channel)
        some = _still_standing(waiting[:number])
        waiting = waiting[number:]
        told += zip(some, run.hand_over(channel, [one.message for one in some]), strict=True)
    handed_over = {one.reminder.pk for one, _answer in told}
    for one in begun:
        if one.reminder.pk not in handed_over:
            reminders.take_back(one.reminder, one.attempt)
    return told


def _still_standing(some: Sequence[Begun]) -> list[Begun]:
    now = clock.now()
    seen = marks.of([one.reminder.pk for one in some], london_day(now))
    unchanged = [one for one in some if seen.get(one.reminder.pk) == one.marks]
    return [one for one in unchanged if moment.recheck(one.reminder, one.known, now) is None]


def _write_down(told: Sequence[tuple[Begun, Answer]]) -> None:
    _all_or_each([one for one, answer in told if answer is None], _taken)
    for one, answer in told:
        if answer is not None:
            _all_or_each([one], partial(_not_taken, answer))


def _taken(some: Sequence[Begun]) -> list[None]:
    fates.accepted([(one.reminder, one.attempt) for one in some])
    return []


def _not_taken(answer: Exception, some: Sequence[Begun]) -> list[None]:
    for one in some:
        match answer:
            case Rejected():
                fates.rejected(one.reminder, one.attempt, answer.code)
            case HeldUp():
                fates.held_up(one.reminder, one.attempt, answer.code)
            case NotReached():
                fates.not_reached(one.reminder, one.attempt)
            case _:
                raise answer
    return []
