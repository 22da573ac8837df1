"""Some shares by group, so that it is seen whom they leave behind. For a whole organisation only.

Somebody counts in the group that is recorded of them now; in an age band as old as they were on that day.
"""

from collections.abc import Callable, Iterator
from datetime import date

from people.groups import GROUPINGS, NOT_KNOWN, age_band
from reports.sight import Sight, birthday, teams
from reports.spans import Counts, Point, Span, named

AGE, TEAM = "age", "team"
BANDS_BEGIN = (18, 35, 50, 65)
FIXED = tuple(grouping for grouping in GROUPINGS if grouping != AGE)

Work = Callable[[Sight], Counts]


def by_group(work: Work) -> Work:
    """What `work` counts, once for each grouping: "age:18_34:of"."""

    def by_each(sight: Sight) -> Counts:
        heads = [f"{grouping}:{sight.person.groups.get(grouping, NOT_KNOWN)}:" for grouping in FIXED]
        for one in work(sight):
            yield from (named(head + one.code, one) for head in heads)
            for band, part in _by_age(one, sight.person.born):
                yield named(f"{AGE}:{band}:{part.code}", part)
        for team in teams(sight.person):
            yield from (named(f"{TEAM}:{team}:{one.code}", one) for one in work(Sight(sight.person, team)))

    return by_each


def _by_age(one: Span | Point, born: date | None) -> Iterator[tuple[str, Span | Point]]:
    """A span is cut at the birthdays on which a band begins."""
    if isinstance(one, Point):
        yield age_band(born, one.day), one
        return
    starts = [one.start, *(day for day in _birthdays(born) if _lies_in(day, one))]
    for start, end in zip(starts, [*starts[1:], one.end], strict=True):
        yield age_band(born, start), one._replace(start=start, end=end)


def _lies_in(day: date, span: Span) -> bool:
    return span.start < day and (span.end is None or day < span.end)


def _birthdays(born: date | None) -> list[date]:
    return [birthday(born, years) for years in BANDS_BEGIN] if born else []
