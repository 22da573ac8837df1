"""Keeps small numbers from pointing at a person: the one rule that every page, export and print goes through.

Pure. Counts of 1 to 7 are shown as "fewer than 8", others to the nearest 5; a percentage is worked out from
the rounded figures, and only from a denominator of 20 up. Totals are rounded from the true total, not added
up from what is shown, so nothing can be had back by taking away; pages say that they may not add up.
"""

from dataclasses import dataclass

THRESHOLD = 8
BASE = 5
PERCENT_FROM = 20

NOTE = (
    f"Numbers from 1 to {THRESHOLD - 1} are shown as “fewer than {THRESHOLD}”, and others to the nearest {BASE}, "
    f"so totals may not add up. Percentages are shown from {PERCENT_FROM} people up."
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
    rounded = BASE * ((2 * true + BASE) // (2 * BASE))
    return Shown(rounded, f"{rounded:,}")


def percent(numerator: int, denominator: int) -> Shown:
    """Of the rounded figures, never above 100. A suppressed numerator suppresses the percentage."""
    if denominator < PERCENT_FROM:
        return Shown(None, f"not shown: fewer than {PERCENT_FROM}")
    top, bottom = count(numerator), count(denominator)
    if top.value is None or not bottom.value:
        return Shown(None, "not shown: small numbers")
    share = min(100, round(100 * top.value / bottom.value))
    return Shown(share, f"{share}%")


def days(value: int | None, behind: int) -> Shown:
    """A median or centile of days, shown only where enough people lie behind it."""
    if value is None or behind < THRESHOLD:
        return Shown(None, f"not shown: fewer than {THRESHOLD}")
    return Shown(value, f"{value} day{'' if value == 1 else 's'}")
