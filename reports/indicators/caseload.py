"""Who is on the caseload, and where those who were screened stand, on the last day of a period."""

from collections.abc import Iterator
from functools import cache

from people.london import london_day
from reports.indicator import DENOMINATOR, NOT_KNOWN, NUMERATOR
from reports.sight import Sight, Stay
from reports.spans import Counts, Span
from screening import questionnaire
from screening.terms import Level

REACH = "REACH"
NOT_ENOUGH_KNOWN = "not_enough_known"


def coverage(sight: Sight) -> Counts:
    if sight.settled and sight.person.born is None:
        yield Span(NOT_KNOWN, *sight.settled)
    if sight.caseload:
        yield Span(DENOMINATOR, *sight.caseload)
    for _screening, stay in sight.current:
        yield Span(NUMERATOR, *stay)


def levels(sight: Sight) -> Counts:
    """A screening by a version that does not have the theme does not know it either."""
    for screening, stay in sight.current:
        for theme in themes():
            yield Span(f"{theme}:{screening.levels.get(theme) or Level.NOT_KNOWN}", *stay)


def statuses(sight: Sight) -> Counts:
    for screening, stay in sight.current:
        yield Span(screening.status or NOT_ENOUGH_KNOWN, *stay)


def needs(sight: Sight) -> Counts:
    for screening, stay in sight.current:
        for need in screening.needs:
            if sight.is_whole or need.code not in private_needs():
                yield Span(need.code, *stay)


def reachable_offline(sight: Sight) -> Counts:
    """A plan counts from the day on which it was made; before the first one there was no way."""
    for screening, stay in sight.current:
        if REACH in (need.code for need in screening.needs):
            yield Span(DENOMINATOR, *stay)
            yield from (Span(NUMERATOR, *both) for both in _while_offline(sight, stay))


def _while_offline(sight: Sight, stay: Stay) -> Iterator[Stay]:
    changes = [(london_day(at), has_one) for at, has_one in sight.person.offline]
    following = [*(day for day, _has_one in changes[1:]), None]
    for (day, has_one), until in zip(changes, following, strict=False):
        if has_one and (both := stay.within(day, until)):
            yield both


@cache
def themes() -> tuple[str, ...]:
    return tuple(sorted({theme.code for definition in questionnaire.all_loaded() for theme in definition.themes}))


@cache
def private_needs() -> frozenset[str]:
    """Needs that a sensitive question can raise: counted for a whole organisation, never for a team."""
    return frozenset(
        need
        for definition in questionnaire.all_loaded()
        for item in definition.items
        if item.sensitive
        for entry in item.raises
        for need in entry.needs
    )
