"""When a person may be rung, in words and as an instant, and at what other time of day to try again.

Pure. The person's own hours come first; within them nobody rings between 8pm and 9am or on a Sunday.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from accounts.wording import gettext_lazy as _
from accounts.wording import together
from people.contact_plan import DAYS, Channel, Plan
from people.london import at_london, in_london, london_day
from people.safe_contact import (
    QUIET_FROM,
    QUIET_UNTIL,
    SUNDAY,
    Verdict,
    may_contact,
    next_allowed_at,
    tighten,
)
from referrals.working_days import add_working_days

TRIES = 3
"""After so many calls in a row that reached nobody, somebody chooses another way."""
LOOK_AHEAD = 20
"""Working days that are looked through for another time of day."""
WEEKDAYS = frozenset(range(5))


class Part(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


STARTS = {Part.MORNING: QUIET_UNTIL, Part.AFTERNOON: time(12), Part.EVENING: time(17)}
ENDS = {Part.MORNING: time(12), Part.AFTERNOON: time(17), Part.EVENING: QUIET_FROM}
WORDS = {
    Part.MORNING: _("in the morning"),
    Part.AFTERNOON: _("in the afternoon"),
    Part.EVENING: _("in the evening"),
}

NEAR = {0: _("today"), 1: _("tomorrow")}


@dataclass(frozen=True)
class Try:
    day: date
    part: Part


def by_day(plan: Plan) -> Plan:
    """The plan less the quiet hours."""
    return tighten(plan, hours=(QUIET_UNTIL, QUIET_FROM), weekdays=set(range(7)) - {SUNDAY})


def may_ring(plan: Plan, when: datetime, *, paused: bool) -> Verdict:
    return may_contact(by_day(plan), Channel.CALL, when, automatic=False, paused=paused)


def next_slot(plan: Plan, when: datetime) -> datetime | None:
    """The first instant from `when` on; None where the plan has no time for a call."""
    return next_allowed_at(by_day(plan), Channel.CALL, when, automatic=False)


def part_of(when: datetime) -> Part:
    clock = in_london(when).time()
    return next((part for part in Part if clock < ENDS[part]), Part.EVENING)


def next_try(plan: Plan, tried: Iterable[datetime], now: datetime) -> Try | None:
    """Another working day, in the part of the day that was tried least; None where no call is allowed."""
    times = Counter(part_of(when) for when in tried)
    days = [add_working_days(london_day(now), ahead) for ahead in range(1, LOOK_AHEAD + 1)]
    found = [Try(day, part) for day in days for part in Part if _allows(plan, day, part)]
    return min(found, key=lambda one: (times[one.part], one.day), default=None)


def _allows(plan: Plan, day: date, part: Part) -> bool:
    start = next_slot(plan, at_london(day, STARTS[part]))
    return start is not None and start < at_london(day, ENDS[part])


def starts_at(one: Try) -> datetime:
    return at_london(one.day, STARTS[one.part])


# In words


def hours_in_words(plan: Plan) -> str:
    """ "Weekdays, 10am to 4pm": when calls are all right, quiet hours taken off; "" where never."""
    free = by_day(plan)
    if Channel.CALL not in free.open_channels or not free.hours or not free.weekdays:
        return ""
    return _("%(days)s, %(start)s to %(end)s") % {
        "days": _days(free.weekdays),
        "start": _clock(free.hours[0]),
        "end": _clock(free.hours[1]),
    }


def _days(days: frozenset[int]) -> str:
    if days == WEEKDAYS:
        return str(_("Weekdays"))
    if days == WEEKDAYS | {5}:
        return str(_("Monday to Saturday"))
    return ", ".join(str(DAYS[day]) for day in sorted(days))


def _clock(clock: time) -> str:
    minutes = f":{clock.minute:02}" if clock.minute else ""
    half = _("%(time)sam") if clock.hour < 12 else _("%(time)spm")
    return half % {"time": f"{clock.hour % 12 or 12}{minutes}"}


def slot_in_words(plan: Plan, now: datetime) -> str:
    """Whether now is all right, or from when; "" where never."""
    start = next_slot(plan, now)
    if start is None:
        return ""
    if start == now:
        return str(_("You may ring now."))
    return _("You may ring from %(when)s.") % {"when": _when(start, now)}


def _when(start: datetime, now: datetime) -> str:
    return _("%(clock)s %(day)s") % {
        "clock": _clock(in_london(start).time()),
        "day": day_in_words(london_day(start), london_day(now)),
    }


def day_in_words(day: date, today: date) -> str:
    """today, tomorrow, on Monday, on Monday week: as far ahead as anybody looks for a slot."""
    ahead, name = (day - today).days, DAYS[day.weekday()]
    if ahead in NEAR:
        return str(NEAR[ahead])
    return (_("on %(day)s") if ahead < 7 else _("on %(day)s week")) % {"day": name}


def hint(plan: Plan, tried: list[datetime], now: datetime) -> str:
    """Where the person was tried at one time of day only, another one; "" for nobody tried."""
    again = next_try(plan, tried, now)
    if not tried or again is None:
        return ""
    if any(part_of(when) == again.part for when in tried):
        return _("Every time of day was tried. Try %(part)s again, on another day.") % {"part": WORDS[again.part]}
    parts = together(str(WORDS[part]) for part in Part if any(part_of(when) == part for when in tried))
    return _("Tried %(parts)s. Try %(part)s next.") % {"parts": parts, "part": WORDS[again.part]}
