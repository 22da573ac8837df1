"""What an indicator is: words, and a function that says of one person what counts, and when.

Pure.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reports.sight import Sight
from reports.spans import QUARTERLY, Counts, Point, Span, named

NUMERATOR, DENOMINATOR, NOT_KNOWN = "of", "out_of", "not_known"
PEOPLE = "people"
"""Part of a rate that does not count people: how many lie behind it."""


class Shape(StrEnum):
    """How the codes of an indicator are built, and so how a page can show it."""

    RATE = "rate"
    """The parts of one share: NUMERATOR, DENOMINATOR, NOT_KNOWN."""
    RATES = "rates"
    """A share for each row: "row:of"."""
    MIX = "mix"
    """A number for each row."""
    MIXES = "mixes"
    """A mix for each of several things: "thing:row"."""
    PAIRS = "pairs"
    """A number for each pair: "row:column"."""
    WAITS = "waits"
    """Days waited, and those who still wait or were not reached (reports/indicators/onwards.py)."""
    MINUTES = "minutes"
    """How often each number of minutes."""
    FUNNEL = "funnel"
    """A number for each stage, each a part of the one before."""
    EQUITY = "equity"
    """A share for each group of each grouping: "grouping:group:of"."""


class Page(StrEnum):
    """The question that an indicator helps to answer: each is a page of the report, in this order."""

    REACH = "reach"
    NEEDS = "needs"
    ACTING = "acting"
    REFERRALS = "referrals"
    OUTCOMES = "outcomes"
    EQUITY = "equity"
    MISSING = "missing"


@dataclass(frozen=True)
class Indicator:
    """`work` yields spans and points whose codes are the parts of the indicator, such as "out_of" or a level.

    `standing`: counts what is so on the last day of a period; otherwise what happened in it. `by_quarter`: one
    person counts once a period, so that a quarter has counts of its own. `whole_only`: never for a single team.
    `headline`: one of the six on an admin's home. `top`: one of the twelve that matter most. `per_person`: how
    many things one person brings to it, about; 1 where it counts people, or needs, or referrals.
    """

    code: str
    title: str
    definition: str
    page: Page
    work: Callable[[Sight], Counts]
    shape: Shape = Shape.RATE
    standing: bool = False
    by_quarter: bool = False
    whole_only: bool = False
    headline: bool = False
    top: bool = False
    per_person: int = 1

    def steps(self, sight: Sight) -> Iterator[tuple[str, date, int]]:
        """Of the spans and points; the codes are those that no other indicator has."""
        if self.whole_only and not sight.is_whole:
            return
        for one in self.work(sight):
            for part, day, n in one.steps():
                yield f"{self.code}:{part}", day, n

    def code_of(self, part: str, *, quarter: bool = False) -> str:
        return f"{self.code}:{part}{QUARTERLY if quarter and self.by_quarter else ''}"

    @property
    def rate_codes(self) -> list[str]:
        """Every code of a share, in months and in quarters."""
        parts = (NUMERATOR, DENOMINATOR, NOT_KNOWN, *([PEOPLE] if self.per_person > 1 else []))
        return sorted({self.code_of(part, quarter=quarter) for part in parts for quarter in (False, True)})


def share(*, part: bool, one: Span | Point) -> Iterator[Span | Point]:
    """`one` in the denominator, and in the numerator if it is `part` of it."""
    yield named(DENOMINATOR, one)
    if part:
        yield named(NUMERATOR, one)
