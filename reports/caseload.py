"""The caseload report as it may be shown: every figure through disclosure, with its words and its chart."""

from dataclasses import dataclass, field
from functools import cached_property

from accounts.models import Organisation, Team
from directory import kinds
from directory.models import UnmetNeed
from referrals.lifecycle import Status
from reports import disclosure, measures
from reports.charts import Bar, bars
from reports.disclosure import Shown
from reports.measures import MEASURES, Measure, Scope
from reports.periods import Month
from screening import questionnaire

LEVEL_WORDS = {
    "high": "High",
    "some": "Some",
    "at_least_some": "At least some",
    "none": "None found",
    "not_known": "Not known",
}


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
    """One question of the report. `rows` are (label, figure)."""

    code: str
    title: str
    definition: str
    columns: tuple[str, str]
    rows: list[tuple[str, Shown]] = field(default_factory=list)
    empty: str = "Nothing to count in this month."

    @property
    def chart(self) -> str:
        return bars(self.title, [Bar(label, shown) for label, shown in self.rows])


@dataclass(frozen=True)
class CaseloadReport:
    organisation: Organisation
    team: Team | None
    month: Month

    @property
    def scope(self) -> Scope:
        return Scope(self.organisation, self.team, self.month)

    @property
    def whose(self) -> str:
        return f"{self.team}, {self.organisation}" if self.team else str(self.organisation)

    @cached_property
    def figures(self) -> list[Figure]:
        before = Scope(self.organisation, self.team, self.month.previous())
        return [_figure(measure, self.scope, before) for measure in MEASURES]

    @cached_property
    def tables(self) -> list[Table]:
        return [
            *self._level_tables(),
            self._statuses(),
            self._needs(),
            self._states(),
            self._waits(),
            self._unmet(),
        ]

    def _level_tables(self) -> list[Table]:
        definition = questionnaire.latest("getting-online")
        return [
            Table(
                f"level_{theme.code}",
                f"{theme.title}: how much it weighs",
                "People by the level of this theme in their latest submitted screening of the last 365 days. "
                "“At least some” and “Not known” mean that questions were left open: never “no need”.",
                ("Level", "People"),
                _in_order(LEVEL_WORDS, measures.levels(self.scope, theme.code)),
            )
            for theme in definition.themes
        ]

    def _statuses(self) -> Table:
        definition = questionnaire.latest("getting-online")
        words = {status.code: status.title for status in definition.statuses}
        return Table(
            "status",
            "Where people stand",
            "People by the overall status of their latest submitted screening of the last 365 days.",
            ("Status", "People"),
            _in_order(words, measures.statuses(self.scope)),
        )

    def _needs(self) -> Table:
        """Needs that a private question raised are counted for the whole organisation only."""
        definition = questionnaire.latest("getting-online")
        private = definition.sensitive_needs if self.team else frozenset()
        counted = {code: n for code, n in measures.needs(self.scope).items() if code not in private}
        return Table(
            "needs",
            "What people need",
            "People with each need in their latest submitted screening. Needs that private questions raise are "
            "shown for the whole organisation only.",
            ("Need", "People"),
            _largest_first({definition.need_title(code): n for code, n in counted.items()}),
        )

    def _states(self) -> Table:
        return Table(
            "states",
            "Where referrals are",
            "Referrals made up to the end of the month, by the state they are in today. What was entered in error "
            "is left out.",
            ("State", "Referrals"),
            _in_order({state.value: state.label for state in Status}, measures.referral_states(self.scope)),
        )

    def _waits(self) -> Table:
        found = measures.waits(self.scope)
        return Table(
            "waits",
            "How long people waited",
            "Days from sending a referral to the first contact both ways, of referrals sent in the 90 days up to "
            "the end of the month. Those still waiting are counted beside it, not left out.",
            ("Wait", "Figure"),
            [
                ("Half were reached within", disclosure.days(found.median, found.reached)),
                ("Nine in ten were reached within", disclosure.days(found.ninetieth, found.reached)),
                ("Reached", disclosure.count(found.reached)),
                ("Still waiting", disclosure.count(found.waiting)),
            ],
        )

    def _unmet(self) -> Table:
        reasons = dict(UnmetNeed.Reason.choices)
        counted = {
            f"{kinds.TITLES.get(kind, kind)}: {reasons[reason].lower()}": n
            for (kind, reason), n in measures.unmet(self.scope).items()
        }
        return Table(
            "unmet",
            "What was missing locally",
            "Agreed needs for which nothing fitted, recorded this month, by kind of support and why.",
            ("Support and reason", "Times"),
            _largest_first(counted),
            empty="No unmet needs were recorded this month.",
        )


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


def _in_order(words: dict[str, str], counted: dict[str, int]) -> list[tuple[str, Shown]]:
    """Every row in the words' order, zeros too; nothing at all where nothing was counted."""
    if not counted:
        return []
    return [(label, disclosure.count(counted.get(code, 0))) for code, label in words.items()]


def _largest_first(counted: dict[str, int]) -> list[tuple[str, Shown]]:
    """By what is shown, then by name: the order of suppressed rows must not give them away."""
    rows = [(label, disclosure.count(n)) for label, n in counted.items()]
    return sorted(rows, key=lambda row: (-(row[1].value or 0), row[0]))
