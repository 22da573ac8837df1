"""How sure a share is, and a difference between two shares: 95% intervals that hold for small groups as well.

Pure. Wilson's score interval for one share, and Newcombe's hybrid of two of them for a difference of independent
shares (his method 10): R. G. Newcombe, Statistics in Medicine 1998; 17: 857-872 and 873-890.
"""

from math import sqrt
from typing import NamedTuple

Z = 1.959964
"""Of the normal distribution, 2.5% lie beyond it on each side."""


class Interval(NamedTuple):
    low: float
    high: float


class Difference(NamedTuple):
    """Of one share from another, between -1 and 1."""

    value: float
    low: float
    high: float


def wilson(part: int, whole: int) -> Interval:
    """ValueError for a part that is none, or a part of nothing."""
    if not 0 <= part <= whole or whole == 0:
        raise ValueError(f"{part} is no part of {whole}")
    share, square = part / whole, Z * Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    half = Z * sqrt(share * (1 - share) / whole + square / (4 * whole * whole)) / (1 + square / whole)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def difference(part: int, whole: int, other_part: int, other_whole: int) -> Difference:
    one, other = part / whole, other_part / other_whole
    of_one, of_other = wilson(part, whole), wilson(other_part, other_whole)
    value = one - other
    low = value - sqrt((one - of_one.low) ** 2 + (of_other.high - other) ** 2)
    high = value + sqrt((of_one.high - one) ** 2 + (other - of_other.low) ** 2)
    return Difference(value, max(-1.0, low), min(1.0, high))
