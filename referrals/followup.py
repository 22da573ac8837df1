"""When a follow-up, a chase or a reminder falls due, and what is still worth sending after a silence.

Pure. Clocks count working days and each organisation may set its own; a clock that runs out changes no state,
it asks somebody: first whoever's move it is, then a coordinator, then the admin.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from people.london import at_london, in_london
from referrals.working_days import (
    HOLIDAYS_END,
    add_working_days,
    due_on,
    is_working_day,
    last_working_day,
    working_days_between,
)

__all__ = [
    "CLOCK_DAYS",
    "HOLIDAYS_END",
    "REVIEWS",
    "Clock",
    "Escalation",
    "ReviewDue",
    "add_working_days",
    "appointment_reminders",
    "clock_days",
    "days_left",
    "due_on",
    "escalation",
    "is_working_day",
    "last_working_day",
    "loan_contacts",
    "next_screening_on",
    "not_now_review_on",
    "resume_on",
    "reviews",
    "stale",
]


class Clock(StrEnum):
    DRAFT = "draft"
    DRAFT_ENDS = "draft_ends"
    ACKNOWLEDGE = "acknowledge"
    DECIDE = "decide"
    ANSWER = "answer"
    FIRST_CONTACT = "first_contact"
    SAME_DAY = "same_day"
    WAITING_REVIEW = "waiting_review"
    NEXT_STEP = "next_step"
    NEXT_EVENT = "next_event"
    ASK_PERSON = "ask_person"
    TELL_PERSON = "tell_person"
    MISSED_ONCE = "missed_once"
    MISSED_AGAIN = "missed_again"
    PARTNER_LINK = "partner_link"
    SAFETY_ANSWER = "safety_answer"


CLOCK_DAYS: dict[Clock, int] = {
    Clock.DRAFT: 7,  # the owner is reminded of a draft
    Clock.DRAFT_ENDS: 30,  # and told that it is deleted
    Clock.ACKNOWLEDGE: 2,
    Clock.DECIDE: 5,  # stands still while the provider waits for an answer
    Clock.ANSWER: 3,
    Clock.FIRST_CONTACT: 5,
    Clock.SAME_DAY: 0,  # first contact about food or heating
    Clock.WAITING_REVIEW: 20,
    Clock.NEXT_STEP: 1,  # the referrer acts on a decline
    Clock.NEXT_EVENT: 15,  # something happens with a person who is being helped
    Clock.ASK_PERSON: 20,  # did it help?
    Clock.TELL_PERSON: 2,
    Clock.MISSED_ONCE: 2,
    Clock.MISSED_AGAIN: 1,
    Clock.PARTNER_LINK: 10,  # a link to a provider without an account opens, unless it accepted meanwhile
    Clock.SAFETY_ANSWER: 1,  # before a person is let go as out of reach
}

SAME_DAY_KINDS = frozenset({"basics"})
"""Kinds of support whose first contact cannot wait: food and heating."""


def clock_days(name: str, overrides: Mapping[str, int] | None = None) -> int:
    """Working days on this clock; an organisation's own number where it has set one.

    An unknown clock, or a number of days that is not 0 or more, raises ValueError.
    """
    days = (overrides or {}).get(name, CLOCK_DAYS[Clock(name)])
    if isinstance(days, bool) or not isinstance(days, int) or days < 0:
        raise ValueError(f"the clock {name} needs a number of working days, not {days!r}")
    return days


def days_left(due: date, today: date) -> int:
    """What is on a clock when it is stopped: working days until it is due, none if it has run out."""
    return working_days_between(today, due)


def resume_on(today: date, left: int) -> date:
    """When a clock that was stopped with `left` days on it is due after all."""
    return add_working_days(today, left)


# A clock runs out


class Escalation(StrEnum):
    NONE = "none"
    NUDGE = "nudge"
    COORDINATOR = "coordinator"
    ADMIN = "admin"


def escalation(due: date, today: date, days: int) -> Escalation:
    """Who is asked now about something that was due on `due`, by a clock of `days` working days.

    The day itself is still in time. After one more length of the clock a coordinator is asked, after two the
    admin, and it stays on the admin's list until somebody acts. A clock of 0 days counts as one of 1 here.
    """
    length = max(days, 1)
    if today > add_working_days(due, 2 * length):
        return Escalation.ADMIN
    if today > add_working_days(due, length):
        return Escalation.COORDINATOR
    return Escalation.NUDGE if today > due else Escalation.NONE


# Reviews and reminders


@dataclass(frozen=True)
class ReviewDue:
    weeks: int
    opens_on: date
    due_on: date
    closes_on: date


REVIEWS = {4: (21, 42), 12: (70, 112), 26: (154, 224)}
"""Weeks after the screening, with the first and the last day that counts."""

NOT_NOW_WEEKS = 26
SCREENING_DAYS = 365
LOAN_DAYS = (30, 7)
APPOINTMENT_DAYS = (7, 1)


def reviews(screened_on: date) -> list[ReviewDue]:
    return [
        ReviewDue(
            weeks=weeks,
            opens_on=screened_on + timedelta(days=first),
            due_on=screened_on + timedelta(weeks=weeks),
            closes_on=screened_on + timedelta(days=last),
        )
        for weeks, (first, last) in REVIEWS.items()
    ]


def not_now_review_on(said_on: date) -> date:
    return said_on + timedelta(weeks=NOT_NOW_WEEKS)


def next_screening_on(screened_on: date) -> date:
    return screened_on + timedelta(days=SCREENING_DAYS)


def loan_contacts(ends_on: date) -> list[date]:
    """Days on which a worker calls before a loan or SIM ends: 30 and 7 days ahead, never later than that."""
    return [last_working_day(ends_on - timedelta(days=ahead)) for ahead in LOAN_DAYS]


def appointment_reminders(starts_at: datetime, booked_at: datetime) -> dict[int, datetime]:
    """Days ahead → when that reminder is due, by the same London clock time; none that was over when booked."""
    local = in_london(starts_at)
    clock = time(local.hour, local.minute)
    due = {ahead: at_london(local.date() - timedelta(days=ahead), clock) for ahead in APPOINTMENT_DAYS}
    return {ahead: at for ahead, at in due.items() if at > booked_at}


# After a silence

USEFUL_UNTIL_BEFORE: dict[str, timedelta] = {
    "appointment_7_days": timedelta(days=1),  # the one of the day before says the same
    "appointment_1_day": timedelta(hours=2),  # later than that nobody can still set out
    "loan_ends": timedelta(0),
    "review": timedelta(0),
}
"""How long before the thing itself (a start, the end of a loan or of a review's window) a message is no use."""

ALWAYS_USEFUL = frozenset({"tell_person", "nudge", "screening_due", "ask_again"})
"""True until the state changes, and the state is looked at again before anything is sent."""


def stale(kind: str, due_at: datetime, now: datetime, *, about: datetime | None = None) -> bool:
    """Is it too late to send what was due at `due_at`, about something that happens at `about`?

    Yesterday's appointment is; news that nobody has told the person is not, however old. A kind that is not
    listed raises ValueError; one that is about a time, but is not told which, counts as stale a day late.
    """
    if kind in ALWAYS_USEFUL:
        return False
    if kind not in USEFUL_UNTIL_BEFORE:
        raise ValueError(f"nobody has said how long {kind!r} is of use")
    useful_until = due_at + timedelta(days=1) if about is None else about - USEFUL_UNTIL_BEFORE[kind]
    return now >= useful_until
