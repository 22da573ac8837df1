"""The caseload report as it may be shown: every figure through disclosure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from accounts import clock
from accounts.models import Organisation, Team
from accounts.wording import gettext_lazy as _
from reports import indicators, reading, tables
from reports.indicator import Indicator
from reports.models import Restated
from reports.periods import Period, latest
from reports.rates import Figure
from reports.scope import Scope
from reports.showing import Showing, ask, unpack
from reports.tables import Section, Table

FIRST_TIME = _(
    "The figures are being counted for the first time. That takes some minutes where there are many people; "
    "come back to this page then."
)
MONTHS, QUARTERS = 13, 8
"""How far back a trend goes."""


@dataclass(frozen=True)
class CaseloadReport:
    """`asked`: the indicators that are read and shown, all of them unless a page needs fewer. `beside`: other
    scopes whose shares of this period are wanted too."""

    organisation: Organisation
    team: Team | None
    period: Period
    now: datetime = field(default_factory=clock.now)
    asked: Sequence[Indicator] = indicators.ALL
    beside: Sequence[UUID] = ()

    @property
    def scope(self) -> Scope:
        return Scope(self.organisation, self.team, self.period, self.now)

    @property
    def is_running(self) -> bool:
        return self.scope.is_running

    @property
    def when(self) -> str:
        return self.period.so_far if self.is_running else self.period.title

    @property
    def whose(self) -> str:
        return f"{self.team}, {self.organisation}" if self.team else str(self.organisation)

    @property
    def is_counted(self) -> bool:
        """False until everybody was counted for the first time."""
        return self._reading.answers is not None

    @property
    def is_counted_anew(self) -> bool:
        return self._reading.anew

    @property
    def as_of(self) -> datetime:
        """What changed since then is not in the figures."""
        return self._reading.as_of or self.now

    @cached_property
    def restated_at(self) -> datetime | None:
        """When figures of the period last changed after its end; None where they did not."""
        months = [month.first for month in self.period.months]
        found = Restated.objects.filter(scope=self.scope.pk, month__in=months, at__gte=self.period.ends_at)
        return found.order_by("-at").values_list("at", flat=True).first()

    @property
    def periods(self) -> list[Period]:
        """Of the trend, oldest first: it reaches the same period of the year before."""
        return latest(self.period, QUARTERS if self.period.is_quarter else MONTHS)[::-1]

    @cached_property
    def figures(self) -> list[Figure]:
        answer = self._answers(0, self.scope.pk, self.periods)
        return [Figure(one, [showing.rate(one) for showing in answer]) for one in self._rates]

    @cached_property
    def sections(self) -> list[Section]:
        showing = self._answers(2, self.scope.pk, [self.period]) if self._tables else []
        return [tables.of(one, here, self._team_names) for here in showing for one in self._tables]

    @cached_property
    def _team_names(self) -> dict[str, str]:
        """Only where something is shown by team."""
        if not any(one in indicators.EQUITY for one in self._tables):
            return {}
        teams = Team.objects.filter(organisation=self.organisation).order_by("name", "pk")
        return {str(pk): name for pk, name in teams.values_list("pk", "name")}

    @property
    def tables(self) -> list[Table]:
        return [table for section in self.sections for table in section.tables]

    @property
    def _rates(self) -> list[Indicator]:
        return [one for one in indicators.RATES if one in self.asked]

    @property
    def _tables(self) -> list[Indicator]:
        return [one for one in (*indicators.TABLES, *indicators.EQUITY) if one in self.asked]

    @cached_property
    def _reading(self) -> reading.Reading:
        """All as of one moment: shares over the periods of the trend, everything else of this one."""
        pk, now = [self.scope.pk], self.now
        codes = [code for one in self._rates for code in one.rate_codes]
        asks = [ask(pk, self.periods, now, codes), ask(self.beside, [self.period], now, codes)]
        return reading.read(asks + [ask(pk, [self.period], now)] * bool(self._tables))

    def showing_of(self, scope: UUID) -> Showing:
        """One of those `beside`."""
        (found,) = self._answers(1, scope, [self.period])
        return found

    def _answers(self, place: int, scope: UUID, periods: Sequence[Period]) -> list[Showing]:
        answers = self._reading.answers
        return unpack(answers[place][scope], periods, self.now) if answers else []
