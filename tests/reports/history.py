"""A made-up history of two organisations, first as plain records, then as rows: edges are likelier than chance.

The plain records are what tests/reports/test_against_plain_python.py counts over, by loops and its own reading
of the definitions.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from tests.reports import more_history, rows

NOW = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
MONTHS = [(2026, 11), (2026, 10), (2026, 9), (2026, 4), (2026, 3), (2025, 12)]
"""The running month, both months of a clock change, and one before most of it happened."""
BOUNDARIES = [
    datetime(2026, 11, 1, 0, tzinfo=UTC),
    datetime(2026, 9, 30, 23, tzinfo=UTC),
    datetime(2026, 8, 31, 23, tzinfo=UTC),
    datetime(2026, 3, 31, 23, tzinfo=UTC),
    datetime(2026, 3, 1, 0, tzinfo=UTC),
    datetime(2026, 1, 1, 0, tzinfo=UTC),
]
LENGTHS = [0, 14, 28, 42, 70, 84, 90, 112, 365]
CODES = ["DEVICE", "CONF", "LONELY", "NO_HELPER", "SAFEGUARD", "REACH"]
PRIVATE = {"NO_HELPER", "SAFEGUARD"}
LEVELS = ["high", "some", "at_least_some", "none", "not_known", None]
STATUSES = ["included", "at_risk", "excluded_now", "offline_by_choice", "not_enough_known"]
TICK = timedelta(microseconds=1)


@dataclass
class NeedRecord:
    """`agreed_before`: when it was agreed at an earlier screening, whose row this one carries on."""

    code: str
    decisions: list = field(default_factory=list)
    unmet: list = field(default_factory=list)
    agreed_before: datetime | None = None
    carried_to: "NeedRecord | None" = None
    resolved_by: "ScreeningRecord | None" = None


@dataclass
class ScreeningRecord:
    at: datetime
    status: str
    levels: dict
    overall: str
    needs: list
    asked: set
    team: int = 0
    definition: str = "getting-online"
    started: datetime | None = None
    paper: bool = False
    answers: dict = field(default_factory=dict)
    goal: str = ""
    suggested: list = field(default_factory=list)

    @property
    def counts(self) -> bool:
        return self.status in ("submitted", "paused")

    @property
    def whole(self) -> bool:
        return self.status == "submitted" and self.definition == "getting-online"


@dataclass
class ReferralRecord:
    sent: datetime
    states: list
    error: bool
    acknowledged: datetime | None = None
    first_contact: datetime | None = None
    ended: datetime | None = None
    words: list = field(default_factory=list)
    team: int = 0
    ended_state: str = "closed"
    reason: str = ""
    outcome: str = "helped"
    warm: bool = False
    who_was_there: bool = False
    loan: date | None = None


@dataclass
class PersonRecord:
    team: int
    born: date | None
    since: date
    left: date | None
    screenings: list
    referrals: list
    plans: list = field(default_factory=list)
    messages: list = field(default_factory=list)
    reviews: list = field(default_factory=list)
    incidents: list = field(default_factory=list)
    fair: dict = field(default_factory=dict)


class Chance(random.Random):
    def moment(self) -> datetime:
        """Within the last 17 months; half of them just before, on or after something that matters."""
        if self.random() < 0.5:
            edge = self.choice(BOUNDARIES) - timedelta(days=self.choice(LENGTHS))
            return min(NOW, edge + self.choice([-TICK, timedelta(0), TICK, timedelta(minutes=30)]))
        return NOW - timedelta(seconds=self.randrange(520 * 86400))

    def later(self, start: datetime, lengths: list) -> datetime | None:
        """A time after `start`, often exactly one of `lengths` (in days) later; None if that is still to come."""
        days = self.choice(lengths) if self.random() < 0.6 else self.randrange(150)
        nudge = self.choice([-TICK, timedelta(0), timedelta(0), TICK, timedelta(hours=self.randrange(24))])
        found = max(start, start + timedelta(days=days) + nudge)
        return found if found < NOW else None

    def day(self) -> date:
        return (self.moment() + timedelta(hours=self.choice([0, 1]))).date()


def make(seed: int, how_many: int = 40) -> list[PersonRecord]:
    chance = Chance(seed)
    return [more_history.enrich(_person(chance), chance) for _ in range(how_many)]


def _person(chance: Chance) -> PersonRecord:
    since = chance.choice([date(2024, 1, 1), date(2025, 1, 1), chance.day()])
    left = chance.choice([None, None, None, max(since, chance.day())])
    adult_edge = date(2008, chance.choice([3, 9, 10, 11]), chance.choice([1, 28, 30]))
    born = chance.choice([date(1980, 1, 1), date(1950, 6, 6), None, adult_edge, date(2012, 1, 1)])
    screenings = sorted((_screening(chance) for _ in range(chance.randrange(5))), key=lambda one: one.at)
    if chance.random() < 0.2:
        screenings.append(ScreeningRecord(chance.moment(), "draft", {}, "", [], set()))
    _carry_on([one for one in screenings if one.counts])
    return PersonRecord(
        team=chance.choice([0, 0, 1, 2]),
        born=born,
        since=since,
        left=left,
        screenings=screenings,
        referrals=[_referral(chance) for _ in range(chance.randrange(3))],
    )


def _screening(chance: Chance) -> ScreeningRecord:
    at = chance.moment()
    levels = {theme: chance.choice(LEVELS) for theme in rows.THEMES}
    status = chance.choice(["submitted"] * 5 + ["paused", "void"])
    raised = chance.sample(CODES, chance.randrange(len(CODES)))
    needs = [NeedRecord(code, _decisions(chance, at), _unmet(chance)) for code in raised]
    asked = set(chance.sample(CODES, chance.randrange(len(CODES) + 1)))
    return ScreeningRecord(at, status, levels, chance.choice(STATUSES), needs, asked)


def _decisions(chance: Chance, at: datetime) -> list:
    found = [(chance.later(at, [0, 14]), chance.choice(["agreed", "not_now", "declined"])) for _ in range(2)]
    return sorted((when, decision) for when, decision in found if when and chance.random() < 0.4)


def _unmet(chance: Chance) -> list:
    """One a day at most."""
    days = {chance.day() for _ in range(chance.choice([0, 0, 1, 3]))}
    return [(day, chance.choice(["none_near", "none_in_format"])) for day in sorted(days)]


def _carry_on(screenings: list[ScreeningRecord]) -> None:
    """What is raised again is carried on, with what was agreed; what was asked about and is gone is resolved."""
    still_open: dict[str, NeedRecord] = {}
    for screening in screenings:
        raised = {need.code: need for need in screening.needs}
        for code in [code for code in screening.asked if code in still_open and code not in raised]:
            still_open.pop(code).resolved_by = screening
        for code, need in raised.items():
            if code in still_open:
                still_open[code].carried_to = need
                need.agreed_before = _agreed(still_open[code], screening.at)
            still_open[code] = need


def _agreed(need: NeedRecord, before: datetime) -> datetime | None:
    told = [decision for decision in need.decisions if decision[0] < before]
    if not told:
        return need.agreed_before
    when, decision = told[-1]
    return when if decision == "agreed" else None


def _referral(chance: Chance) -> ReferralRecord:
    sent = chance.moment()
    record = ReferralRecord(sent, [], error=chance.random() < 0.1)
    record.acknowledged = chance.choice([None, chance.later(sent, [0, 14])])
    record.first_contact = chance.choice([None, chance.later(sent, [14, 42])])
    record.ended = chance.choice([None, chance.later(sent, [14, 42, 84])])
    moves = [("acknowledged", record.acknowledged), ("active", record.first_contact), ("closed", record.ended)]
    record.states = sorted(((when, state) for state, when in moves if when), key=lambda move: move[0])
    if record.ended:
        record.ended_state = chance.choice(["closed", "closed", "withdrawn", "cancelled", "rerouted"])
        record.reason = chance.choice(["full", "too_long", "a-reason-of-their-own"])
        record.outcome = chance.choice(["helped", "not_helped"])
        record.states = [move for move in record.states if move[0] <= record.ended and move[1] != "closed"]
        record.states.append((record.ended, record.ended_state))
        words = ["person", "carer", "provider_only", "nobody"]
        record.words = [chance.choice(words) for _ in range(chance.randrange(3))]
    record.warm, record.who_was_there = chance.random() < 0.5, chance.random() < 0.5
    record.loan = chance.choice([None, chance.day()])
    return record
