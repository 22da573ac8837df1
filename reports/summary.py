"""The summary rows: adding to them, and reading sums from them."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Case, DateField, F, Sum, UUIDField, When

from accounts import clock
from reports import indicators
from reports.models import Count, Restated
from reports.periods import Month
from reports.tallies import Cell, Tally

ADD = """
INSERT INTO reports_count (edition, scope, code, day, n) VALUES {rows}
ON CONFLICT (edition, scope, code, day) DO UPDATE SET n = reports_count.n + EXCLUDED.n
"""
"""One statement begins a row or adds to it: by the ORM that takes three, and a lock."""
AT_ONCE = 150
"""Rows a statement: five values each, of the 999 that SQLite takes."""


def add(edition: int, found: Tally) -> None:
    """In the caller's transaction."""
    today = clock.today()
    rows: Counter[Cell] = Counter()
    for cell, n in found.items():
        rows[folded(cell, today)] += n
    stored = [_stored(edition, cell, n) for cell, n in sorted(rows.items()) if n]
    with connection.cursor() as cursor:
        for start in range(0, len(stored), AT_ONCE):
            some = stored[start : start + AT_ONCE]
            values = ", ".join(["(%s, %s, %s, %s, %s)"] * len(some))
            cursor.execute(ADD.format(rows=values), [value for row in some for value in row])


def folded(cell: Cell, today: date) -> Cell:
    """Of a month that is over only its end is ever asked for, so its days are one row."""
    first = cell.day.replace(day=1)
    return cell._replace(day=first) if first < today.replace(day=1) else cell


def _stored(edition: int, cell: Cell, n: int) -> tuple[Any, ...]:
    scope = UUIDField().get_db_prep_value(cell.scope, connection)
    return (edition, scope, cell.code, connection.ops.adapt_datefield_value(cell.day), n)


def fold(edition: int) -> int:
    """Makes one row of the days of each month that has ended since; how many rows went. Changes no figure."""
    this_month = clock.today().replace(day=1)
    days = Count.objects.filter(edition=edition, day__lt=this_month).exclude(day__day=1)
    found: Tally = Counter()
    gone = list(days.values_list("pk", "scope", "code", "day", "n")[: AT_ONCE * 100])
    for _pk, scope, code, day, n in gone:
        found[Cell(scope, code, day)] += n
    Count.objects.filter(pk__in=[row[0] for row in gone]).delete()
    add(edition, found)
    return len(gone)


@dataclass(frozen=True)
class Sums:
    """`standing`: what is so at the end of the last day. `within`: what happened in the period."""

    standing: Counter[str] = field(default_factory=Counter)
    within: Counter[str] = field(default_factory=Counter)


class Ask(NamedTuple):
    """`periods`: first and last day of each. `codes`: those alone; every code where it is None."""

    scopes: Sequence[UUID]
    periods: Sequence[tuple[date, date]]
    codes: Sequence[str] | None = None


def by_period(edition: int, ask: Ask, extra: Tally) -> dict[UUID, list[Sums]]:
    """In the order of the periods. One query, however many there are: what lies before them is one step."""
    if not ask.scopes or ask.codes == []:
        return {scope: [Sums() for _period in ask.periods] for scope in ask.scopes}
    begin, end = min(first for first, _last in ask.periods), max(last for _first, last in ask.periods)
    rows = Count.objects.filter(edition=edition, scope__in=ask.scopes, day__lte=end).order_by()
    if ask.codes is not None:
        rows = rows.filter(code__in=ask.codes)
    bucket = Case(When(day__lt=begin, then=None), default="day", output_field=DateField())
    steps: dict[tuple[UUID, str], Counter[date]] = defaultdict(Counter)
    for scope, code, day, n in rows.values_list("scope", "code", bucket).annotate(Sum("n")):
        steps[scope, code][day or date.min] += n
    for cell, n in extra.items():
        if cell.scope in ask.scopes and cell.day <= end and (ask.codes is None or cell.code in ask.codes):
            steps[cell.scope, cell.code][cell.day if cell.day >= begin else date.min] += n
    found = {scope: [Sums() for _period in ask.periods] for scope in ask.scopes}
    for (scope, code), days in steps.items():
        _spread(found[scope], code, days, ask.periods)
    return found


def _spread(found: list[Sums], code: str, steps: Counter[date], periods: Sequence[tuple[date, date]]) -> None:
    days = sorted(steps)
    stands = [0, *accumulate(steps[day] for day in days)]
    for sums_of, (first, last) in zip(found, periods, strict=True):
        until = stands[bisect_right(days, last)]
        sums_of.standing[code] = until
        sums_of.within[code] = until - stands[bisect_left(days, first)] if first <= last else 0


def differing(before: int, after: int) -> Tally:
    """What one edition has more than the other, of whatever both count: what only one counts was never shown as
    another number."""
    rows = Count.objects.filter(edition__in=[before, after])
    both = set.intersection(*({_counts(code) for code in _codes(one)} for one in (before, after)))
    more = Sum(Case(When(edition=after, then="n"), default=-F("n")))
    found = rows.order_by().values_list("scope", "code", "day").annotate(more=more).exclude(more=0)
    known = both & indicators.BY_CODE.keys()
    return Counter({Cell(*cell): n for *cell, n in found.iterator() if _counts(cell[1]) in known})


def _codes(edition: int) -> Iterable[str]:
    return Count.objects.filter(edition=edition).order_by().values_list("code", flat=True).distinct()


def _counts(code: str) -> str:
    """The indicator that the row belongs to."""
    return code.split(":")[0]


def restate(found: Tally) -> None:
    """Notes the months that are over whose figures `found` changes."""
    now, today = clock.now(), clock.today()
    changed = {(scope, month.first) for scope, month in _months_changed(found, Month.of(today))}
    rows = [Restated(scope=scope, month=first, at=now) for scope, first in sorted(changed)]
    Restated.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["scope", "month"], update_fields=["at"]
    )


def _months_changed(found: Tally, running: Month) -> Iterator[tuple[UUID, Month]]:
    steps: dict[tuple[UUID, str], Counter[Month]] = defaultdict(Counter)
    for cell, n in found.items():
        steps[cell.scope, cell.code][Month.of(cell.day)] += n
    for (scope, code), by_month in steps.items():
        standing = indicators.BY_CODE[_counts(code)].standing
        month, stands = min(by_month), 0
        while month < running:
            stands = by_month[month] + (stands if standing else 0)
            if stands:
                yield scope, month
            month = month.next()
