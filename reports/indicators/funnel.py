"""How far the people who were screened in a month have come by now, stage by stage."""

from collections.abc import Iterator
from datetime import date, datetime

from people.london import london_day
from reports.facts import Referral, Screening
from reports.indicators.acting import is_resolved
from reports.indicators.suggesting import AGREED
from reports.sight import Sight
from reports.spans import Counts, once

STAGES = ("screened", "agreed", "referred", "acknowledged", "reached", "ended", "resolved")


def funnel(sight: Sight) -> Counts:
    """Each stage is a part of the one before: nobody is in a later one who is not in all the earlier ones."""
    whole = [one for one in sight.person.screenings if one.whole]
    following = [*(one.at for one in whole[1:]), None]
    days: dict[str, list[date]] = {stage: [] for stage in STAGES}
    for screening, until in zip(whole, following, strict=False):
        if sight.team in (None, screening.team):
            for stage in _reached(sight, screening, until):
                days[stage].append(london_day(screening.at))
    for stage, found in days.items():
        yield from once(stage, found)


def _reached(sight: Sight, screening: Screening, until: datetime | None) -> Iterator[str]:
    """`until`: when the next screening was. What was referred after that came of that one."""
    yield "screened"
    if not any(need.decision == AGREED for need in screening.needs):
        return
    yield "agreed"
    sent = [one for one in sight.person.referrals if one.sent_at and _between(screening.at, one.sent_at, until)]
    furthest = max((_steps(one) for one in sent), default=0)
    yield from STAGES[2 : 2 + furthest]
    if furthest == 4 and any(is_resolved(sight, screening, need) for need in screening.needs):
        yield "resolved"


def _between(start: datetime, at: datetime, until: datetime | None) -> bool:
    return start <= at and (until is None or at < until)


def _steps(referral: Referral) -> int:
    """How many stages one that was sent has come through."""
    passed = [referral.acknowledged_at is not None, referral.first_contact_at is not None, referral.closed]
    return 1 + next((number for number, so in enumerate(passed) if not so), len(passed))
