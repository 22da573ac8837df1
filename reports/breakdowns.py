"""The tables of the caseload report: people by level, status and need, referrals by state, waits, unmet needs.

True numbers, as in reports/measures.py: what may be shown of them is for reports/disclosure.py to say.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from statistics import median, quantiles

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from directory.models import UnmetNeed
from people.london import london_day
from referrals.models import Referral, ReferralEvent
from reports.scope import Scope, current_screenings
from screening import questionnaire
from screening.models import Need
from screening.terms import Level

WAIT_DAYS = 90
NOT_ENOUGH_KNOWN = "not_enough_known"


def levels(scope: Scope, theme: str) -> dict[str, int]:
    """Level → people. A screening by a version that does not have the theme does not know it either."""
    return _people_by(current_screenings(scope), f"result__levels__{theme}", otherwise=Level.NOT_KNOWN)


def statuses(scope: Scope) -> dict[str, int]:
    """Overall status → people."""
    return _people_by(current_screenings(scope), "result__status", otherwise=NOT_ENOUGH_KNOWN)


def _people_by(screenings: QuerySet, path: str, *, otherwise: str) -> dict[str, int]:
    """There is one screening a person in `screenings`."""
    counted: Counter[str] = Counter()
    for code, people in screenings.order_by().values_list(path).annotate(Count("pk")):
        counted[code or otherwise] += people
    return dict(counted)


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


def needs(scope: Scope) -> dict[str, int]:
    """Need → people with it in their current screening."""
    raised = Need.objects.filter(screening__in=current_screenings(scope))
    if scope.team:
        raised = raised.exclude(code__in=private_needs())
    return dict(raised.order_by().values_list("code").annotate(Count("service_user", distinct=True)))


def referral_states(scope: Scope) -> dict[str, int]:
    """State → referrals, as the last event of each before the scope's end left it."""
    before = ReferralEvent.objects.filter(referral=OuterRef("pk"), recorded_at__lt=scope.until)
    state = before.order_by("-recorded_at", "-pk").values("to_status")[:1]
    referrals = scope.of(Referral.objects.counted(), team="referring_team").annotate(state=Subquery(state))
    known = referrals.exclude(state=None).order_by()
    return dict(known.values_list("state").annotate(Count("pk")))


@dataclass(frozen=True)
class Waits:
    """Days from sending to the first contact both ways, of those `reached`; and how many were not."""

    median: int | None
    ninetieth: int | None
    reached: int
    waiting: int
    ended: int


def waits(scope: Scope) -> Waits:
    """Of the referrals sent in the 90 days up to the scope's end, as things stood then."""
    sent = scope.of(
        Referral.objects.counted().filter(
            sent_at__gte=scope.until - timedelta(days=WAIT_DAYS), sent_at__lt=scope.until
        ),
        team="referring_team",
    )
    reached = sent.filter(first_contact_at__lt=scope.until)
    waited = sorted(_days_between(*pair) for pair in reached.values_list("sent_at", "first_contact_at"))
    others = sent.filter(Q(first_contact_at=None) | Q(first_contact_at__gte=scope.until))
    ended = others.filter(ended_at__lt=scope.until).count()
    return Waits(
        median=round(median(waited)) if waited else None,
        ninetieth=_ninetieth(waited),
        reached=len(waited),
        waiting=others.count() - ended,
        ended=ended,
    )


def _ninetieth(waited: list[int]) -> int | None:
    if len(waited) < 2:
        return waited[0] if waited else None
    return round(quantiles(waited, n=10, method="inclusive")[-1])


def _days_between(start: datetime, end: datetime) -> int:
    return (london_day(end) - london_day(start)).days


def unmet(scope: Scope) -> dict[tuple[str, str], int]:
    """(kind of support, reason) → needs for which that was recorded in the month, however often."""
    rows = scope.of(UnmetNeed.objects.filter(recorded_on__gte=scope.month.first, recorded_on__lte=scope.day))
    if scope.team:
        rows = rows.exclude(need__code__in=private_needs())
    counted = rows.order_by().values_list("kind", "reason").annotate(Count("need", distinct=True))
    return {(kind, reason): needs for kind, reason, needs in counted}
