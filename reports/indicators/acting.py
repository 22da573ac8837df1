"""What came of needs: acted on in time, resolved at the review, and those for which nothing fitted."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from reports.facts import Need, Screening, Unmet
from reports.indicator import DENOMINATOR, NOT_KNOWN, NUMERATOR
from reports.indicators.caseload import private_needs
from reports.sight import Sight
from reports.spans import Counts, Point, once, up_on
from screening.terms import Level

ACT_DAYS = 14
REVIEW_DAYS = (70, 112)
"""A screening that many days after the one that raised a need is its 12-week review."""
NO_FORMAT = "none_in_format"


def acted_on(sight: Sight) -> Counts:
    """A screening that stopped because of distress needs acting on as well, so it counts here. An answer that is
    critical by itself makes its theme high, so high levels find those too."""
    high = [one for one in sight.screenings if Level.HIGH in one.levels.values()]
    yield from once(DENOMINATOR, (up_on(one.at, ACT_DAYS) for one in high))
    yield from once(NUMERATOR, (up_on(one.at, ACT_DAYS) for one in high if _in_time(one)))


def _in_time(screening: Screening) -> bool:
    return screening.acted_at is not None and screening.acted_at <= screening.at + timedelta(days=ACT_DAYS)


def needs_resolved(sight: Sight) -> Counts:
    """A later screening that raises a need again does so in a new row, and resolves that one: so what became of
    a need at its review stands in the newest row of its kind by then, not in the first."""
    for baseline in sight.screenings:
        for need in baseline.needs:
            if need.first:
                day = up_on(baseline.at, REVIEW_DAYS[1])
                yield from (Point(part, day) for part in _fate(sight.person.screenings, baseline, need.code))


def is_resolved(sight: Sight, baseline: Screening, need: Need) -> bool:
    """By the review of the screening in which it stands, also where it was first raised before."""
    return NUMERATOR in _fate(sight.person.screenings, baseline, need.code)


def _fate(screenings: list[Screening], baseline: Screening, code: str) -> tuple[str, ...]:
    opens, closes = (baseline.at + timedelta(days=days) for days in REVIEW_DAYS)
    reviews = [one for one in screenings if opens <= one.at <= closes]
    if not reviews:
        return (NOT_KNOWN,)
    newest, need = next(_backwards(screenings, reviews[-1], code))
    if newest is reviews[-1]:
        return (DENOMINATOR,)
    if need.resolved_at is not None and need.resolved_at <= reviews[-1].at:
        return (DENOMINATOR, NUMERATOR)
    return (NOT_KNOWN,)


def _backwards(screenings: list[Screening], review: Screening, code: str) -> Iterator[tuple[Screening, Need]]:
    """The rows of one need by the time of the review, the newest first."""
    for one in reversed(screenings):
        if one.at <= review.at:
            yield from ((one, need) for need in one.needs if need.code == code)


def unmet(sight: Sight) -> Counts:
    """Kind and reason. The same need and reason counts once a period, however often it was written down."""
    return _unmet(sight, lambda kind, reason, area: f"{kind}:{reason}")


def unmet_by_area(sight: Sight) -> Counts:
    """District and kind; the district is empty where it is not known."""
    return _unmet(sight, lambda kind, reason, area: f"{area}:{kind}")


def unmet_by_format(sight: Sight) -> Counts:
    """Kind and format, where there was help but none in the format that was asked for."""
    for one in _seen(sight):
        days: dict[str, list[date]] = defaultdict(list)
        for day, kind, reason, _area in one.found:
            for format in one.formats if reason == NO_FORMAT else ():
                days[f"{kind}:{format}"].append(day)
        for code, found in days.items():
            yield from once(code, found)


def _seen(sight: Sight) -> Iterator[Unmet]:
    return (one for one in sight.unmet if sight.is_whole or one.need not in private_needs())


def _unmet(sight: Sight, row: Callable[[str, str, str], str]) -> Counts:
    for one in _seen(sight):
        days: dict[str, list[date]] = defaultdict(list)
        for day, kind, reason, area in one.found:
            days[row(kind, reason, area)].append(day)
        for code, found in days.items():
            yield from once(code, found)
