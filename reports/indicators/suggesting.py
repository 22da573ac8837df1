"""What screenings suggested, and what people said to it. Reasons are kept in words alone, so none is counted."""

from collections.abc import Iterator
from datetime import date

from people.london import london_day
from reports.indicator import share
from reports.indicators.caseload import private_needs
from reports.sight import Sight
from reports.spans import Counts, Point, named

AGREED, NOT_NOW, DECLINED, UNDECIDED = "agreed", "not_now", "declined", "undecided"


def declined(sight: Sight) -> Counts:
    for _rule, decision, day in _suggestions(sight):
        yield from share(part=decision == DECLINED, one=Point("", day))


def declined_by_rule(sight: Sight) -> Counts:
    for rule, decision, day in _suggestions(sight):
        for one in share(part=decision == DECLINED, one=Point("", day)):
            yield named(f"{rule}:{one.code}", one)


def decisions(sight: Sight) -> Counts:
    yield from (Point(decision, day) for _rule, decision, day in _suggestions(sight))


def _suggestions(sight: Sight) -> Iterator[tuple[str, str, date]]:
    """Rule, what was decided, and the day of the screening. A team is not shown those for private needs."""
    for screening in sight.screenings:
        stands = {need.code: need.decision for need in screening.needs}
        for rule, needs in screening.suggested:
            if sight.is_whole or private_needs().isdisjoint(needs):
                yield rule, _decision([stands.get(need, "") for need in needs]), london_day(screening.at)


def _decision(of_needs: list[str]) -> str:
    """Declined only if everything that it is for was declined."""
    if set(of_needs) == {DECLINED}:
        return DECLINED
    return next((one for one in (AGREED, NOT_NOW) if one in of_needs), UNDECIDED)
