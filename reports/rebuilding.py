"""Counts everybody anew into an edition of its own, while pages read the one in use and changes go on.

It may be stopped at any time, and goes on from where it was. It is due where the definitions changed, and mends
whatever has gone wrong with the rows.
"""

from uuid import UUID

from django.db import transaction

from accounts import clock
from people.models import ServiceUser
from reports import counting, summary
from reports.models import Count, Counted, Edition

BATCH = 1000
SWEPT_AT_ONCE = 20_000
IN_USE, IN_THE_MAKING = Edition.State.IN_USE, Edition.State.IN_THE_MAKING


def is_due() -> bool:
    """Nothing is finished, or only by other definitions than this code's."""
    return not Edition.objects.filter(state=IN_USE, definitions=counting.definitions()).exists()


def is_going_on() -> bool:
    """One was begun by this code and is not at its end."""
    return Edition.objects.filter(state=IN_THE_MAKING, definitions=counting.definitions()).exists()


def in_the_making() -> Edition:
    """The one that is being made, or a new one; one by other definitions is thrown away."""
    making = Edition.objects.filter(state=IN_THE_MAKING)
    making.exclude(definitions=counting.definitions()).delete()
    edition, _new = making.get_or_create(state=IN_THE_MAKING, defaults={"definitions": counting.definitions()})
    return edition


@transaction.atomic
def step(edition: Edition, limit: int = BATCH) -> bool:
    """Counts the next people. False once there are none, and the edition is in use; or another process brought it
    there, or threw it away."""
    editions = counting.take_turn()
    making = next((one for one in editions if one == edition and one.state == IN_THE_MAKING), None)
    if making is None:
        return False
    if not (people := people_after(making.reached, limit)):
        _use(making)
        return False
    counting.count(editions, set(people), joining=making)
    making.reached, making.people = people[-1], making.people + len(people)
    making.save(update_fields=["reached", "people"])
    return True


def people_after(reached: UUID | None, limit: int) -> list[UUID]:
    """The next by their id, of all who count or were counted once and are gone."""
    found: set[UUID] = set()
    for rows in (ServiceUser.objects.standing(), Counted.objects.all()):
        later = rows.filter(pk__gt=reached) if reached else rows
        found.update(later.order_by("pk").values_list("pk", flat=True)[:limit])
    return sorted(found)[:limit]


def _use(edition: Edition) -> None:
    """Months that others had other figures for, by other definitions or gone wrong, are said to be restated."""
    for before in Edition.objects.filter(state=IN_USE):
        summary.restate(summary.differing(before.number, edition.number))
        before.delete()
    edition.state, edition.finished_at = IN_USE, clock.now()
    edition.save(update_fields=["state", "finished_at"])


def sweep() -> int:
    """Takes away rows of editions that are gone; how many."""
    stale = Count.objects.exclude(edition__in=Edition.objects.values("number"))
    rows = stale.values("pk")[:SWEPT_AT_ONCE]
    return Count.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).delete()[0]


def rebuild() -> None:
    """The whole of it, in this process."""
    edition = in_the_making()
    while step(edition):
        pass
