"""Whether a person may be reached by this channel at this moment, or the reason why not.

Pure. Missing means no: a plan that nobody asked about allows nothing, and a channel, an hour or a voicemail
that the person did not agree to is refused. Asked when a message is queued and again before it is handed over.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from accounts.wording import gettext_lazy as _
from people.contact_plan import (
    AUTOMATIC,
    CHANNELS,
    NO_CLOCK,
    Channel,
    Plan,
    describe,
    from_result,
    is_looser,
    tighten,
)
from people.london import at_london, in_london, london_day

__all__ = [
    "AUTOMATIC",
    "CHANNELS",
    "NO_CLOCK",
    "WAITING_HELPS",
    "Channel",
    "Plan",
    "Verdict",
    "describe",
    "from_result",
    "is_looser",
    "may_contact",
    "may_leave_voicemail",
    "next_allowed_at",
    "tighten",
]

QUIET_UNTIL, QUIET_FROM = time(9), time(20)
SUNDAY = 6
ONE_A_DAY, THREE_A_WEEK = 1, 3
LOOK_AHEAD_DAYS = 14


@dataclass(frozen=True)
class Verdict:
    """`reason` is a code, "" for yes; `sentence` is for the screen.

    Neither gives the plan's own reason away: a support worker may see that messages are off, but not that
    somebody checks the person's phone.
    """

    reason: str = ""
    sentence: str = ""

    @property
    def ok(self) -> bool:
        return not self.reason

    def __bool__(self) -> bool:
        return self.ok


YES = Verdict()
NOT_ANSWERED = Verdict("not_answered", _("Safe contact has not been asked about. Ask first, in private."))
NOT_THIS_CHANNEL = Verdict("channel_not_allowed", _("The person has not agreed to be reached in this way."))
NEEDS_A_PERSON = Verdict("needs_a_person", _("Only a worker can do this: it goes on the call list."))
NOT_AUTOMATIC = Verdict(
    "not_automatic", _("Automatic messages are off for this person. A worker decides each time.")
)
PAUSED = Verdict("paused", _("Contact is paused. Only what is marked as needed for safety is sent."))
NOT_THIS_HOUR = Verdict("outside_hours", _("This is outside the days and hours that the person chose."))
QUIET = Verdict("quiet_hours", _("Nothing is sent between 8pm and 9am or on Sundays."))
ENOUGH_TODAY = Verdict("enough_today", _("One message has gone out today. That is the most for a day."))
ENOUGH_THIS_WEEK = Verdict(
    "enough_this_week", _("Three messages have gone out this week. That is the most for a week.")
)

WAITING_HELPS = frozenset({NOT_THIS_HOUR.reason, QUIET.reason, ENOUGH_TODAY.reason, ENOUGH_THIS_WEEK.reason})
"""Reasons that pass by themselves: the message stays queued. Every other reason needs a person."""


def may_contact(
    plan: Plan,
    channel: str,
    when: datetime,
    *,
    automatic: bool,
    paused: bool = False,
    safety_critical: bool = False,
    sent_today: int = 0,
    sent_this_week: int = 0,
) -> Verdict:
    """Yes, or the first reason why not; reasons that only a person can lift come before those that pass.

    `safety_critical` (a person said so) gets past a pause and past nothing else. Counts are of all messages to
    this person, whoever sent them; a worker's own call or letter (`automatic=False`) is not held back by them.
    """
    return (  # `and` gives the first refusal
        _ever(plan, channel, automatic)
        and _paused(paused and not safety_critical)
        and _at(plan, channel, when, automatic)
        and _enough(sent_today, sent_this_week, automatic)
    )


def may_leave_voicemail(
    plan: Plan, when: datetime, *, paused: bool = False, safety_critical: bool = False
) -> bool:
    """A voicemail may be left only where a call may be made now and the person said that leaving one is fine."""
    call = may_contact(plan, Channel.CALL, when, automatic=False, paused=paused, safety_critical=safety_critical)
    return bool(call) and plan.takes_voicemail


def _ever(plan: Plan, channel: str, automatic: bool) -> Verdict:
    """What no hour and no day changes."""
    if not plan.answered:
        return NOT_ANSWERED
    if channel not in plan.allowed:
        return NOT_THIS_CHANNEL
    if automatic and channel not in AUTOMATIC:
        return NEEDS_A_PERSON
    if automatic and not plan.automatic:
        return NOT_AUTOMATIC
    return YES


def _at(plan: Plan, channel: str, when: datetime, automatic: bool) -> Verdict:
    if channel in NO_CLOCK:
        return YES
    local = in_london(when)
    if plan.weekdays is not None and local.weekday() not in plan.weekdays:
        return NOT_THIS_HOUR
    if plan.hours and not plan.hours[0] <= local.time() < plan.hours[1]:
        return NOT_THIS_HOUR
    if automatic and (local.weekday() == SUNDAY or not QUIET_UNTIL <= local.time() < QUIET_FROM):
        return QUIET
    return YES


def _paused(held: bool) -> Verdict:
    return PAUSED if held else YES


def _enough(sent_today: int, sent_this_week: int, automatic: bool) -> Verdict:
    if automatic and sent_today >= ONE_A_DAY:
        return ENOUGH_TODAY
    if automatic and sent_this_week >= THREE_A_WEEK:
        return ENOUGH_THIS_WEEK
    return YES


def next_allowed_at(plan: Plan, channel: str, when: datetime, *, automatic: bool = True) -> datetime | None:
    """The first instant (UTC) from `when` on that suits the plan's hours; None where no waiting helps.

    Counts and pauses are not looked at: what is allowed then is asked again then.
    """
    if not _ever(plan, channel, automatic):
        return None
    starts = {QUIET_UNTIL, time(0), plan.hours[0] if plan.hours else time(0)}
    first_day = london_day(when)
    days = (first_day + timedelta(days=ahead) for ahead in range(LOOK_AHEAD_DAYS))
    instants = sorted({when, *(at_london(day, start) for day in days for start in starts)})
    return next((at for at in instants if at >= when and _at(plan, channel, at, automatic)), None)
