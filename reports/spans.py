"""When something counts: from one day to another, or on one day. All days are London's.

Pure. Sums of these, by day, are all that a report reads (reports/tallies.py).
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from people.london import london_day

QUARTERLY = "@quarter"
"""Ends the code of what counts once a quarter: where it counts once a period, three months do not add up to it."""


class Span(NamedTuple):
    """Counts in every period whose last day lies from `start` to the day before `end`; without `end` for ever."""

    code: str
    start: date
    end: date | None = None
    n: int = 1

    def steps(self) -> Iterator[tuple[str, date, int]]:
        if self.end is None or self.start < self.end:
            yield self.code, self.start, self.n
            if self.end is not None:
                yield self.code, self.end, -self.n


class Point(NamedTuple):
    """Counts in the period in which `day` lies."""

    code: str
    day: date
    n: int = 1

    def steps(self) -> Iterator[tuple[str, date, int]]:
        yield self.code, self.day, self.n


Counts = Iterator[Span | Point]


def named(code: str, one: Span | Point) -> Span | Point:
    """The same with another code. In a third of the time of `_replace`: this is done for all that is counted."""
    if isinstance(one, Point):
        return Point(code, one.day, one.n)
    return Span(code, one.start, one.end, one.n)


def once(code: str, days: Iterable[date]) -> Iterator[Point]:
    """Counts once in each month and in each quarter that has one of `days`, from the first of them on."""
    months: dict[tuple[int, int], date] = {}
    quarters: dict[tuple[int, int], date] = {}
    for day in sorted(days):
        months.setdefault((day.year, day.month), day)
        quarters.setdefault((day.year, (day.month - 1) // 3), day)
    yield from (Point(code, day) for day in months.values())
    yield from (Point(code + QUARTERLY, day) for day in quarters.values())


def up_on(when: datetime, days: int) -> date:
    """The day on which `days` times 24 hours after `when` are up: no change of the clocks moves it."""
    return london_day(when + timedelta(days=days))


def earliest(*ends: date | None) -> date | None:
    """The first of them; None is never."""
    return min((end for end in ends if end is not None), default=None)
