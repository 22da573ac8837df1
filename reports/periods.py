"""Fixed periods: calendar months and quarters of London. Free ranges would let reports be taken from each other.

Pure.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from accounts.wording import gettext_lazy as _
from people.london import at_london

MONTHS = (
    _("January"),
    _("February"),
    _("March"),
    _("April"),
    _("May"),
    _("June"),
    _("July"),
    _("August"),
    _("September"),
    _("October"),
    _("November"),
    _("December"),
)


@dataclass(frozen=True, order=True)
class Month:
    """`starts_at` and `ends_at` are in UTC: adding days to them adds 24 hours each, as the databases do."""

    year: int
    number: int

    is_quarter = False

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> "Month":
        """ "2026-11"; ValueError for what is not a month."""
        return cls.of(date.fromisoformat(f"{text}-01"))

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"

    @property
    def title(self) -> str:
        return _("%(month)s %(year)s") % {"month": MONTHS[self.number - 1], "year": self.year}

    @property
    def so_far(self) -> str:
        """The title of a month that is not over."""
        return _("%(month)s, up to yesterday") % {"month": self.title}

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return self.next().first - timedelta(days=1)

    @property
    def starts_at(self) -> datetime:
        return at_london(self.first, time.min)

    @property
    def ends_at(self) -> datetime:
        """The first instant that is no longer in it."""
        return self.next().starts_at

    def next(self) -> "Month":
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    def previous(self) -> "Month":
        return Month.of(self.first - timedelta(days=1))

    def year_before(self) -> "Month":
        return Month(self.year - 1, self.number)

    @property
    def months(self) -> list["Month"]:
        return [self]


@dataclass(frozen=True, order=True)
class Quarter:
    """Three calendar months, the first of a year beginning in January; otherwise as a Month."""

    year: int
    number: int

    is_quarter = True

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str) -> "Quarter":
        """ "2026-Q4"; ValueError for what is not a quarter."""
        if not (found := re.fullmatch(r"([1-9]\d{3})-Q([1-4])", text)):
            raise ValueError(f"{text} is not a quarter")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def title(self) -> str:
        names = {"first": MONTHS[self.number * 3 - 3], "last": MONTHS[self.number * 3 - 1], "year": self.year}
        return _("%(first)s to %(last)s %(year)s") % names

    @property
    def so_far(self) -> str:
        return _("%(quarter)s, up to yesterday") % {"quarter": self.title}

    @property
    def months(self) -> list[Month]:
        return [Month(self.year, number) for number in range(self.number * 3 - 2, self.number * 3 + 1)]

    @property
    def first(self) -> date:
        return self.months[0].first

    @property
    def last(self) -> date:
        return self.months[-1].last

    @property
    def starts_at(self) -> datetime:
        return self.months[0].starts_at

    @property
    def ends_at(self) -> datetime:
        return self.months[-1].ends_at

    def next(self) -> "Quarter":
        return Quarter.of(self.last + timedelta(days=1))

    def previous(self) -> "Quarter":
        return Quarter.of(self.first - timedelta(days=1))

    def year_before(self) -> "Quarter":
        return Quarter(self.year - 1, self.number)


Period = Month | Quarter


def read(text: str) -> Period:
    """ "2026-11" or "2026-Q4"; ValueError for anything else."""
    return Quarter.read(text) if "Q" in text else Month.read(text)


def latest(running: Period, how_many: int) -> list[Period]:
    """This one and those before it, newest first."""
    found: list[Period] = [running]
    while len(found) < how_many:
        found.append(found[-1].previous())
    return found
