"""From true figures to what may be shown of them: the one door of pages, files and prints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from reports import disclosure
from reports.disclosure import Shown
from reports.figures import Figures, Rate, Waits
from reports.indicator import Indicator
from reports.periods import Period
from reports.scope import days_of
from reports.summary import Ask, Sums


@dataclass(frozen=True)
class Point:
    """One share in one period."""

    period: Period
    share: Shown
    numerator: Shown
    denominator: Shown
    not_known: Shown


@dataclass(frozen=True)
class Showing:
    """One period of one scope. `months`: those of a quarter, each of which is shown by itself elsewhere."""

    period: Period
    true: Figures
    months: Sequence[Figures] = ()

    def rate(self, measure: Indicator) -> Point:
        if measure.per_person > 1:
            return self._rate_of_things(measure)
        rate, months = self.true.rate(measure), [one.rate(measure) for one in self._parts(measure)]
        numerator, denominator, not_known = (
            _counted(part, rate, months) for part in ("numerator", "denominator", "not_known")
        )
        share, part = disclosure.share(numerator, denominator), disclosure.part_of(numerator, denominator)
        if measure.whole_only:
            part = disclosure.of_private(part, denominator)
        return Point(self.period, share, part, denominator, not_known)

    def _rate_of_things(self, measure: Indicator) -> Point:
        rate, people = self.true.rate(measure), self.true.people(measure)
        numbers = (rate.numerator, rate.denominator, rate.not_known)
        return Point(
            self.period,
            disclosure.share_of_things(rate.numerator, rate.denominator, people),
            *(disclosure.things(number, people, measure.per_person) for number in numbers),
        )

    def rows(self, indicator: Indicator) -> dict[str, Shown]:
        """By part; only those with anybody in them."""
        months = [one.rows(indicator) for one in self._parts(indicator)]
        return {
            part: disclosure.total(n, [disclosure.count(month.get(part, 0)) for month in months])
            for part, n in self.true.rows(indicator).items()
        }

    def waits(self) -> "ShownWaits":
        return ShownWaits.of(self.true.waits())

    def _parts(self, indicator: Indicator) -> Sequence[Figures]:
        """What stands at the end of a quarter is what stands at the end of its last month: nothing is added up."""
        return () if indicator.standing else self.months


@dataclass(frozen=True)
class ShownWaits:
    half: Shown
    nine_in_ten: Shown
    reached: Shown
    waiting: Shown
    ended: Shown

    @classmethod
    def of(cls, true: Waits) -> "ShownWaits":
        return cls(
            disclosure.days(true.median, true.reached),
            disclosure.days(true.ninetieth, true.reached),
            disclosure.count(true.reached),
            disclosure.count(true.waiting),
            disclosure.count(true.ended),
        )


def _counted(part: str, rate: Rate, months: Sequence[Rate]) -> Shown:
    return disclosure.total(getattr(rate, part), [disclosure.count(getattr(one, part)) for one in months])


def ask(
    scopes: Sequence[UUID], periods: Sequence[Period], now: datetime, codes: Sequence[str] | None = None
) -> Ask:
    return Ask(scopes, [days_of(period, now) for period in _with_months(periods, now)], codes)


def unpack(sums: Sequence[Sums], periods: Sequence[Period], now: datetime) -> list[Showing]:
    """Of one scope, from the answer to `ask`."""
    every = _with_months(periods, now)
    figures = {period: Figures(one, period.is_quarter) for period, one in zip(every, sums, strict=True)}
    parts = {period: _begun(period, now) if period.is_quarter else [] for period in periods}
    return [Showing(period, figures[period], [figures[month] for month in parts[period]]) for period in periods]


def _with_months(periods: Sequence[Period], now: datetime) -> list[Period]:
    found: dict[Period, None] = dict.fromkeys(periods)
    for period in periods:
        found.update(dict.fromkeys(_begun(period, now)))
    return list(found)


def _begun(period: Period, now: datetime) -> list[Period]:
    """The months of which at least a day is over."""
    first_and_last = ((month, days_of(month, now)) for month in period.months)
    return [month for month, (first, last) in first_and_last if first <= last]
