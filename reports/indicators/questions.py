"""How the questions went: answered or not, whether safe contact was asked about, how long they took."""

from datetime import timedelta

from people.london import london_day
from reports.indicator import DENOMINATOR, NUMERATOR, PEOPLE, share
from reports.sight import Sight
from reports.spans import Counts, Point, Span, up_on
from screening.terms import COUNTS, SAFE_CONTACT

FINISH_DAYS = 7
LONGEST = 120
"""Minutes; whatever takes longer counts as this. No median is near it."""


def completeness(sight: Sight) -> Counts:
    for screening, stay in sight.current:
        known = sum(number for state, number in screening.items.items() if state in COUNTS)
        yield Span(DENOMINATOR, *stay, n=sum(screening.items.values()))
        yield Span(NUMERATOR, *stay, n=known)
        yield Span(PEOPLE, *stay)


def gaps(sight: Sight) -> Counts:
    """People, and no questions: a person with a gap counts once for each reason."""
    for screening, stay in sight.current:
        yield from (Span(state, *stay) for state in screening.items if state not in COUNTS)


def contact_safety(sight: Sight) -> Counts:
    for screening, stay in sight.current:
        yield from share(part=SAFE_CONTACT in screening.said, one=Span("", *stay))


def minutes(sight: Sight) -> Counts:
    for one in sight.screenings:
        if one.whole and one.minutes is not None:
            yield Point(str(min(one.minutes, LONGEST)), london_day(one.at))


def drop_off(sight: Sight) -> Counts:
    for one in sight.sittings:
        in_time = one.done_at is not None and one.done_at <= one.at + timedelta(days=FINISH_DAYS)
        yield from share(part=not in_time, one=Point("", up_on(one.at, FINISH_DAYS)))
