"""Has this person died? Asked in one place, of what was recorded when a referral ended, while that end stands."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable

from people.models import ServiceUser
from referrals.lifecycle import Status
from referrals.models import Outcome, Referral, ReferralEvent

DIED = "died"


def records(**whose: object) -> QuerySet[Referral]:
    """Referrals that ended with it, of `service_user` or `service_user__in`. Opened again, or marked as made in
    error, a referral says so no more; of several outcomes the newest counts."""
    outcomes = Outcome.objects.filter(referral=OuterRef("pk")).order_by("-recorded_at", "-id")
    events = ReferralEvent.objects.filter(referral=OuterRef("pk"), to_status=Status.CANCELLED).order_by("-id")
    ended = Referral.objects.filter(status__in=[Status.CLOSED, Status.CANCELLED], **whose).order_by()
    return ended.annotate(
        last_outcome=Subquery(outcomes.values("outcome")[:1]),
        last_reason=Subquery(events.values("reason_code")[:1]),
    ).filter(Q(status=Status.CLOSED, last_outcome=DIED) | Q(status=Status.CANCELLED, last_reason=DIED))


def has_died(service_user: ServiceUser) -> bool:
    return records(service_user=service_user).exists()


def dead_of(people: Iterable[ServiceUser]) -> set[UUID]:
    return set(records(service_user__in=list(people)).values_list("service_user", flat=True))


def none_recorded(of: str = "service_user") -> Combinable:
    """For a queryset whose rows point with `of` at a person: those about the living."""
    return ~Exists(records(service_user=OuterRef(of)))
