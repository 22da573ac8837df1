"""Harm that a person tells of in a review becomes an incident of each kind: found by the scheduler, once."""

from datetime import datetime
from typing import cast

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Membership
from referrals.incidents.actions import record_from_review
from referrals.models import Incident
from screening.models import Need, Screening
from screening.responses import answers_of
from screening.sitting import definition_of

HARM_ITEM = "harm"
"""The name, in any definition, of the question whose codes are below."""
KINDS = {
    "upset": Incident.Kind.DISTRESS,
    "scam": Incident.Kind.SCAM,
    "debt": Incident.Kind.DEBT,
    "loss": Incident.Kind.DEVICE_LOSS,
    "seen": Incident.Kind.CONTACT_BREACH,
}
RAISED = ("HARM", "HARM_MONEY", "DEVICE_LOST")
"""Needs that such an answer raises: how the few reviews with one are found among all."""


def waiting(*, since: datetime) -> "QuerySet[Screening]":
    """The reviews since then that told of harm, and have no incident of their own."""
    harm = Need.objects.filter(screening=OuterRef("pk"), code__in=RAISED)
    recorded = Incident.objects.filter(screening=OuterRef("pk"))
    telling = Screening.objects.submitted().filter(Exists(harm), ~Exists(recorded), submitted_at__gte=since)
    return telling.select_related("service_user__team__organisation", "submitted_by").order_by("submitted_at")


def record(review: Screening) -> int:
    """How many. What a version that this one corrects told of already is not told again."""
    known = set(Incident.objects.filter(screening__in=review.versions).values_list("kind", flat=True))
    told = [kind for kind in _told(review) if kind not in known]
    for kind in told:
        record_from_review(screening=review, kind=kind, by=cast(Membership, review.submitted_by))
    return len(told)


def _told(review: Screening) -> list[str]:
    item = definition_of(review).named(HARM_ITEM)
    answer = answers_of(review.responses).get(item.code) if item else None
    return [KINDS[code] for code in answer if code in KINDS] if isinstance(answer, list) else []
