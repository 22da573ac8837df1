"""Fixed periods: calendar months of London. Free ranges would let two reports be taken from each other.

Pure.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from people.london import at_london


@dataclass(frozen=True, order=True)
class Month:
    """`starts_at` and `ends_at` are in UTC: adding days to them adds 24 hours each, as the databases do."""

    year: int
    number: int

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
        return f"{self.first:%B %Y}"

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


def latest_months(today: date, how_many: int) -> list[Month]:
    """This month and those before it, newest first."""
    months = [Month.of(today)]
    while len(months) < how_many:
        months.append(months[-1].previous())
    return months
