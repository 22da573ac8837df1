"""What one person adds to a share, and to which part of it: a number is opened to the people behind it.

Pure.
"""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from reports.indicator import DENOMINATOR, NOT_KNOWN, NUMERATOR, Indicator
from reports.periods import Period
from reports.sight import Sight


class Part(StrEnum):
    """Which list of people; each ends an address."""

    COUNTED = "counted"
    MISSED = "missed"
    NOT_KNOWN = "not-known"


class Asked(NamedTuple):
    """`first` and `last`: the days that count, of a running period up to yesterday."""

    indicator: Indicator
    period: Period
    first: date
    last: date


def counts(asked: Asked, part: Part, sight: Sight) -> int:
    """How often the person is in that part; added up over everybody it is the true figure."""
    return PARTS[part](lambda code: _sum(asked, code, sight))


def _sum(asked: Asked, part: str, sight: Sight) -> int:
    """As reports/summary.py reads a figure from everybody's steps."""
    wanted = asked.indicator.code_of(part, quarter=asked.period.is_quarter)
    begin = date.min if asked.indicator.standing else asked.first
    return sum(n for code, day, n in asked.indicator.steps(sight) if code == wanted and begin <= day <= asked.last)


PARTS: dict[Part, Callable[[Callable[[str], int]], int]] = {
    Part.COUNTED: lambda sum_of: sum_of(NUMERATOR),
    Part.MISSED: lambda sum_of: sum_of(DENOMINATOR) - sum_of(NUMERATOR),
    Part.NOT_KNOWN: lambda sum_of: sum_of(NOT_KNOWN),
}


def has_people(indicator: Indicator) -> bool:
    """What is counted for a whole organisation only is asked for tallies alone: it leads back to nobody."""
    return not indicator.whole_only
