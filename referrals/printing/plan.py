"""What goes on a person's plan: chosen from what is known, and safe to leave on a table.

Pure. A need that a sensitive answer raised, a referral that rests on such needs alone, a rule of the safety stage,
and whatever was not agreed, have no place here. Words that would tell of care are left off, and the member of
staff is told which (`left_off`). What is not known is never made up: the paper keeps a line to write it on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from people import contact_plan
from people.london import london_day
from referrals.followup import Clock, add_working_days, clock_days, not_now_review_on
from referrals.giving_away import check_words, gives_away
from referrals.states import Status

AT_MOST = 3
"""More than three things are no plan any more."""

SAFETY = 1
"""The stage of rules that are between the person and the clinician, and stand on no paper."""

SLOW = {"slow", "paper"}
"""Ways to learn that ask for steps to tick off."""


class State(StrEnum):
    """How far one agreed thing is."""

    MEETING = "meeting"
    CONTACT = "contact"
    HELPED = "helped"
    ASKED = "asked"
    WAIT = "wait"
    LOOK = "look"
    AGREED = "agreed"
    """Nothing that anybody has to be asked for: how things are done from now on."""


@dataclass(frozen=True)
class Meeting:
    starts_at: datetime
    where: str = ""
    bring: str = ""


@dataclass(frozen=True)
class Wanted:
    """One rule that one need fires. `settled`: a referral about it has ended, whatever came of it. `held`: what
    was said last says to wait with it."""

    support: str
    stage: int
    is_offer: bool
    agreed: bool
    sensitive: bool
    decided_on: date | None = None
    settled: bool = False
    held: bool = False


@dataclass(frozen=True)
class Asked:
    """One open referral. `sensitive`: sensitive answers alone raised its needs. `ways`: as chosen for it. `held`:
    as for what is wanted."""

    support: str
    status: str
    sensitive: bool
    id: str = ""
    worker: str = ""
    provider: str = ""
    ways: tuple[str, ...] = ()
    due_on: date | None = None
    heard_by: date | None = None
    expected_on: date | None = None
    meetings: tuple[Meeting, ...] = ()
    held: bool = False


@dataclass(frozen=True)
class Known:
    """All that a plan may be made from. `service_names` stand on it only where the person allows that."""

    called: str
    today: date
    contact: contact_plan.Plan
    goal: str = ""
    goals: tuple[str, ...] = ()
    learns: tuple[str, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    asked: tuple[Asked, ...] = ()
    phone: str = ""
    sender: str = ""
    full_sender: str = ""
    service_names: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    """The person's numbers: on no paper, whatever the person allows."""
    review_on: date | None = None
    paused: bool = False
    against_messages: frozenset[str] = frozenset()
    """Every reason that the last answers give, as codes; `contact` has one at most."""


@dataclass(frozen=True)
class Item:
    """One thing that was agreed. `who` and `way` are empty where nobody, or no way, is settled yet."""

    support: str
    state: State
    who: str = ""
    provider: str = ""
    way: str = ""
    by: date | None = None
    meeting: Meeting | None = None
    referral: str = ""


@dataclass(frozen=True)
class Plan:
    called: str
    made_on: date
    goal: str
    goals: tuple[str, ...]
    items: tuple[Item, ...]
    more: int
    small_steps: bool
    phone: str
    sender: str
    meeting: Meeting | None
    review_on: date | None
    left_off: tuple[str, ...]
    held: tuple[str, ...] = ()
    """Agreed or asked for, but to wait for now: told to the member of staff, and left off."""

    @property
    def hears_by(self) -> date | None:
        """The first day on which the person would know that something has not happened."""
        owed = (item.by for item in self.items if item.by and item.state is not State.AGREED)
        return min(owed, default=None)


def build(known: Known) -> Plan:
    """The plan, with everything that must not be on it gone."""
    words = Words(known)
    items = _items(known, words)
    goal = words.fit("goal", known.goal)
    return Plan(
        called=known.called,
        made_on=known.today,
        goal=goal,
        goals=() if goal else known.goals,
        items=tuple(items[:AT_MOST]),
        more=len(items[AT_MOST:]),
        small_steps=bool(SLOW.intersection(known.learns)) or any(item.support == "slow_pace" for item in items),
        phone=known.phone,
        sender=_sender(known),
        meeting=min((item.meeting for item in items if item.meeting), key=lambda one: one.starts_at, default=None),
        review_on=known.review_on,
        left_off=tuple(dict.fromkeys(words.left_off)),
        held=_held(known),
    )


class Words:
    """Passes free text on if it gives nothing away; else it is left off, and that is kept in mind."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self.left_off: list[str] = []

    def fit(self, what: str, text: str) -> str:
        known = self._known
        contact, names = known.contact, known.service_names
        if text and gives_away(text, contact, names=names, never=known.never, spared=known.called):
            self.left_off.append(what)
            return ""
        return text

    def meeting(self, meeting: Meeting) -> Meeting:
        return replace(meeting, where=self.fit("place", meeting.where), bring=self.fit("bring", meeting.bring))

    def provider(self, name: str) -> str:
        """Never said to be missing: the plan works without it."""
        contact = self._known.contact
        return name if contact.answered and contact.may_name_service else ""


def _sender(known: Known) -> str:
    if known.contact.answered and known.contact.may_name_service and known.full_sender:
        return known.full_sender
    return "" if check_words(known.sender, names=known.service_names) else known.sender


def _items(known: Known, words: Words) -> list[Item]:
    """What is being done, then what is to be found, then how things are done from now on; each kind once."""
    asked = [one for one in known.asked if not one.sensitive and not one.held]
    under_way = [item for one in asked if (item := _asked(one, known, words))]
    taken = {one.support for one in asked}
    wanted = [_wanted(one, known) for one in known.wanted if _belongs(one) and one.support not in taken]
    first: dict[str, Item] = {}
    for item in sorted([*under_way, *wanted], key=_rank):
        first.setdefault(item.support, item)
    return list(first.values())


def _belongs(one: Wanted) -> bool:
    return one.agreed and not one.sensitive and one.stage > SAFETY and not one.settled and not one.held


def _held(known: Known) -> tuple[str, ...]:
    asked = [one.support for one in known.asked if one.held and not one.sensitive]
    wanted = [one.support for one in known.wanted if one.held and _belongs(replace(one, held=False))]
    return tuple(dict.fromkeys([*asked, *wanted]))


def _rank(item: Item) -> tuple[int, float]:
    ranks = {State.MEETING: 0, State.LOOK: 2, State.AGREED: 3}
    return ranks.get(item.state, 1), item.meeting.starts_at.timestamp() if item.meeting else 0.0


STATES = {
    Status.DRAFT: State.LOOK,
    Status.SENT: State.ASKED,
    Status.ACKNOWLEDGED: State.ASKED,
    Status.MORE_INFO: State.ASKED,
    Status.WAITING: State.WAIT,
    Status.ACCEPTED: State.CONTACT,
    Status.ACTIVE: State.HELPED,
    Status.DECLINED: State.LOOK,
}
"""Of a referral's open states those that are still ahead of the person. Delivered help is behind them."""


def _asked(one: Asked, known: Known, words: Words) -> Item | None:
    state = STATES.get(Status(one.status))
    if state is None:
        return None
    coming = [meeting for meeting in one.meetings if london_day(meeting.starts_at) >= known.today]
    item = Item(
        support=one.support,
        state=state,
        who=one.worker,
        provider=words.provider(one.provider),
        way=_way(one.ways, known),
        by=_ahead(_by(one, state), known),
        referral=one.id,
    )
    if not coming:
        return item
    soonest = min(coming, key=lambda meeting: meeting.starts_at)
    return replace(item, state=State.MEETING, by=None, meeting=words.meeting(soonest))


def _by(one: Asked, state: State) -> date | None:
    return {State.ASKED: one.heard_by, State.WAIT: one.expected_on, State.LOOK: None}.get(state, one.due_on)


def _ahead(day: date | None, known: Known) -> date | None:
    """A day that has passed promises nothing, and while contact is paused no day does."""
    return day if day and day >= known.today and not known.paused else None


def _way(ways: Iterable[str], known: Known) -> str:
    """The first of the ways chosen that is still safe; "" where none is, or nobody has asked yet."""
    plan = known.contact
    chosen = [*ways, plan.preferred, plan.fallback, *contact_plan.WAYS]
    return next((way for way in chosen if way in plan.open_channels), "")


ASKED_AGAIN = "ask_again"


def _wanted(one: Wanted, known: Known) -> Item:
    if one.is_offer:
        return Item(one.support, State.LOOK, way=_way((), known))
    again = not_now_review_on(one.decided_on) if one.support == ASKED_AGAIN and one.decided_on else None
    return Item(one.support, State.AGREED, way=_way((), known), by=_ahead(again, known))


def heard_by(status: str, due_on: date | None, clocks: Mapping[str, int]) -> date | None:
    """When the person has heard whether there is a place, if everybody keeps to the clocks of who refers.

    None while a question is open: the clock stands still, and nobody knows.
    """
    tell = clock_days(Clock.TELL_PERSON, clocks)
    decide = clock_days(Clock.DECIDE, clocks)
    left = {Status.SENT: decide + tell, Status.ACKNOWLEDGED: tell}.get(Status(status))
    return add_working_days(due_on, left) if due_on and left is not None else None
