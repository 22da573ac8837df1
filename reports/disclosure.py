"""Keeps small numbers from pointing at a person: the one rule that every page, export and print goes through.

Pure. Counts of 1 to 7 are shown as "fewer than 8", others to the nearest 5, each by itself: a total is rounded
from the true total and not added up from what is shown. Whatever else is shown follows from those shown
figures alone, so that it tells no more than they do. Two figures taken from each other (a team from the whole)
never leave one small number alone; docs/reports.md says what this does not cover.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from accounts.wording import gettext_lazy as _
from accounts.wording import ngettext
from reports import intervals

THRESHOLD = 8
BASE = 5
PERCENT_FROM = 20

NOTE = _(
    "Numbers from 1 to 7 are shown as “fewer than 8”, and others to the nearest 5, so totals may not add up. "
    "Percentages are worked out from the numbers shown, from 20 up."
)
"""One whole sentence for translators; a test holds it to the numbers above."""


@dataclass(frozen=True, slots=True)
class Shown:
    """`value` is the figure that may be drawn or compared; None where it is held back.

    Of a count: what is shown so is `least` to `most`, and a reader who knows the rule knows no more."""

    value: int | None
    text: str
    least: int = 0
    most: int = 0

    def __str__(self) -> str:
        return str(self.text)


def count(true: int) -> Shown:
    if true < 0:
        raise ValueError(f"a count cannot be {true}")
    if true == 0:
        return Shown(0, "0")
    if true < THRESHOLD:
        return Shown(None, _("fewer than %(threshold)s") % {"threshold": THRESHOLD}, 1, THRESHOLD - 1)
    rounded = _nearest(true, BASE) * BASE
    return Shown(rounded, f"{rounded:,}", max(THRESHOLD, rounded - BASE // 2), rounded + BASE // 2)


def total(true: int, parts: Sequence[Shown]) -> Shown:
    """The count of a quarter whose months are shown as `parts`: never such that a held-back one comes out alone.

    That happens only where every part lies at its edge: 8 + 8 + 1 are 17, shown as 10, 10 and "fewer than 8"; of
    all that is shown as 15, nothing else fits. So what would stand alone is shown as its neighbour is, 20. Whether
    it would is seen from the shown parts alone, so that this gives nothing away either.
    """
    shown = count(true)
    if all(part.value is not None for part in parts):
        return shown
    least, most = sum(part.least for part in parts), sum(part.most for part in parts)
    if true == least == shown.most:
        shown = count(true + 1)
    elif true == most == shown.least:
        shown = count(true - 1)
    if shown.least == least + 1:
        shown = replace(shown, least=least)
    return replace(shown, most=most) if shown.most == most - 1 else shown


def part_of(part: Shown, whole: Shown) -> Shown:
    """Each is rounded by itself, which must not make a part look larger than the whole of it."""
    return whole if (part.value or 0) > (whole.value or part.value or 0) else part


def percent(numerator: int, denominator: int) -> Shown:
    if numerator > denominator:
        raise ValueError(f"{numerator} cannot be a part of {denominator}")
    return share(count(numerator), count(denominator))


def share(numerator: Shown, denominator: Shown) -> Shown:
    """Of the shown figures, so that it cannot tell 18 from 22; held back where either of them is."""
    part, whole = part_of(numerator, denominator).value, denominator.value
    if whole == 0:
        return Shown(None, _("nothing to count"))
    if whole is None or whole < PERCENT_FROM:
        return Shown(None, _("not shown: fewer than %(percent_from)s") % {"percent_from": PERCENT_FROM})
    if part is None:
        return Shown(None, _("not shown: small numbers"))
    found = _nearest(100 * part, whole)
    return Shown(found, f"{found}%")


def of_private(part: Shown, whole: Shown) -> Shown:
    """Of a private question even "all of them" tells of each: below 20 nothing but how many there are is shown."""
    return part if whole.value == 0 or (whole.value or 0) >= PERCENT_FROM else HELD_BACK


def things(true: int, people: int, per_person: int) -> Shown:
    """A count of what people bring by the dozen, such as questions: as coarse as a count of the people is."""
    if people < THRESHOLD:
        return count(people)
    base = BASE * per_person
    rounded = _nearest(true, base) * base
    return Shown(rounded, f"{rounded:,}", max(0, rounded - base // 2), rounded + base // 2)


def share_of_things(numerator: int, denominator: int, people: int) -> Shown:
    """Of so many things that a whole per cent tells nothing of one person; only from 20 people up."""
    if denominator == 0:
        return percent(0, 0)
    if (count(people).value or 0) < PERCENT_FROM:
        return percent(0, people)
    found = _nearest(100 * numerator, denominator)
    return Shown(found, f"{found}%")


def difference(one: tuple[Shown, Shown], other: tuple[Shown, Shown]) -> tuple[Shown, Shown]:
    """Of one share from another in percentage points, and its 95% interval; each is numerator and denominator.
    Worked out from the counts that are shown, and only where both shares are."""
    if share(*one).value is None or share(*other).value is None:
        return HELD_BACK, HELD_BACK
    shown = [part.value or 0 for whole in (one, other) for part in (part_of(*whole), whole[1])]
    found = intervals.difference(*shown)
    value, low, high = (round(100 * part) for part in found)
    between = _("%(low)s to %(high)s") % {"low": _signed(low), "high": _signed(high)}
    return Shown(value, _signed(value)), Shown(None, between)


HELD_BACK = Shown(None, _("not shown"))


def _signed(points: int) -> str:
    """With a true minus sign, so that a screen reader says it."""
    return f"+{points}" if points > 0 else f"−{-points}" if points < 0 else "0"


def days(value: int | None, behind: int) -> Shown:
    """A median or centile of days, shown only where enough people lie behind it."""
    if value is None or behind < THRESHOLD:
        return Shown(None, _("not shown: fewer than %(threshold)s") % {"threshold": THRESHOLD})
    return Shown(value, ngettext("%(number)s day", "%(number)s days", value) % {"number": value})


def minutes(value: int | None, behind: int) -> Shown:
    """As days."""
    if value is None or behind < THRESHOLD:
        return days(None, behind)
    return Shown(value, ngettext("%(number)s minute", "%(number)s minutes", value) % {"number": value})


def _nearest(part: int, whole: int) -> int:
    """`part / whole` to the nearest whole number, a half upwards (Python's own `round` goes to the even one)."""
    return (2 * part + whole) // (2 * whole)
