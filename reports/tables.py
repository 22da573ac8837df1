"""Counts by row as they may be shown on a page: tables with their words, and the chart beside them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString

from accounts.wording import gettext_lazy as _
from reports import disclosure, grids
from reports.charts.bars import Bar, bars
from reports.charts.funnel import funnel
from reports.charts.spread import spread
from reports.charts.stacks import Change, Stack, diverging, stacked
from reports.disclosure import Shown
from reports.indicator import Indicator, Shape
from reports.indicators.onwards import WAIT_DAYS
from reports.showing import Showing

NOT_FOR_TEAMS = _("What private questions raise is shown for the whole organisation only.")
NOBODY_YET = _("Nobody to count yet. People appear here 28 days after they join the caseload, once screened.")
NOTHING_THEN = _("Nothing to count in this time. Some of it is counted for the whole organisation only.")


@dataclass(frozen=True)
class Table:
    """`lines`: each row's label with all its figures. `short`: its title among others of its kind."""

    code: str
    title: str
    definition: str
    columns: tuple[str, ...]
    lines: list[tuple[str, tuple[Shown, ...]]]
    empty: str
    short: str

    @property
    def rows(self) -> list[tuple[str, Shown]]:
        """With the first figure of each, which is the one that is drawn."""
        return [(label, figures[0]) for label, figures in self.lines]


@dataclass(frozen=True)
class Section:
    """One indicator of rows: its chart, and the table or tables beside it."""

    indicator: Indicator
    tables: list[Table]

    @property
    def definition(self) -> str:
        return self.tables[0].definition

    @property
    def is_empty(self) -> bool:
        return not any(table.rows for table in self.tables)

    @property
    def chart(self) -> SafeString | None:
        """None where there is nothing to draw."""
        if not any(shown.value for table in self.tables for _label, shown in table.rows):
            return None
        draw = DRAWN.get(self.indicator.code, _bars if self.indicator.shape in BARS else None)
        return draw(self) if draw else None


def _bars(section: Section) -> SafeString:
    (table,) = section.tables
    return bars(table.title, [Bar(label, shown) for label, shown in table.rows])


def _stacked(section: Section) -> SafeString:
    stacks = [Stack(table.short, table.rows) for table in section.tables if table.rows]
    return stacked(section.indicator.title, stacks, section.indicator.code)


def _spread(section: Section) -> SafeString | None:
    (_half, half), (_nine, nine_in_ten), *_counts = section.tables[0].rows
    return spread(section.indicator.title, half, nine_in_ten, WAIT_DAYS)


def _funnel(section: Section) -> SafeString:
    (table,) = section.tables
    return funnel(section.indicator.title, [Bar(label, shown) for label, shown in table.rows])


def _changes(section: Section) -> SafeString:
    """Rows come as better, the same, worse, and not known, which is in the table alone."""
    changes = []
    for table in section.tables:
        if table.rows:
            better, same, worse, _not_known = (shown for _label, shown in table.rows)
            changes.append(Change(table.short, better, same, worse))
    return diverging(section.indicator.title, changes, section.indicator.code)


DRAWN: dict[str, Callable[[Section], SafeString | None]] = {
    "levels": _stacked,
    "waits": _spread,
    "follow_up_results": _stacked,
    "funnel": _funnel,
    "change": _changes,
}
"""How an indicator is drawn, if not as bars."""


BARS = (Shape.MIX, Shape.PAIRS, Shape.FUNNEL)
"""Others are shares or several tables, which one scale does not fit."""


@dataclass(frozen=True)
class Dress:
    """What a table says in words of its own. `title` takes the one of a table among several, whose codes begin
    with `code`."""

    columns: tuple[str, ...]
    empty: str = NOBODY_YET
    title: str = ""
    code: str = ""
    not_for_teams: bool = False


NEEDS = _("Needs")
DRESSED = {
    "levels": Dress((_("Level"), _("People")), title=_("%(title)s: how much it weighs"), code="level"),
    "status": Dress((_("Status"), _("People"))),
    "needs": Dress((_("Need"), _("People")), not_for_teams=True),
    "states": Dress(
        (_("State"), _("Referrals")),
        _("No referrals yet. They appear here in the month in which they are made."),
    ),
    "waits": Dress((_("Wait"), _("Figure")), _("No referral was sent in the 90 days up to the end of the month.")),
    "unmet": Dress(
        (_("Support and reason"), NEEDS),
        _("No unmet needs were recorded this month. Staff record them on the “Choose support” page."),
        not_for_teams=True,
    ),
    "unmet_area": Dress(
        (_("District and support"), NEEDS), _("No unmet needs were recorded this month."), not_for_teams=True
    ),
}
"""By the code of the indicator; the others go as their grid is."""


def of(indicator: Indicator, showing: Showing, teams: Mapping[str, str] | None = None) -> Section:
    """`teams`: id → name, for shares by team."""
    return Section(indicator, [_table(indicator, grid) for grid in grids.of(indicator, showing, teams)])


def _table(indicator: Indicator, grid: grids.Grid) -> Table:
    dress = DRESSED.get(indicator.code) or Dress(grid.columns, NOTHING_THEN)
    title = f"{indicator.title}: {grid.title}" if grid.title else indicator.title
    definition = f"{indicator.definition} {NOT_FOR_TEAMS}" if dress.not_for_teams else indicator.definition
    return Table(
        grid.code.replace(indicator.code, dress.code or indicator.code, 1),
        dress.title % {"title": grid.title} if dress.title else title,
        definition,
        dress.columns,
        [(row.label, row.cells) for row in grid.rows],
        dress.empty,
        grid.title,
    )


def largest_first(counted: Mapping[str, int]) -> list[tuple[str, Shown]]:
    """By what is shown, then by name: the order of suppressed rows must not give them away."""
    rows = [(label, disclosure.count(number)) for label, number in counted.items()]
    return sorted(rows, key=lambda row: (-(row[1].value or 0), row[0]))
