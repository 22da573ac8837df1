"""The rows of any indicator as they may be shown, by its shape alone, with words for them.

A page, an export or a print that goes through `of` needs to know nothing of a single indicator.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from accounts.wording import gettext_lazy as _
from people.groups import GROUPINGS
from reports import disclosure
from reports.disclosure import Shown
from reports.figures import Rate
from reports.indicator import DENOMINATOR, NOT_KNOWN, NUMERATOR, Indicator, Shape
from reports.indicators.equity import TEAM
from reports.showing import Showing
from reports.words import ROWS, Rows

Teams = Mapping[str, str]
"""Id → name: a team stands for itself in a code."""
NOTHING = disclosure.count(0)


@dataclass(frozen=True)
class Row:
    label: str
    cells: tuple[Shown, ...]


@dataclass(frozen=True)
class Grid:
    """One table of an indicator. `title`: of what it is, where the indicator has several; `columns`: a heading for
    the rows and one for each cell."""

    code: str
    title: str
    columns: tuple[str, ...]
    rows: list[Row]


def of(indicator: Indicator, showing: Showing, teams: Teams | None = None) -> list[Grid]:
    """None for a share by itself."""
    make = MAKERS.get(indicator.shape)
    return list(make(indicator, showing, teams or {})) if make else []


COUNTED = (_("What"), _("Number"))


def _mix(indicator: Indicator, showing: Showing, teams: Teams) -> Iterator[Grid]:
    words = ROWS[indicator.code]
    yield Grid(indicator.code, "", COUNTED, _rows(words, words.rows(), showing.rows(indicator)))


def _mixes(indicator: Indicator, showing: Showing, teams: Teams) -> Iterator[Grid]:
    words, found = ROWS[indicator.code], _split(showing.rows(indicator))
    for thing, title in _in_order(words.rows(), found):
        rows = _rows(words, words.columns(), found.get(thing, {}))
        yield Grid(f"{indicator.code}_{thing}", title, COUNTED, rows)


def _split(rows: Mapping[str, Shown]) -> dict[str, dict[str, Shown]]:
    """By the first part of the code, then by the rest."""
    found: defaultdict[str, dict[str, Shown]] = defaultdict(dict)
    for code, shown in rows.items():
        thing, _colon, rest = code.partition(":")
        found[thing][rest] = shown
    return dict(found)


def _pairs(indicator: Indicator, showing: Showing, teams: Teams) -> Iterator[Grid]:
    words, counted = ROWS[indicator.code], showing.rows(indicator)
    rows, columns = words.rows(), words.columns()
    labels = {}
    for code in counted:
        row, _colon, column = code.partition(":")
        parts = (rows.get(row, row), columns.get(column, column))
        labels[code] = ": ".join(str(part) for part in parts if part)
    yield Grid(indicator.code, "", COUNTED, _rows(words, labels, counted))


def _rows(words: Rows, labels: Mapping[str, str], counted: Mapping[str, Shown]) -> list[Row]:
    """None where nothing was counted. Otherwise in the words' order, or by what is shown and then by name: the
    order of what is held back must not give it away."""
    if not counted:
        return []
    if words.in_order:
        return [Row(str(label), (counted.get(code, NOTHING),)) for code, label in _in_order(labels, counted)]
    return _by_size([Row(str(labels.get(code, code)), (shown,)) for code, shown in counted.items()], 0)


def _by_size(rows: list[Row], cell: int) -> list[Row]:
    return sorted(rows, key=lambda row: (-(row.cells[cell].value or 0), row.label))


def _in_order(labels: Mapping[str, str], found: Mapping[str, object]) -> list[tuple[str, str]]:
    """Every code with words, then those without."""
    return [*labels.items(), *((code, code) for code in sorted(found) if code not in labels)]


# --- Shares by row --------------------------------------------------------------------------------------------

SHARE = (_("Share"), _("Of these"), _("Out of"), _("Not known"))
Parts = Mapping[str, Shown]


def _rates(indicator: Indicator, showing: Showing, teams: Teams) -> Iterator[Grid]:
    labels, found = ROWS[indicator.code].rows(), _split(showing.rows(indicator))
    rows = [Row(str(labels.get(code, code)), _share(parts)) for code, parts in found.items()]
    yield Grid(indicator.code, "", (_("What"), *SHARE), _by_size(rows, 2))


def _share(parts: Parts) -> tuple[Shown, ...]:
    of, out_of = _of_and_out_of(parts)
    return disclosure.share(of, out_of), disclosure.part_of(of, out_of), out_of, parts.get(NOT_KNOWN, NOTHING)


def _of_and_out_of(parts: Parts) -> tuple[Shown, Shown]:
    return parts.get(NUMERATOR, NOTHING), parts.get(DENOMINATOR, NOTHING)


def _equity(indicator: Indicator, showing: Showing, teams: Teams) -> Iterator[Grid]:
    """A group is held against all others of its grouping together, those of whom it is not known among them."""
    shown, true = _split(showing.rows(indicator)), _groups(showing.true.rates(indicator))
    columns = (_("Group"), *SHARE, _("Difference from all others, in points"), _("95% interval"))
    for grouping, title in ROWS[indicator.code].rows().items():
        labels = teams if grouping == TEAM else GROUPINGS[grouping].groups
        groups, rates = _split(shown.get(grouping, {})), true.get(grouping, {})
        rows = [
            Row(str(label), (*_share(groups.get(code, {})), *_apart(code, groups.get(code, {}), rates)))
            for code, label in (_in_order(labels, groups) if groups else [])
        ]
        yield Grid(f"{indicator.code}_{grouping}", title, columns, rows)


def _groups(rates: Mapping[str, Rate]) -> dict[str, dict[str, Rate]]:
    found: defaultdict[str, dict[str, Rate]] = defaultdict(dict)
    for code, rate in rates.items():
        grouping, _colon, group = code.partition(":")
        found[grouping][group] = rate
    return dict(found)


def _apart(code: str, parts: Parts, rates: Mapping[str, Rate]) -> tuple[Shown, Shown]:
    others = [rate for group, rate in rates.items() if group != code]
    of, out_of = sum(one.numerator for one in others), sum(one.denominator for one in others)
    return disclosure.difference(_of_and_out_of(parts), (disclosure.count(of), disclosure.count(out_of)))


# --- Numbers of days and minutes, and stages ------------------------------------------------------------------


def _waits(indicator: Indicator, showing: Showing, teams: Teams) -> Iterator[Grid]:
    found = showing.waits()
    counts = {
        _("Referrals where the person was reached"): found.reached,
        _("Referrals still waiting"): found.waiting,
        _("Referrals that ended before that"): found.ended,
    }
    days = {_("Half were reached within"): found.half, _("Nine in ten were reached within"): found.nine_in_ten}
    nobody = all(shown.value == 0 for shown in counts.values())
    rows = [] if nobody else [Row(label, (shown,)) for label, shown in {**days, **counts}.items()]
    yield Grid(indicator.code, "", (_("Wait"), _("Figure")), rows)


def _minutes(indicator: Indicator, showing: Showing, teams: Teams) -> Iterator[Grid]:
    median, of = showing.true.minutes(indicator)
    rows = [
        Row(_("Half took at most"), (disclosure.minutes(median, of),)),
        Row(_("Screenings"), (disclosure.count(of),)),
    ]
    yield Grid(indicator.code, "", (_("Time"), _("Figure")), rows if of else [])


def _funnel(indicator: Indicator, showing: Showing, teams: Teams) -> Iterator[Grid]:
    """Beside each stage its share of the first."""
    labels, counted = ROWS[indicator.code].rows(), showing.rows(indicator)
    first = counted.get(next(iter(labels)), NOTHING)
    stages = [(label, counted.get(code, NOTHING)) for code, label in labels.items()]
    rows = [Row(str(label), (shown, disclosure.share(shown, first))) for label, shown in stages]
    columns = (_("Stage"), _("People"), _("Of those screened"))
    yield Grid(indicator.code, "", columns, rows if counted else [])


MAKERS: dict[Shape, Callable[[Indicator, Showing, Teams], Iterator[Grid]]] = {
    Shape.MIX: _mix,
    Shape.MIXES: _mixes,
    Shape.PAIRS: _pairs,
    Shape.RATES: _rates,
    Shape.EQUITY: _equity,
    Shape.WAITS: _waits,
    Shape.MINUTES: _minutes,
    Shape.FUNNEL: _funnel,
}
