"""What a step must bring: what somebody types with it, and what the record must already show.

Pure. A fact that nobody looked up counts as not so, and an answer left out as not given.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from accounts.errors import InvalidInput
from accounts.wording import gettext_lazy as _
from referrals.reasons import SAY_MORE, Reason


class Kind(StrEnum):
    TEXT = "text"
    DATE = "date"
    MOMENT = "moment"
    """A day and a time, with its time zone."""
    CODE = "code"
    """A coded reason; an organisation may have its own."""
    CHOICE = "choice"
    """One of a list that is the same everywhere."""
    BOOLEAN = "boolean"
    MEMBER = "member"
    """Somebody on the staff; a name, where a provider has no account."""
    OFFER = "offer"
    OUTCOMES = "outcomes"
    """Need → code of what came of it; every need of the referral (`Facts.needs`), and no other."""


@dataclass(frozen=True)
class Evidence:
    """One thing that is typed with a step. `ask` stands beside the field when it is missing."""

    name: str
    label: str
    kind: Kind
    ask: str = ""
    choices: tuple[Reason, ...] = ()
    required: bool = True
    only_if: str = ""
    """A fact without which this is not asked for."""
    unless: str = ""
    """A fact, or another thing that is typed, that stands in for this."""


class Tried(NamedTuple):
    """A try that did not reach the person, since they were last reached."""

    channel: str
    day: date


@dataclass(frozen=True)
class Facts:
    """What the record shows when a step is asked for. `warm_handover` alone asks for more when it is true."""

    need_agreed: bool = False
    offer_open: bool = False
    consent_in_force: bool = False
    contact_plan_answered: bool = False
    preferred_channel: bool = False
    fallback_channel: bool = False
    adjustments_answered: bool = False
    only_open_referral: bool = False
    contact_logged: bool = False
    accepted_before: bool = False
    second_person: bool = False
    not_parked: bool = False
    safety_answered: bool = False
    warm_handover: bool = True
    needs: frozenset[str] = frozenset()
    tries: tuple[Tried, ...] = ()
    exactly: Mapping[str, str] = field(default_factory=dict)
    """Fact that is not so → why, in more words than GUARDS knows: which day, who was asked."""

    @property
    def tried_three_times(self) -> bool:
        return len(self.tries) >= 3

    @property
    def tried_two_channels(self) -> bool:
        return len({tried.channel for tried in self.tries}) >= 2

    @property
    def tried_two_days(self) -> bool:
        return len({tried.day for tried in self.tries}) >= 2

    @property
    def tried_letter_or_visit(self) -> bool:
        return any(tried.channel in {"letter", "visit"} for tried in self.tries)


ALL_FACTS_SHOWN = {fact.name: True for fact in fields(Facts) if fact.type is bool}

GUARDS: dict[str, str] = {
    "need_agreed": _("Agree the need with the person first."),
    "offer_open": _("This offer is not taking referrals. Choose another one."),
    "consent_in_force": _("Ask the person whether this provider may be told about them, and record the answer."),
    "contact_plan_answered": _("Ask the person, in private, how it is safe to contact them."),
    "preferred_channel": _("Say how the person would like to be reached."),
    "fallback_channel": _("Say how to reach the person if that does not work."),
    "adjustments_answered": _("Say which adjustments the person needs, or that none are needed."),
    "only_open_referral": _("There is an open referral to this offer already."),
    "tried_three_times": _("Try to reach the person three times."),
    "tried_two_channels": _("Try in two different ways."),
    "tried_two_days": _("Try on two different days."),
    "tried_letter_or_visit": _("Write a letter or make a visit: one of the tries must be that."),
    "accepted_before": _("The provider never accepted this, so it has to decide again."),
    "second_person": _("A second person must look at it and agree."),
    "not_parked": _("This provider said no for now, and is not asked again before its day."),
    "safety_answered": _("Ask the clinician first: is there any safety concern?"),
}
"""Fact → what to do about it when it is not so."""


def missing_facts(names: tuple[str, ...], facts: Facts) -> list[str]:
    """Sentences that say what has to be done first."""
    return [facts.exactly.get(name) or str(GUARDS[name]) for name in names if not getattr(facts, name)]


def read_evidence(
    wanted: tuple[Evidence, ...],
    brought: Mapping[str, Any],
    facts: Facts,
    reasons: Mapping[str, Reason] | None = None,
) -> dict[str, Any]:
    """What was brought, in the form it is kept in; nothing that was not asked for.

    `reasons` are the organisation's own for the coded field, by code. Raises InvalidInput with a sentence for
    every field that is wrong or missing.
    """
    read: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for one in wanted:
        value = brought.get(one.name)
        try:
            if not _empty(value):
                read[one.name] = READERS[one.kind](one, value, facts, reasons)
            elif _needed(one, brought, facts):
                wrong[one.name] = one.ask
        except InvalidInput as refusal:
            wrong[one.name] = refusal.message
    wrong |= _words_missing(wanted, read, reasons) | _either_or(wanted, read)
    if wrong:
        raise InvalidInput.in_fields(wrong)
    return read


def _empty(value: Any) -> bool:
    return value is None or value is False or value == {} or (isinstance(value, str) and not value.strip())


def _needed(one: Evidence, brought: Mapping[str, Any], facts: Facts) -> bool:
    if one.only_if and not getattr(facts, one.only_if):
        return False
    stands_in = getattr(facts, one.unless, False) or not _empty(brought.get(one.unless))
    return one.required and not (one.unless and stands_in)


def _words_missing(
    wanted: tuple[Evidence, ...], read: Mapping[str, Any], reasons: Mapping[str, Reason] | None
) -> dict[str, str]:
    """Some codes say too little alone: {"words": what to write}."""
    if "words" in read:
        return {}
    coded = [one for one in wanted if one.kind in {Kind.CODE, Kind.CHOICE} and one.name in read]
    asked = (_choices(one, reasons)[read[one.name]].ask for one in coded)
    return next(({"words": ask} for ask in asked if ask), {})


def _either_or(wanted: tuple[Evidence, ...], read: Mapping[str, Any]) -> dict[str, str]:
    """Two that stand in for each other contradict each other when both are brought."""
    stands_in = {one.name: one.unless for one in wanted if one.name in read and one.unless in read}
    return {
        name: _("Choose only one of the two.") for name, other in stands_in.items() if stands_in.get(other) == name
    }


# Readers: one a kind, each gives the kept form or raises InvalidInput


def _choices(one: Evidence, reasons: Mapping[str, Reason] | None) -> Mapping[str, Reason]:
    if one.kind is Kind.CODE and reasons is not None:
        return reasons
    return {reason.code: reason for reason in one.choices}


def _code(one: Evidence, value: Any, facts: Facts, reasons: Mapping[str, Reason] | None) -> str:
    reason = _choices(one, reasons).get(value) if isinstance(value, str) else None
    if reason is None or reason.hidden:
        raise InvalidInput(_("%(ask)s Choose one from the list.") % {"ask": one.ask})
    return reason.code


def _text(one: Evidence, value: Any, *rest: Any) -> str:
    if not isinstance(value, str):
        raise InvalidInput(one.ask or SAY_MORE)
    return value.strip()


def _date(one: Evidence, value: Any, *rest: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise InvalidInput(_("%(ask)s Write it as year-month-day, like 2027-01-31.") % {"ask": one.ask}) from None


def _moment(one: Evidence, value: Any, *rest: Any) -> datetime:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise InvalidInput(_("%(ask)s Write it like 2027-01-31T10:00+00:00.") % {"ask": one.ask}) from None
    if moment.tzinfo is None:
        raise InvalidInput(_("%(ask)s Write it with its time zone.") % {"ask": one.ask})
    return moment


def _boolean(one: Evidence, value: Any, *rest: Any) -> bool:
    if value is not True:
        raise InvalidInput(_("Answer yes or no."))
    return True


def _somebody(one: Evidence, value: Any, *rest: Any) -> Any:
    """A member of staff or an offer is handed in by whoever looked it up; a name is tidied."""
    return value.strip() if isinstance(value, str) else value


def _outcomes(one: Evidence, value: Any, facts: Facts, reasons: Mapping[str, Reason] | None) -> dict[str, str]:
    if not isinstance(value, Mapping) or value.keys() != facts.needs:
        raise InvalidInput(one.ask)
    return {need: _code(one, outcome, facts, reasons) for need, outcome in value.items()}


READERS: dict[Kind, Callable[..., Any]] = {
    Kind.TEXT: _text,
    Kind.DATE: _date,
    Kind.CODE: _code,
    Kind.CHOICE: _code,
    Kind.MOMENT: _moment,
    Kind.BOOLEAN: _boolean,
    Kind.MEMBER: _somebody,
    Kind.OFFER: _somebody,
    Kind.OUTCOMES: _outcomes,
}
