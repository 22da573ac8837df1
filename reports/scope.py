"""Whose figures, and when: the people and the screenings that a report counts."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db.models import Model, OuterRef, QuerySet, Subquery

from accounts.models import Organisation, Team
from people.london import london_day
from people.models import ServiceUser
from reports.periods import Month
from screening.models import Screening

CURRENT_DAYS = 365
SETTLED_DAYS = 28
ADULT_YEARS = 18

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Scope:
    """One organisation, or one team of it, in one month as it stood at `now`.

    The month that is running is counted up to `now`: what is not due yet has not been missed.
    """

    organisation: Organisation
    team: Team | None
    month: Month
    now: datetime

    @property
    def until(self) -> datetime:
        """The first instant that no longer counts."""
        return min(self.month.ends_at, self.now)

    @property
    def day(self) -> date:
        """The last day that counts."""
        return min(self.month.last, london_day(self.now))

    def passed(self, days: int) -> tuple[datetime, datetime]:
        """From when, and before when, something must have begun for its `days` to be up within the month."""
        length = timedelta(days=days)
        return self.month.starts_at - length, self.until - length

    def of(self, rows: "QuerySet[Row]", team: str = "team") -> "QuerySet[Row]":
        """Only the rows of the scope; `team` is the path to the team."""
        if self.team:
            return rows.filter(**{team: self.team})
        return rows.filter(**{f"{team}__organisation": self.organisation})


def settled(scope: Scope) -> "QuerySet[ServiceUser]":
    """People on the caseload on the scope's last day, for 28 days or more, whatever their age."""
    since = scope.day - timedelta(days=SETTLED_DAYS)
    return scope.of(ServiceUser.objects.on_caseload(scope.day).filter(on_caseload_since__lte=since))


def caseload(scope: Scope) -> "QuerySet[ServiceUser]":
    """Those of them who are known to be 18 or over. An unknown age is counted as not known, never guessed."""
    return settled(scope).filter(date_of_birth__lte=years_before(scope.day, ADULT_YEARS))


def years_before(day: date, years: int) -> date:
    """The last birth date of somebody who is `years` old on `day`; born on 29 February: from 1 March."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)


def current_screenings(scope: Scope) -> "QuerySet[Screening]":
    """The latest whole screening, in full or the short form, of each person of the caseload, if it is recent.

    One that stopped because of distress is not whole, and one recorded in error does not count.
    """
    recent = Screening.objects.filter(
        service_user=OuterRef("service_user"),
        status=Screening.Status.SUBMITTED,
        submitted_at__lt=scope.until,
        submitted_at__gte=scope.until - timedelta(days=CURRENT_DAYS),
    ).order_by("-submitted_at", "-pk")
    return Screening.objects.filter(
        service_user__in=caseload(scope).order_by(), pk=Subquery(recent.values("pk")[:1])
    )
