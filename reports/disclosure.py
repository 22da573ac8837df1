"""Keeps small numbers from pointing at a person: the one rule that every page, export and print goes through.

Pure. Counts of 1 to 7 are shown as "fewer than 8", others to the nearest 5, each by itself: a total is rounded
from the true total and not added up from what is shown. Whatever else is shown follows from those shown
figures alone, so that it tells no more than they do. Two figures taken from each other (a team from the whole)
never leave one small number alone; docs/reports.md says what this does not cover.
"""

from dataclasses import dataclass

THRESHOLD = 8
BASE = 5
PERCENT_FROM = 20

NOTE = (
    f"Numbers from 1 to {THRESHOLD - 1} are shown as “fewer than {THRESHOLD}”, and others to the nearest {BASE}, "
    f"so totals may not add up. Percentages are worked out from the numbers shown, from {PERCENT_FROM} up."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """`value` is the figure that may be drawn or compared; None where it is held back."""

    value: int | None
    text: str

    def __str__(self) -> str:
        return self.text


def count(true: int) -> Shown:
    if true < 0:
        raise ValueError(f"a count cannot be {true}")
    if true == 0:
        return Shown(0, "0")
    if true < THRESHOLD:
        return Shown(None, f"fewer than {THRESHOLD}")
    rounded = _nearest(true, BASE) * BASE
    return Shown(rounded, f"{rounded:,}")


def percent(numerator: int, denominator: int) -> Shown:
    """The share of the shown figures, so that it cannot tell 18 from 22; held back where either of them is."""
    if numerator > denominator:
        raise ValueError(f"{numerator} cannot be a part of {denominator}")
    part, whole = count(numerator).value, count(denominator).value
    if whole == 0:
        return Shown(None, "nothing to count")
    if whole is None or whole < PERCENT_FROM:
        return Shown(None, f"not shown: fewer than {PERCENT_FROM}")
    if part is None:
        return Shown(None, "not shown: small numbers")
    share = _nearest(100 * part, whole)
    return Shown(share, f"{share}%")


def days(value: int | None, behind: int) -> Shown:
    """A median or centile of days, shown only where enough people lie behind it."""
    if value is None or behind < THRESHOLD:
        return Shown(None, f"not shown: fewer than {THRESHOLD}")
    return Shown(value, f"{value} day{'' if value == 1 else 's'}")


def _nearest(part: int, whole: int) -> int:
    """`part / whole` to the nearest whole number, a half upwards (Python's own `round` goes to the even one)."""
    return (2 * part + whole) // (2 * whole)
