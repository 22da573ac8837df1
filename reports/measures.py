"""The measures of the caseload report: each one function, with its definition beside it, giving true figures.

Nothing here is shown as it is: pages and exports put every figure through reports/disclosure.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median, quantiles

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from accounts.models import Organisation, Team
from directory.models import UnmetNeed
from people.models import ServiceUser
from referrals.lifecycle import Status
from referrals.models import Outcome, Referral
from reports.periods import LONDON, Month
from screening.models import Need, Screening

CURRENT_DAYS = 365
SETTLED_DAYS = 28
REVIEW_WINDOW = (70, 112)  # days after a screening in which a 12-week review counts


@dataclass(frozen=True)
class Scope:
    """Whose figures, and when: one organisation, or one team of it, in one month."""

    organisation: Organisation
    team: Team | None
    month: Month

    def of_people(self, rows: QuerySet, team: str = "team") -> QuerySet:
        """Only the rows of the scope; `team` is the path to the team."""
        if self.team:
            return rows.filter(**{team: self.team})
        return rows.filter(**{f"{team}__organisation": self.organisation})


@dataclass(frozen=True)
class Rate:
    """`not_known` counts those of whom it cannot be said; they are in neither of the others."""

    numerator: int
    denominator: int
    not_known: int = 0


@dataclass(frozen=True)
class Waits:
    """Days from sending to the person's first contact, of those that had it; and how many still wait."""

    median: int | None
    ninetieth: int | None
    reached: int
    waiting: int


@dataclass(frozen=True)
class Measure:
    code: str
    title: str
    definition: str
    work: Callable[[Scope], Rate]


def caseload(scope: Scope) -> QuerySet[ServiceUser]:
    """People open to the team on the last day of the month, for 28 days or more."""
    day = scope.month.last
    people = ServiceUser.objects.on_caseload(day).filter(on_caseload_since__lte=day - timedelta(days=SETTLED_DAYS))
    return scope.of_people(people)


def current_screenings(scope: Scope) -> QuerySet[Screening]:
    """The latest submitted screening of each person of the caseload in the 365 days up to the month's end."""
    end = scope.month.ends_at
    latest = (
        Screening.objects.submitted()
        .filter(
            service_user=OuterRef("service_user"),
            submitted_at__lt=end,
            submitted_at__gte=end - timedelta(days=CURRENT_DAYS),
        )
        .order_by("-submitted_at", "-pk")
    )
    return Screening.objects.filter(service_user__in=caseload(scope), pk=Subquery(latest.values("pk")[:1]))


def coverage(scope: Scope) -> Rate:
    return Rate(current_screenings(scope).count(), caseload(scope).count())


def acted_on(scope: Scope) -> Rate:
    """People whose 14 days passed within the month."""
    fortnight = timedelta(days=14)
    screenings = scope.of_people(
        Screening.objects.submitted().filter(
            submitted_at__gte=scope.month.starts_at - fortnight,
            submitted_at__lt=scope.month.ends_at - fortnight,
        )
    ).filter(_any_theme_high())
    decided = Need.objects.filter(
        screening=OuterRef("pk"),
        decision__in=[Need.Decision.AGREED, Need.Decision.NOT_NOW],
        decided_at__lte=OuterRef("submitted_at") + fortnight,
    )
    return Rate(screenings.filter(Exists(decided)).count(), screenings.count())


def _any_theme_high() -> Q:
    themes = ("knowledge", "access", "mental_health", "offline")
    conditions = [Q(**{f"result__levels__{theme}": "high"}) for theme in themes]
    return conditions[0] | conditions[1] | conditions[2] | conditions[3]


def _sent(scope: Scope, days: int) -> QuerySet[Referral]:
    """Referrals whose `days` since sending were up within the month."""
    passed = timedelta(days=days)
    referrals = Referral.objects.counted().filter(
        sent_at__gte=scope.month.starts_at - passed, sent_at__lt=scope.month.ends_at - passed
    )
    return scope.of_people(referrals, team="referring_team")


def acknowledged(scope: Scope) -> Rate:
    sent = _sent(scope, 14)
    return Rate(sent.filter(acknowledged_at__lte=F("sent_at") + timedelta(days=14)).count(), sent.count())


def started(scope: Scope) -> Rate:
    sent = _sent(scope, 42)
    return Rate(sent.filter(first_contact_at__lte=F("sent_at") + timedelta(days=42)).count(), sent.count())


def closed_with_word(scope: Scope) -> Rate:
    closed = scope.of_people(
        Referral.objects.counted().filter(
            status=Status.CLOSED, ended_at__gte=scope.month.starts_at, ended_at__lt=scope.month.ends_at
        ),
        team="referring_team",
    )
    latest = Outcome.objects.filter(referral=OuterRef("pk")).order_by("-recorded_at", "-pk")
    words = closed.annotate(word=Subquery(latest.values("whose_word")[:1]))
    return Rate(words.filter(word="person").count(), closed.count())


def needs_resolved(scope: Scope) -> Rate:
    """Needs whose review window closed within the month; reviewed means screened again inside it."""
    opens, closes = (timedelta(days=days) for days in REVIEW_WINDOW)
    needs = scope.of_people(
        Need.objects.filter(
            screening__submitted_at__gte=scope.month.starts_at - closes,
            screening__submitted_at__lt=scope.month.ends_at - closes,
            carried_from=None,
        ).exclude(screening__status=Screening.Status.VOID),
        team="screening__team",
    )
    review = Screening.objects.submitted().filter(
        service_user=OuterRef("service_user"),
        submitted_at__gte=OuterRef("screening__submitted_at") + opens,
        submitted_at__lte=OuterRef("screening__submitted_at") + closes,
    )
    reviewed = needs.filter(Exists(review))
    resolved = reviewed.filter(resolved_at__lte=F("screening__submitted_at") + closes)
    everyone, seen = needs.count(), reviewed.count()
    return Rate(resolved.count(), seen, not_known=everyone - seen)


MEASURES = [
    Measure(
        "coverage",
        "Screened in the last year",
        "People on the caseload on the last day of the month, for 28 days or more, with a submitted screening in "
        "the 365 days before. Of all people on that caseload.",
        coverage,
    ),
    Measure(
        "acted_on",
        "Acted on in 14 days",
        "Screenings with a high level in any theme after which the person agreed to something, or said “not now”, "
        "within 14 days. Of all such screenings whose 14 days were up this month.",
        acted_on,
    ),
    Measure(
        "acknowledged",
        "Acknowledged in 14 days",
        "Referrals that the provider acknowledged within 14 days. Of all whose 14 days were up this month.",
        acknowledged,
    ),
    Measure(
        "started",
        "Started in 6 weeks",
        "Referrals where the person was reached, both ways, within 42 days. Of all whose 42 days were up this "
        "month. A voicemail or a letter alone is not a contact.",
        started,
    ),
    Measure(
        "closed_with_word",
        "Closed with the person’s own word",
        "Referrals closed this month where the outcome is the person’s own word. Of all closed this month.",
        closed_with_word,
    ),
    Measure(
        "needs_resolved",
        "Needs resolved at 12 weeks",
        "Needs that the next screening, 70 to 112 days later, no longer raised. Of all needs that were looked at "
        "again in that time; those that were not are counted as not known.",
        needs_resolved,
    ),
]


def levels(scope: Scope, theme: str) -> dict[str, int]:
    """Level → people, of the current screenings; a screening that does not know the theme is not counted."""
    rows = (
        current_screenings(scope).values_list(f"result__levels__{theme}").annotate(people=Count("pk")).order_by()
    )
    return {level: people for level, people in rows if level is not None}


def statuses(scope: Scope) -> dict[str, int]:
    """Overall status → people, of the current screenings."""
    rows = current_screenings(scope).values_list("result__status").annotate(people=Count("pk")).order_by()
    return {status: people for status, people in rows if status is not None}


def needs(scope: Scope) -> dict[str, int]:
    """Need → people with it, of the current screenings."""
    rows = (
        Need.objects.filter(screening__in=current_screenings(scope))
        .values_list("code")
        .annotate(people=Count("service_user", distinct=True))
        .order_by()
    )
    return dict(rows)


def referral_states(scope: Scope) -> dict[str, int]:
    """State → referrals, as they stand today, of those made up to the month's end."""
    referrals = Referral.objects.counted().filter(created_at__lt=scope.month.ends_at)
    rows = scope.of_people(referrals, team="referring_team").values_list("status").annotate(n=Count("pk"))
    return dict(rows.order_by())


def waits(scope: Scope) -> Waits:
    """Of the referrals sent in the 90 days up to the month's end."""
    end = scope.month.ends_at
    sent = scope.of_people(
        Referral.objects.counted().filter(sent_at__gte=end - timedelta(days=90), sent_at__lt=end),
        team="referring_team",
    )
    pairs = sent.filter(first_contact_at__isnull=False).values_list("sent_at", "first_contact_at")
    waited = sorted(_days_between(start, reached) for start, reached in pairs)
    still = sent.open().filter(first_contact_at=None).count()
    if not waited:
        return Waits(None, None, 0, still)
    ninetieth = quantiles(waited, n=10, method="inclusive")[-1] if len(waited) > 1 else waited[0]
    return Waits(round(median(waited)), round(ninetieth), len(waited), still)


def _days_between(start: datetime, end: datetime) -> int:
    first: date = start.astimezone(LONDON).date()
    return (end.astimezone(LONDON).date() - first).days


def unmet(scope: Scope) -> dict[tuple[str, str], int]:
    """(kind of support, reason) → unmet needs recorded in the month."""
    rows = scope.of_people(
        UnmetNeed.objects.filter(recorded_on__gte=scope.month.first, recorded_on__lte=scope.month.last)
    )
    return {
        (kind, reason): n
        for kind, reason, n in rows.values_list("kind", "reason").annotate(n=Count("pk")).order_by()
    }
