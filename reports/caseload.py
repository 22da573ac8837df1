"""The caseload report as it may be shown: every figure through disclosure, with its words and its chart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString

from accounts import clock
from accounts.models import Organisation, Team
from directory import kinds
from directory.models import UnmetNeed
from referrals.lifecycle import Status
from reports import breakdowns, disclosure
from reports.charts import Bar, bars
from reports.disclosure import Shown
from reports.measures import MEASURES, Measure
from reports.periods import Month
from reports.scope import Scope
from screening import questionnaire
from screening.words import LEVELS

CURRENT = "in their latest whole screening, if it is of the last 365 days"
NOT_FOR_TEAMS = "What private questions raise is shown for the whole organisation only."


@dataclass(frozen=True)
class Figure:
    """One measure, this month and last."""

    measure: Measure
    share: Shown
    numerator: Shown
    denominator: Shown
    not_known: Shown
    last_month: Shown


@dataclass(frozen=True)
class Table:
    """One question of the report. What mixes people and days cannot be drawn to one scale."""

    code: str
    title: str
    definition: str
    columns: tuple[str, str]
    rows: list[tuple[str, Shown]]
    empty: str = "Nobody to count yet. People appear here 28 days after they join the caseload, once screened."
    one_scale: bool = True

    @property
    def chart(self) -> SafeString | None:
        """None where there is no bar to draw."""
        if not self.one_scale or not any(shown.value for _, shown in self.rows):
            return None
        return bars(self.title, [Bar(label, shown) for label, shown in self.rows])


@dataclass(frozen=True)
class CaseloadReport:
    organisation: Organisation
    team: Team | None
    month: Month
    now: datetime = field(default_factory=clock.now)

    @property
    def scope(self) -> Scope:
        return Scope(self.organisation, self.team, self.month, self.now)

    @property
    def is_running(self) -> bool:
        """The month is not over: its figures will still change."""
        return self.now < self.month.ends_at

    @property
    def whose(self) -> str:
        return f"{self.team}, {self.organisation}" if self.team else str(self.organisation)

    @cached_property
    def figures(self) -> list[Figure]:
        before = Scope(self.organisation, self.team, self.month.previous(), self.now)
        return [_figure(measure, self.scope, before) for measure in MEASURES]

    @cached_property
    def tables(self) -> list[Table]:
        definition = questionnaire.latest("getting-online")
        return [
            *(_levels(self.scope, theme.code, theme.title) for theme in definition.themes),
            _statuses(self.scope, {status.code: status.title for status in definition.statuses}),
            _needs(self.scope, {need.code: need.title for need in definition.needs}),
            _states(self.scope),
            _waits(self.scope),
            _unmet(self.scope),
        ]


def _figure(measure: Measure, scope: Scope, before: Scope) -> Figure:
    now, then = measure.work(scope), measure.work(before)
    return Figure(
        measure,
        share=disclosure.percent(now.numerator, now.denominator),
        numerator=disclosure.count(now.numerator),
        denominator=disclosure.count(now.denominator),
        not_known=disclosure.count(now.not_known),
        last_month=disclosure.percent(then.numerator, then.denominator),
    )


def _levels(scope: Scope, theme: str, title: str) -> Table:
    return Table(
        f"level_{theme}",
        f"{title}: how much it weighs",
        f"People by the level of this theme {CURRENT}. “At least some” and “Not known” mean that questions were "
        "left open: never “no need”.",
        ("Level", "People"),
        _in_order(LEVELS, breakdowns.levels(scope, theme)),
    )


def _statuses(scope: Scope, words: Mapping[str, str]) -> Table:
    return Table(
        "status",
        "Where people stand",
        f"People by the overall status {CURRENT}.",
        ("Status", "People"),
        _in_order(words, breakdowns.statuses(scope)),
    )


def _needs(scope: Scope, words: Mapping[str, str]) -> Table:
    return Table(
        "needs",
        "What people need",
        f"People with each need {CURRENT}. {NOT_FOR_TEAMS}",
        ("Need", "People"),
        largest_first({words.get(code, code): people for code, people in breakdowns.needs(scope).items()}),
    )


def _states(scope: Scope) -> Table:
    return Table(
        "states",
        "Where referrals are",
        "Referrals by the state that they were in at the end of the month. What was entered in error is left out.",
        ("State", "Referrals"),
        _in_order(
            {state: state.label for state in Status if state is not Status.ENTERED_IN_ERROR},
            breakdowns.referral_states(scope),
        ),
        empty="No referrals yet. They appear here in the month in which they are made.",
    )


def _waits(scope: Scope) -> Table:
    found = breakdowns.waits(scope)
    rows = [
        ("Half were reached within", disclosure.days(found.median, found.reached)),
        ("Nine in ten were reached within", disclosure.days(found.ninetieth, found.reached)),
        ("Referrals where the person was reached", disclosure.count(found.reached)),
        ("Referrals still waiting", disclosure.count(found.waiting)),
        ("Referrals that ended before that", disclosure.count(found.ended)),
    ]
    return Table(
        "waits",
        "How long people waited",
        f"Days from sending a referral to the first contact both ways, of referrals sent in the "
        f"{breakdowns.WAIT_DAYS} days up to the end of the month. Those not reached are counted beside them, and "
        "are not in the days.",
        ("Wait", "Figure"),
        rows if found.reached or found.waiting or found.ended else [],
        empty="No referral was sent in the 90 days up to the end of the month.",
        one_scale=False,
    )


def _unmet(scope: Scope) -> Table:
    reasons = dict(UnmetNeed.Reason.choices)
    counted = {
        f"{kinds.TITLES.get(kind, kind)}: {reasons[reason].lower()}": needs
        for (kind, reason), needs in breakdowns.unmet(scope).items()
    }
    return Table(
        "unmet",
        "What was missing locally",
        "Agreed needs for which nothing fitted, by kind of support and why, as recorded this month; a need that "
        f"was recorded twice for the same reason counts once. {NOT_FOR_TEAMS}",
        ("Support and reason", "Needs"),
        largest_first(counted),
        empty="No unmet needs were recorded this month. Staff record them on the “Choose support” page.",
    )


def _in_order(words: Mapping[Any, str], counted: Mapping[str, int]) -> list[tuple[str, Shown]]:
    """Every row in the words' order, zeros too, then codes without words; no rows where nothing was counted."""
    if not counted:
        return []
    every = {**words, **{code: code for code in sorted(counted) if code not in words}}
    return [(label, disclosure.count(counted.get(code, 0))) for code, label in every.items()]


def largest_first(counted: Mapping[str, int]) -> list[tuple[str, Shown]]:
    """By what is shown, then by name: the order of suppressed rows must not give them away."""
    rows = [(label, disclosure.count(number)) for label, number in counted.items()]
    return sorted(rows, key=lambda row: (-(row[1].value or 0), row[0]))
