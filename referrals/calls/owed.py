"""Whom a team has to ring, and about what: obligations that no message settles, and first contacts."""

from datetime import date
from typing import Any, cast
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Least

from accounts.models import Membership
from accounts.permissions import Role
from people.models import ServiceUser
from referrals.lifecycle import Status
from referrals.models import CallAttempt, FollowUp, Referral, Reminder

Kind = FollowUp.Kind

NEWS = (Kind.TELL_PERSON, Kind.MESSAGE_FAILED, Kind.NOT_KNOWN)
CALLS = (
    *NEWS,
    Kind.ASK_WHAT_GOT_IN_THE_WAY,
    Kind.CLINICIAN_CHECK,
    Kind.LOAN_ENDS,
    Kind.ASK_AGAIN,
    Kind.REVIEW,
    Kind.ASK_PERSON,
)
"""What is talked about with the person. The rest is somebody's decision, and no call."""

NEVER = date(9999, 12, 31)


def follow_ups(membership: Membership, today: date) -> QuerySet[FollowUp]:
    """News is rung about at once, unless a message carries it already; all else from its day on. A reminder of a
    day to come is news that has its day. Posting a letter is no call."""
    rows = FollowUp.objects.visible_to(membership).open().filter(kind__in=CALLS)
    ready = Q(due_on__lte=today) | Q(kind__in=NEWS) & ~Q(key__contains=":remind:")
    live = [Reminder.Status.QUEUED, Reminder.Status.CLAIMED, Reminder.Status.SENT]
    carried = Reminder.objects.filter(follow_up=OuterRef("pk"), status__in=live)
    return (
        cast("QuerySet[FollowUp]", rows)
        .filter(ready)
        .exclude(key__startswith="post:")
        .exclude(Q(kind=Kind.TELL_PERSON) & Exists(carried))
    )


def first_contacts(membership: Membership) -> QuerySet[Referral]:
    """Accepted by the own team (an admin's: by the organisation), and nobody has reached the person yet."""
    rows = Referral.objects.visible_to(membership).filter(status=Status.ACCEPTED, first_contact_at=None)
    if membership.role == Role.ADMIN:
        return rows.filter(provider_team__organisation=membership.organisation_id)
    return rows.filter(provider_team=membership.team_id)


def choosing(membership: Membership) -> QuerySet[FollowUp]:
    """Nobody is rung while somebody has to choose another way."""
    return cast("QuerySet[FollowUp]", FollowUp.objects.visible_to(membership).open().filter(kind=Kind.CHOOSE_WAY))


def _people(owed: QuerySet[FollowUp], first: QuerySet[Referral], membership: Membership) -> QuerySet[ServiceUser]:
    """With the day of the `next_on` try, where one is planned, and when the last one was written down."""
    wanted = Q(pk__in=owed.values("service_user")) | Q(pk__in=first.values("service_user"))
    other_way = choosing(membership).filter(service_user=OuterRef("pk"))
    return with_next_try(ServiceUser.objects.filter(wanted, ~Exists(other_way)), membership)


def with_next_try(rows: QuerySet[ServiceUser], membership: Membership) -> QuerySet[ServiceUser]:
    calls = CallAttempt.objects.visible_to(membership).filter(service_user=OuterRef("pk"))
    last = calls.order_by("-happened_at", "-pk")
    found = rows.annotate(
        next_on=Subquery(last.values("next_on")[:1]), tried_at=Subquery(last.values("recorded_at")[:1])
    )
    return cast("QuerySet[ServiceUser]", found.order_by())


def _earliest(rows: QuerySet[Any]) -> Coalesce:
    of_person = rows.filter(service_user=OuterRef("pk")).order_by().values("service_user")
    return Coalesce(Subquery(of_person.annotate(day=Min("due_on")).values("day")), Value(NEVER))


def people(membership: Membership, today: date, *, mine: bool = False) -> QuerySet[ServiceUser]:
    """One row a person, with the day on which the first thing is `due`, the longest due first."""
    owed, first = follow_ups(membership, today), first_contacts(membership)
    if mine:
        owed, first = owed.filter(_mine(membership)), first.filter(named_worker=membership)
    found = _people(owed, first, membership).annotate(due=Least(_earliest(owed), _earliest(first)))
    return cast("QuerySet[ServiceUser]", found.order_by("due", "pk"))


def people_now(membership: Membership, today: date) -> QuerySet[ServiceUser]:
    """Those of `people` whose next try is not on a later day."""
    return people(membership, today).filter(_now(membership, today))


def listed(membership: Membership, today: date) -> QuerySet[FollowUp]:
    """What is owed and stands on the call list: no other list needs to say it again."""
    other_way = choosing(membership).values("service_user")
    return follow_ups(membership, today).exclude(service_user__in=other_way)


def _now(membership: Membership, today: date) -> Q:
    """What has come up since the last try does not wait for the next."""
    owed = follow_ups(membership, today).filter(service_user=OuterRef("pk"), opened_at__gt=OuterRef("tried_at"))
    first = first_contacts(membership).filter(service_user=OuterRef("pk"), accepted_at__gt=OuterRef("tried_at"))
    return Q(next_on=None) | Q(next_on__lte=today) | Q(Exists(owed)) | Q(Exists(first))


def _mine(membership: Membership) -> Q:
    """Of referrals that one looks after; a review, of whom one has added oneself."""
    referral = Q(referral__named_worker=membership) | Q(referral__kept_by=membership)
    return referral | Q(referral=None, service_user__created_by=membership)


def count(membership: Membership, today: date) -> int:
    """People, not things: one call may settle several. Whose next try is on a later day is not counted yet, unless
    something has come up since the last."""
    owed, first = follow_ups(membership, today), first_contacts(membership)
    return _people(owed, first, membership).filter(_now(membership, today)).count()


def after(rows: QuerySet[ServiceUser], mark: str) -> QuerySet[ServiceUser]:
    """Those behind the one that `mark` names; a mark that is none is not looked at."""
    day, _dot, pk = mark.partition(".")
    try:
        place = date.fromisoformat(day), UUID(pk)
    except ValueError:
        return rows
    return rows.filter(Q(due__gt=place[0]) | Q(due=place[0], pk__gt=place[1]))


def mark_of(person: Any) -> str:
    return f"{person.due}.{person.pk}"
