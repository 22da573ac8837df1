"""The six figures of the caseload report: each one function, with its definition beside it, giving true figures.

Nothing here is shown as it is: pages and exports put every figure through reports/disclosure.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from referrals.lifecycle import Status
from referrals.models import Outcome, Referral
from reports.scope import Scope, caseload, current_screenings, settled
from screening import questionnaire
from screening.models import Need, NeedDecision, Screening

ACT_DAYS = 14
ACKNOWLEDGE_DAYS = 14
START_DAYS = 42
REVIEW_DAYS = (70, 112)
"""A screening that many days after the one that raised a need is its 12-week review."""


@dataclass(frozen=True)
class Rate:
    """`not_known` counts those of whom it cannot be said; they are in neither of the others."""

    numerator: int
    denominator: int
    not_known: int = 0


@dataclass(frozen=True)
class Measure:
    code: str
    title: str
    definition: str
    work: Callable[[Scope], Rate]


def coverage(scope: Scope) -> Rate:
    age_not_known = settled(scope).filter(date_of_birth=None)
    return Rate(current_screenings(scope).count(), caseload(scope).count(), age_not_known.count())


def acted_on(scope: Scope) -> Rate:
    """A screening that stopped because of distress needs acting on as well, so it counts here. What was agreed
    at an earlier screening and is carried on stands as agreed, without a decision of its own."""
    after, before = scope.passed(ACT_DAYS)
    screenings = scope.of(
        Screening.objects.submitted().filter(_any_theme_high(), submitted_at__gte=after, submitted_at__lt=before)
    )
    decided = NeedDecision.objects.filter(
        need__screening=OuterRef("pk"),
        decision__in=[Need.Decision.AGREED, Need.Decision.NOT_NOW],
        at__lte=OuterRef("submitted_at") + timedelta(days=ACT_DAYS),
    )
    carried_on = Need.objects.filter(
        screening=OuterRef("pk"), decision=Need.Decision.AGREED, decided_at__lt=OuterRef("submitted_at")
    )
    return Rate(_people(screenings.filter(Exists(decided) | Exists(carried_on))), _people(screenings))


def _any_theme_high() -> Q:
    """An answer that is critical by itself makes its theme high, so this finds those too."""
    themes = {theme.code for definition in questionnaire.all_loaded() for theme in definition.themes}
    return reduce(or_, (Q(**{f"result__levels__{theme}": "high"}) for theme in sorted(themes)))


def _people(screenings: "QuerySet[Screening]") -> int:
    return screenings.order_by().values("service_user").distinct().count()


def acknowledged(scope: Scope) -> Rate:
    return _within(scope, "acknowledged_at", ACKNOWLEDGE_DAYS)


def started(scope: Scope) -> Rate:
    return _within(scope, "first_contact_at", START_DAYS)


def _within(scope: Scope, happened: str, days: int) -> Rate:
    """Of the referrals whose `days` since sending were up within the month: those to which it had happened."""
    after, before = scope.passed(days)
    sent = scope.of(
        Referral.objects.counted().filter(sent_at__gte=after, sent_at__lt=before), team="referring_team"
    )
    in_time = sent.filter(**{f"{happened}__lte": F("sent_at") + timedelta(days=days)})
    return Rate(in_time.count(), sent.count())


def closed_with_word(scope: Scope) -> Rate:
    closed = scope.of(
        Referral.objects.filter(
            status=Status.CLOSED, ended_at__gte=scope.month.starts_at, ended_at__lt=scope.until
        ),
        team="referring_team",
    )
    newest = Outcome.objects.filter(referral=OuterRef("pk")).order_by("-recorded_at", "-pk")
    words = closed.annotate(word=Subquery(newest.values("whose_word")[:1]))
    return Rate(words.filter(word="person").count(), closed.count())


def needs_resolved(scope: Scope) -> Rate:
    """A later screening that raises a need again does so in a new row, and resolves that one: so what became of
    a need at its review stands in the newest row of its kind by then, not in the first."""
    opens, closes = (timedelta(days=days) for days in REVIEW_DAYS)
    after, before = scope.passed(REVIEW_DAYS[1])
    valid = Need.objects.exclude(screening__status=Screening.Status.VOID)
    first_raised = valid.filter(
        ~Exists(valid.filter(carried_to=OuterRef("pk"))),
        screening__submitted_at__gte=after,
        screening__submitted_at__lt=before,
    )
    raised_at = OuterRef("screening__submitted_at")
    review = (
        Screening.objects.submitted()
        .filter(
            service_user=OuterRef("service_user"),
            submitted_at__gte=raised_at + opens,
            submitted_at__lte=raised_at + closes,
        )
        .order_by("-submitted_at", "-pk")
    )
    newest = valid.filter(
        service_user=OuterRef("service_user"),
        code=OuterRef("code"),
        screening__submitted_at__lte=OuterRef("review_at"),
    ).order_by("-screening__submitted_at", "-pk")
    needs = scope.of(first_raised, team="screening__team").annotate(
        review=Subquery(review.values("pk")[:1]),
        review_at=Subquery(review.values("submitted_at")[:1]),
        last_raised_in=Subquery(newest.values("screening")[:1]),
        resolved_by=Subquery(newest.values("resolved_by_screening__submitted_at")[:1]),
    )
    raised_again = needs.filter(last_raised_in=F("review")).count()
    resolved = needs.filter(resolved_by__lte=F("review_at")).count()
    known = raised_again + resolved
    return Rate(resolved, known, not_known=needs.count() - known)


MEASURES = [
    Measure(
        "coverage",
        "Screened in the last year",
        "People aged 18 and over on the caseload on the last day of the month, for 28 days or more, with a whole "
        "screening (in full or the short form) in the 365 days before. Of all people on that caseload. Not known: "
        "people whose date of birth is not recorded.",
        coverage,
    ),
    Measure(
        "acted_on",
        "Acted on in 14 days",
        "People with a high level in any theme who agreed to something, or said “not now”, within 14 days of that "
        "screening. Of all such people whose 14 days were up this month.",
        acted_on,
    ),
    Measure(
        "acknowledged",
        "Acknowledged in 14 days",
        "Referrals that the provider acknowledged within 14 days of sending. Of all whose 14 days were up this "
        "month.",
        acknowledged,
    ),
    Measure(
        "started",
        "Started in 6 weeks",
        "Referrals where the person was reached, both ways, within 42 days of sending. Of all whose 42 days were "
        "up this month. A voicemail or a letter alone is not a contact.",
        started,
    ),
    Measure(
        "closed_with_word",
        "Closed with the person’s own word",
        "Referrals closed this month, and not reopened since, where the outcome is the person’s own word. Of all "
        "that were closed so.",
        closed_with_word,
    ),
    Measure(
        "needs_resolved",
        "Needs resolved at 12 weeks",
        "Needs that the last screening 70 to 112 days later had asked about and no longer raised. Of all needs "
        "first raised whose 112 days were up this month, and that were asked about again in that time. Not known: "
        "those that were not asked about again.",
        needs_resolved,
    ),
]
