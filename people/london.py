"""Wall-clock time in London: what a person means by "Tuesday at ten", before and after the clocks change.

Pure. Times are compared in UTC only: two London times with the same tzinfo compare by the face of the clock.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def in_london(when: datetime) -> datetime:
    """The same instant as London clocks show it. A naive time raises ValueError: nobody knows what it means."""
    if when.tzinfo is None:
        raise ValueError("a time without a time zone cannot be placed")
    return when.astimezone(LONDON)


def london_day(when: datetime) -> date:
    return in_london(when).date()


def at_london(day: date, clock: time) -> datetime:
    """The instant (in UTC) when London clocks show `clock` on `day`.

    A time that the clocks skip in March is the one an hour later; one that comes twice in October is the first.
    """
    return datetime.combine(day, clock.replace(fold=0), tzinfo=LONDON).astimezone(UTC)
