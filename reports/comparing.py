"""One share beside itself: through its periods, and team by team."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.utils.safestring import SafeString

from accounts.models import Organisation, Team
from accounts.wording import gettext_lazy as _
from reports.caseload import CaseloadReport
from reports.charts.bars import Bar, bars
from reports.charts.trend import columns
from reports.indicator import Indicator
from reports.periods import Period
from reports.rates import Figure
from reports.showing import Point


@dataclass(frozen=True)
class Compared:
    """`report` reads the one share; `names` are those of the scopes beside it."""

    report: CaseloadReport
    measure: Indicator
    names: dict[UUID, str]

    @cached_property
    def figure(self) -> Figure:
        (found,) = self.report.figures
        return found

    @property
    def trend(self) -> SafeString:
        return columns(self.measure.title, self.figure.points)

    @cached_property
    def side_by_side(self) -> list[tuple[str, Point]]:
        return [(name, self.report.showing_of(scope).rate(self.measure)) for scope, name in self.names.items()]

    @property
    def chart(self) -> SafeString:
        rows = [Bar(name, point.share) for name, point in self.side_by_side]
        return bars(_("%(title)s, team by team") % {"title": self.measure.title}, rows, most=100)


def compared(measure: Indicator, organisation: Organisation, team: Team | None, period: Period) -> Compared:
    """The whole first, then teams by name: in an order by size the place of what is held back would tell of it."""
    teams = [] if measure.whole_only else Team.objects.filter(organisation=organisation).order_by("name", "pk")
    names = {organisation.pk: _("Whole organisation"), **{one.pk: one.name for one in teams}}
    report = CaseloadReport(organisation, team, period, asked=[measure], beside=list(names))
    return Compared(report, measure, names)
