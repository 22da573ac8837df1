"""True figures of one scope, read from its sums: shares, counts by row, and waits. None is shown as it is."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import median, quantiles

from reports import indicators
from reports.indicator import DENOMINATOR, NOT_KNOWN, NUMERATOR, PEOPLE, Indicator
from reports.indicators import onwards
from reports.spans import QUARTERLY
from reports.summary import Sums

PARTS = (NUMERATOR, DENOMINATOR, NOT_KNOWN)


@dataclass(frozen=True)
class Rate:
    """`not_known` counts those of whom it cannot be said; they are in neither of the others."""

    numerator: int
    denominator: int
    not_known: int = 0


@dataclass(frozen=True)
class Waits:
    """Days from sending to the first contact both ways, of those `reached`; and how many were not."""

    median: int | None
    ninetieth: int | None
    reached: int
    waiting: int
    ended: int


@dataclass(frozen=True)
class Figures:
    sums: Sums
    quarter: bool = False

    def _counts(self, indicator: Indicator) -> Counter[str]:
        return self.sums.standing if indicator.standing else self.sums.within

    def rate(self, indicator: Indicator) -> Rate:
        counts = self._counts(indicator)
        return Rate(*(counts[indicator.code_of(part, quarter=self.quarter)] for part in PARTS))

    def rows(self, indicator: Indicator) -> dict[str, int]:
        """By part, such as a need or "kind:reason"; only those with anybody in them."""
        quarterly = self.quarter and indicator.by_quarter
        found = {}
        for code, n in self._counts(indicator).items():
            name, _colon, part = code.partition(":")
            if n and name == indicator.code and part.endswith(QUARTERLY) == quarterly:
                found[part.removesuffix(QUARTERLY)] = n
        return found

    def people(self, indicator: Indicator) -> int:
        """How many lie behind a rate that counts something else; 0 where nobody does, or it counts no people."""
        return self._counts(indicator)[indicator.code_of(PEOPLE, quarter=self.quarter)]

    def rates(self, indicator: Indicator) -> dict[str, Rate]:
        """By all but the last part of the code, such as a rule, or "grouping:group"."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for part, n in self.rows(indicator).items():
            row, _colon, which = part.rpartition(":")
            found[row][which] = n
        return {row: Rate(*(of[which] for which in PARTS)) for row, of in found.items()}

    def minutes(self, indicator: Indicator) -> tuple[int | None, int]:
        """The median, and of how many."""
        took = sorted(Counter({int(part): n for part, n in self.rows(indicator).items()}).elements())
        return (round(median(took)) if took else None), len(took)

    def waits(self) -> Waits:
        rows = self.rows(indicators.BY_CODE["waits"])
        days = Counter({int(part.partition(":")[2]): n for part, n in rows.items() if ":" in part})
        waited = sorted(days.elements())
        return Waits(
            median=round(median(waited)) if waited else None,
            ninetieth=_ninetieth(waited),
            reached=len(waited),
            waiting=rows.get(onwards.WAITING, 0),
            ended=rows.get(onwards.ENDED, 0),
        )


def _ninetieth(waited: list[int]) -> int | None:
    if len(waited) < 2:
        return waited[0] if waited else None
    return round(quantiles(waited, n=10, method="inclusive")[-1])
