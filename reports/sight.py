"""One person as a report on a team, or on the whole organisation, sees them.

Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from people.london import london_day
from reports.facts import Person, Referral, Review, Screening, Sitting, Unmet
from reports.spans import earliest, up_on

SETTLED_DAYS = 28
ADULT_YEARS = 18
CURRENT_DAYS = 365


class Stay(NamedTuple):
    """From a day to the day before another; None for ever."""

    start: date
    end: date | None

    def within(self, start: date, end: date | None) -> "Stay | None":
        """What lies in both; None for nothing."""
        both = Stay(max(self.start, start), earliest(self.end, end))
        return both if both.end is None or both.start < both.end else None


@dataclass(frozen=True)
class Sight:
    """`team`: None for the whole organisation. What another team did is not seen by a team, nor who is with it."""

    person: Person
    team: UUID | None = None

    @property
    def is_whole(self) -> bool:
        """What private questions raise, and what people are like, is counted for a whole organisation only."""
        return self.team is None

    @cached_property
    def screenings(self) -> list[Screening]:
        return [one for one in self.person.screenings if self.team in (None, one.team)]

    @cached_property
    def referrals(self) -> list[Referral]:
        return [one for one in self.person.referrals if self.team in (None, one.team)]

    @cached_property
    def unmet(self) -> list[Unmet]:
        return [one for one in self.person.unmet if self.team in (None, one.team)]

    @cached_property
    def sittings(self) -> list[Sitting]:
        return [one for one in self.person.sittings if self.team in (None, one.team)]

    @cached_property
    def reviews(self) -> list[Review]:
        return [one for one in self.person.reviews if self.team in (None, one.team)]

    @cached_property
    def settled(self) -> Stay | None:
        """On the caseload for 28 days or more, whatever their age."""
        if self.team not in (None, self.person.team):
            return None
        since = self.person.since
        return Stay(since, None).within(since + timedelta(days=SETTLED_DAYS), self.person.left)

    @cached_property
    def caseload(self) -> Stay | None:
        """And known to be 18 or over. An unknown age is never guessed."""
        if self.settled is None or self.person.born is None:
            return None
        return self.settled.within(birthday(self.person.born, ADULT_YEARS), None)

    @cached_property
    def current(self) -> list[tuple[Screening, Stay]]:
        """Each whole screening of the last 365 days, by any team, with the days on which it is the newest one of a
        person of the caseload."""
        if self.caseload is None:
            return []
        whole = [one for one in self.person.screenings if one.whole]
        following: list[date | None] = [*(london_day(one.at) for one in whole[1:]), None]
        found = (
            (one, self.caseload.within(london_day(one.at), earliest(superseded, up_on(one.at, CURRENT_DAYS))))
            for one, superseded in zip(whole, following, strict=False)
        )
        return [(one, stay) for one, stay in found if stay]


def sights(person: Person) -> Iterator[Sight]:
    """The whole organisation's, and that of each team that had to do with the person."""
    yield Sight(person)
    yield from (Sight(person, team) for team in teams(person))


def teams(person: Person) -> list[UUID]:
    """Those that had to do with the person, in an order that stays."""
    found = {person.team}
    for did in (person.screenings, person.referrals, person.unmet, person.sittings, person.reviews):
        found.update(one.team for one in did)
    return sorted(found)


def birthday(born: date, years: int) -> date:
    """The day on which somebody is `years` old; born on 29 February: 1 March where there is no such day."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)
