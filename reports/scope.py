"""Whose figures, and of when."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from accounts.models import Organisation, Team
from people.london import london_day
from reports.periods import Period


def days_of(period: Period, now: datetime) -> tuple[date, date]:
    return period.first, min(period.last, london_day(now) - timedelta(days=1))


@dataclass(frozen=True)
class Scope:
    """One organisation, or one team of it, in one month or quarter.

    The one that is running is counted up to the end of yesterday: what is not due yet has not been missed.
    """

    organisation: Organisation
    team: Team | None
    period: Period
    now: datetime

    @property
    def pk(self) -> UUID:
        return (self.team or self.organisation).pk

    @property
    def is_running(self) -> bool:
        """Its figures will still change by themselves."""
        return self.now < self.period.ends_at

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day that count; on the first day of a period none does yet."""
        return days_of(self.period, self.now)
