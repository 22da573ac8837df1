"""The people behind a share, some at a time: nobody whom the membership cannot see, and bounded work a page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import Membership, Team
from directory.models import UnmetNeed
from people.models import ServiceUser
from referrals.models import FollowUp, Referral
from reports import behind, counting
from reports.behind import Asked, Part
from reports.facts import Person
from reports.gathering import gather
from reports.models import Edition, Mark
from reports.sight import Sight
from screening.models import Screening

PAGE = 50
LOOK = 2000
"""People whom one request looks at."""
AT_ONCE = 250


@dataclass(frozen=True)
class Found:
    """`times`: how often each counts, in the order of the ids. `after`: where to look on; None at the end."""

    times: dict[UUID, int]
    after: UUID | None


def find(asked: Asked, part: Part, *, by: Membership, team: Team | None, after: UUID | None) -> Found:
    candidates = _candidates(by, team).order_by("pk")
    if after:
        candidates = candidates.filter(pk__gt=after)
    ids = list(candidates.values_list("pk", flat=True)[: LOOK + 1])
    looked_at = ids[:LOOK]
    found: dict[UUID, int] = {}
    for pk, person in _facts(looked_at):
        times = behind.counts(asked, part, Sight(person, team.pk if team else None))
        if times:
            found[pk] = times
        if len(found) == PAGE:
            return Found(found, None if pk == ids[-1] else pk)
    return Found(found, looked_at[-1] if len(ids) > LOOK else None)


def _candidates(by: Membership, team: Team | None) -> QuerySet[ServiceUser]:
    """Of a team: those in it today, and those for whom it once did something (as reports.sight.sights)."""
    people = ServiceUser.objects.visible_to(by)
    if team is None:
        return people
    screened = Screening.objects.filter(team=team).values("service_user")
    referred = Referral.objects.filter(referring_team=team).values("service_user")
    unmet = UnmetNeed.objects.filter(team=team).values("need__service_user")
    reviewed = FollowUp.objects.filter(team=team, kind=FollowUp.Kind.REVIEW).values("service_user")
    did = (screened, referred, unmet, reviewed)
    return people.filter(reduce(or_, (Q(pk__in=rows) for rows in did), Q(team=team)))


def _facts(people: Sequence[UUID]) -> Iterator[tuple[UUID, Person]]:
    """As last counted; of those who changed since, as they are now. Some at a time, for whoever stops early."""
    is_current = set(Edition.objects.values_list("definitions", flat=True)) == {counting.definitions()}
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        marked = set(Mark.objects.filter(person__in=some).values_list("person", flat=True))
        found = counting.kept(set(some) - marked) if is_current else {}
        found |= gather(set(some) - found.keys())
        yield from ((pk, found[pk]) for pk in some if pk in found)
