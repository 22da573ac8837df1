"""The contact plan: how, when and through whom it is safe to reach someone; how it is made, changed and told.

Pure. Every default is a no, so that what nobody asked or wrote down never lets a message out.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum
from typing import Any

from accounts.errors import InvalidInput
from accounts.wording import either
from accounts.wording import gettext_lazy as _


class Channel(StrEnum):
    TEXT = "text"
    LETTER = "letter"
    EMAIL = "email"
    APP = "app"
    CALL = "call"
    IN_PERSON = "in_person"
    VIA = "via"


CHANNELS = frozenset(Channel)
AUTOMATIC = frozenset({Channel.TEXT, Channel.LETTER, Channel.EMAIL, Channel.APP})
"""What a job may send. A call, a meeting and a word to a go-between are a worker's own doing."""

NO_CLOCK = frozenset({Channel.LETTER, Channel.IN_PERSON})
"""Channels that no hour applies to: printing a letter wakes nobody, and a meeting is agreed with the person."""


@dataclass(frozen=True)
class Plan:
    """How, when and through whom it is safe to reach one person. Every default is a no."""

    allowed: frozenset[str] = frozenset()
    automatic: bool = False
    """Messages may go out without a person looking first."""
    reason: str | None = None
    """Why not, as a code; sensitive, so never shown to a provider."""
    answered: bool = False
    """The person was asked about safe contact and answered."""
    voicemail: bool | None = None
    hours: tuple[time, time] | None = None
    """From the first time until just before the second, London time. None: no limit of the person's own."""
    weekdays: frozenset[int] | None = None
    """Monday is 0. None: no limit of the person's own."""
    may_name_service: bool = False
    preferred: str = ""
    fallback: str = ""
    via_person: str = ""

    def __post_init__(self) -> None:
        if unknown := self.allowed - CHANNELS:
            raise InvalidInput(
                _("There is no way of contact called %(unknown)s.") % {"unknown": ", ".join(sorted(unknown))}
            )
        if self.hours and self.hours[0] >= self.hours[1]:
            raise InvalidInput(_("The hours must run from earlier to later."))

    @classmethod
    def unknown(cls) -> "Plan":
        """The plan of somebody who was never asked."""
        return cls(reason="not_asked")

    @property
    def open_channels(self) -> frozenset[str]:
        """The channels that staff may use at some time."""
        return self.allowed if self.answered else frozenset()

    @property
    def automatic_channels(self) -> frozenset[str]:
        """The channels that a job may use at some time."""
        return self.open_channels & AUTOMATIC if self.automatic else frozenset()

    @property
    def takes_voicemail(self) -> bool:
        return self.voicemail is True and Channel.CALL in self.open_channels


# Changing a plan: anybody on the staff may tighten it; only a clinician, with a reason, may loosen it.


def is_looser(old: Plan, new: Plan) -> bool:
    """Does `new` permit any contact that `old` does not?"""
    return bool(
        new.open_channels - old.open_channels
        or new.automatic_channels - old.automatic_channels
        or (new.takes_voicemail and not old.takes_voicemail)
        or (new.open_channels and new.may_name_service and not old.may_name_service)
        or (Channel.VIA in new.open_channels and new.via_person not in {"", old.via_person})
        or (new.open_channels - NO_CLOCK and not _within(new, old))
    )


def _within(new: Plan, old: Plan) -> bool:
    """Do the days and hours of `new` lie within those of `old`?"""
    days, allowed_days = _days(new), _days(old)
    (start, end), (first, last) = _minutes(new), _minutes(old)
    return days <= allowed_days and first <= start and end <= last


def _days(plan: Plan) -> frozenset[int]:
    return frozenset(range(7)) if plan.weekdays is None else plan.weekdays


def _minutes(plan: Plan) -> tuple[float, float]:
    """The hours as numbers, since no time of day stands for midnight at the end of a day."""
    return (_number(plan.hours[0]), _number(plan.hours[1])) if plan.hours else (0.0, 24 * 60.0)


def _number(clock: time) -> float:
    return clock.hour * 60 + clock.minute + (clock.second + clock.microsecond / 1e6) / 60


def tighten(
    plan: Plan,
    *,
    without: Iterable[str] = (),
    hours: tuple[time, time] | None = None,
    weekdays: Collection[int] | None = None,
    stop_automatic: bool = False,
    stop_voicemail: bool = False,
    stop_naming_service: bool = False,
) -> Plan:
    """`plan` with less in it, never more: hours and days are those that both the plan and the caller allow."""
    allowed = plan.allowed - set(without)
    both = _both(plan.hours, hours)
    if hours and both is None:
        allowed &= NO_CLOCK
    return replace(
        plan,
        allowed=allowed,
        hours=both or plan.hours,
        weekdays=plan.weekdays if weekdays is None else _days(plan) & frozenset(weekdays),
        automatic=plan.automatic and not stop_automatic,
        reason="staff" if plan.automatic and stop_automatic else plan.reason,
        voicemail=False if stop_voicemail else plan.voicemail,
        may_name_service=plan.may_name_service and not stop_naming_service,
        preferred=plan.preferred if plan.preferred in allowed else "",
        fallback=plan.fallback if plan.fallback in allowed else "",
    )


def _both(one: tuple[time, time] | None, other: tuple[time, time] | None) -> tuple[time, time] | None:
    """The hours that lie in both; None where there are none, or no limit at all."""
    if one is None or other is None:
        return one or other
    start, end = max(one[0], other[0]), min(one[1], other[1])
    return (start, end) if start < end else None


def both(one: Plan, other: Plan) -> Plan:
    """Only what both plans allow, and so nothing where either was never asked about. Of two go-betweens neither
    knows the other: none is left."""
    common = one.open_channels & other.open_channels
    if one.via_person != other.via_person:
        common -= {Channel.VIA}
    hours = _both(one.hours, other.hours)
    days = None if one.weekdays is other.weekdays is None else _days(one) & _days(other)
    if (one.hours and other.hours and not hours) or days == frozenset():
        common &= NO_CLOCK
    automatic = one.automatic and other.automatic and bool(common & AUTOMATIC)
    return Plan(
        allowed=common,
        automatic=automatic,
        reason=None if automatic else one.reason or other.reason or "no_channel",
        answered=one.answered or other.answered,
        voicemail=one.takes_voicemail and other.takes_voicemail and Channel.CALL in common,
        hours=hours,
        weekdays=days,
        may_name_service=one.may_name_service and other.may_name_service,
        preferred=next((way for way in (one.preferred, other.preferred) if way in common), ""),
        fallback=next((way for way in (one.fallback, other.fallback) if way in common), ""),
        via_person=one.via_person if Channel.VIA in common else "",
    )


# From a screening


def from_result(contact: Mapping[str, Any], answers: Mapping[str, Any]) -> Plan:
    """The plan that a screening gives: `contact` as scored, and the answers it was scored from, by the names of
    their items ("safe_contact", "avoid_channels", "watched_or_voices").

    Stricter than the score in one place: a person who said that some ways are not safe, but not which, has
    agreed to none. The first two ways named are only proposed as preferred and fallback; the clinician settles.
    """
    safe, avoided = _answer(answers, "safe_contact"), _answer(answers, "avoid_channels")
    answered = safe is not None
    which_is_not_known = answered and safe != "fine" and avoided is None
    ways: list[str] = [] if which_is_not_known else list(contact["allowed"])
    automatic = answered and bool(contact["automatic"]) and bool(AUTOMATIC.intersection(ways))
    return Plan(
        allowed=frozenset(ways),
        automatic=automatic,
        reason=None if automatic else contact["reason"] or ("not_asked" if which_is_not_known else "no_channel"),
        answered=answered,
        voicemail=_voicemail(answers, ways),
        preferred=ways[0] if ways else "",
        fallback=ways[1] if len(ways) > 1 else "",
    )


def _answer(answers: Mapping[str, Any], item: str) -> Any:
    """A usable answer; None for one that is absent, has nothing ticked, or is a state such as "rather not say"."""
    answer = answers.get(item)
    return None if isinstance(answer, Mapping) else answer or None


def _voicemail(answers: Mapping[str, Any], ways: Collection[str]) -> bool:
    """Only to somebody who may be called, whom nobody overhears, and who had the chance to say no and did not."""
    if Channel.CALL not in ways or _answer(answers, "watched_or_voices") in {"some", "often", "now"}:
        return False
    avoided = _answer(answers, "avoid_channels")
    match _answer(answers, "safe_contact"):
        case "fine":
            return True
        case "avoid":
            return avoided is not None and "voicemail" not in avoided
        case _:
            return False


# In words

WAYS = {
    Channel.TEXT: _("text"),
    Channel.LETTER: _("letter"),
    Channel.EMAIL: _("email"),
    Channel.APP: _("app"),
    Channel.CALL: _("phone call"),
    Channel.IN_PERSON: _("in person"),
    Channel.VIA: _("through someone they trust"),
}
DAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))


def way_in_words(channel: str) -> str:
    """As a page names it; a code that is no way of contact stays as it is."""
    return WAYS[Channel(channel)] if channel in CHANNELS else channel


def describe(plan: Plan) -> list[str]:
    """Short sentences for the head of a page. They say what to do, never why: the reason may be a secret."""
    return [str(sentence) for sentence in _sentences(plan)]


def _sentences(plan: Plan) -> list[str]:
    if not plan.answered:
        return [_("Safe contact has not been asked about: do not contact."), _("Never a voicemail.")]
    if not plan.allowed:
        return [_("No way of contact is safe at the moment: do not contact."), _("Never a voicemail.")]
    return [
        _ways_and_hours(plan),
        _("A voicemail is fine.") if plan.takes_voicemail else _("Never a voicemail."),
        *([] if plan.automatic else [_("No automatic messages: a worker decides each time.")]),
        *([] if plan.may_name_service else [_("Do not say which service is calling or writing.")]),
    ]


def in_short(plan: Plan) -> str:
    """One mark for a line of a list: what to do, never why."""
    if not plan.answered:
        return _("Do not contact: not asked about")
    if not plan.allowed:
        return _("Do not contact")
    return _("Contact: %(ways)s") % {"ways": _lower(_ways_and_hours(plan)[:-1])}


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]


def _ways_and_hours(plan: Plan) -> str:
    ways = [words for channel, words in WAYS.items() if channel in plan.allowed]
    parts = [either(ways) if len(ways) > 1 else _("%(way)s only") % {"way": ways[0]}]
    if plan.hours:
        parts.append(_("%(start)s to %(end)s") % {"start": _clock(plan.hours[0]), "end": _clock(plan.hours[1])})
    if plan.weekdays is not None:
        parts.append(_list_days(plan.weekdays))
    words = ", ".join(parts)
    return f"{words[0].upper()}{words[1:]}."


def _clock(clock: time) -> str:
    """10am, 4:30pm."""
    half = _("%(time)sam") if clock.hour < 12 else _("%(time)spm")
    return half % {"time": f"{clock.hour % 12 or 12}{f':{clock.minute:02}' if clock.minute else ''}"}


def _list_days(weekdays: Collection[int]) -> str:
    return ", ".join(str(DAYS[day]) for day in sorted(weekdays)) or str(_("on no day"))
