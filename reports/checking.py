"""Whether what is kept still is what the records give: a comparison that mends nothing.

Three things, all as they were at one moment: each person's kept facts with their records, the summary rows with
the sum of what the kept facts give, and the triggers that must be there. Whoever has a mark is owed a count, and
is not wrong yet.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection, transaction
from msgspec import DecodeError

from accounts import clock
from people.london import london_day
from reports import counting, facts, rebuilding, summary, triggers
from reports.gathering import gather
from reports.models import Check, Count, Counted, Edition, Mark
from reports.tallies import Cell, Tally, change, tally

BATCH = 500
NIGHTLY = 2000
"""People whom the nightly check looks at."""
KEPT = 30
"""Checks of which a row is kept."""


@dataclass(frozen=True)
class Difference:
    """`person`: whose kept facts are not their records'; None: a row is not the sum of all kept facts. `cell`: the
    figure and day; None where no figure differs."""

    cell: Cell | None
    kept: int = 0
    true: int = 0
    person: UUID | None = None


@dataclass
class Found:
    """`people` were looked at, `marked` were left out. `by_this_code`: False where the figures in use were counted
    by other definitions, so that nothing could be compared."""

    people: int = 0
    marked: int = 0
    by_this_code: bool = True
    differences: list[Difference] = field(default_factory=list)
    triggers_missing: list[str] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        return self.by_this_code and not self.differences and not self.triggers_missing


def _silent(_people: int) -> None:
    """Nobody is told how far it is."""


@contextmanager
def one_moment() -> Iterator[None]:
    """What is read inside is as it was when it began, whatever is written meanwhile. In a transaction that goes on
    already, that one decides."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # Django's own would keep every writer out
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def check(sample: int | None = None, tell: Callable[[int], None] = _silent) -> Found:
    """Everybody and every row; or the facts of about `sample` people here and there. `tell`: how far it is."""
    found = Found(triggers_missing=triggers.missing(connection.alias))
    with one_moment():
        edition = Edition.objects.filter(state=Edition.State.IN_USE, definitions=counting.definitions()).first()
        if edition is None:
            found.by_this_code = False
        elif sample is None:
            _everything(edition, found, tell)
        else:
            for people in _here_and_there(sample):
                _look_at(people, found)
    return found


def _everything(edition: Edition, found: Found, tell: Callable[[int], None]) -> None:
    total: Tally = Counter()
    for people in _everybody():
        for person in _look_at(people, found).values():
            total.update(tally(person))
        tell(found.people + found.marked)
    found.differences += _rows_that_differ(edition, total)


def _everybody() -> Iterator[list[UUID]]:
    reached: UUID | None = None
    while people := rebuilding.people_after(reached, BATCH):
        yield people
        reached = people[-1]


def _here_and_there(sample: int) -> Iterator[list[UUID]]:
    """Runs of people that begin anywhere between the first and the last id."""
    ids = Counted.objects.order_by("pk").values_list("pk", flat=True)
    first, last = ids.first(), ids.last()
    if first is None or last is None:
        return
    run = max(1, sample // 20)
    starts = {UUID(int=random.randint(first.int - 1, last.int - 1)) for _ in range(-(-sample // run))}  # noqa: S311 - no secret
    looked_at: set[UUID] = set()
    for start in sorted(starts):
        people = [one for one in rebuilding.people_after(start, run) if one not in looked_at]
        looked_at.update(people)
        yield people


def _look_at(people: list[UUID], found: Found) -> dict[UUID, facts.Person]:
    """Their kept facts. Differences go into `found`."""
    kept, now = _kept(people), gather(people)
    marked = set(Mark.objects.filter(person__in=people).values_list("person", flat=True))
    for person in people:
        if person not in marked and kept.get(person) != now.get(person):
            found.differences += _of(person, kept.get(person), now.get(person))
    found.marked += len(marked)
    found.people += len(people) - len(marked)
    return kept


def _kept(people: list[UUID]) -> dict[UUID, facts.Person]:
    """Who has none that can be read is as if never counted."""
    found = {}
    for pk, row in Counted.objects.filter(pk__in=people).values_list("pk", "facts"):
        try:
            found[pk] = facts.read(bytes(row))
        except DecodeError:
            continue  # told as a difference: their records give something
    return found


def _of(person: UUID, kept: facts.Person | None, now: facts.Person | None) -> Iterator[Difference]:
    cells = sorted(change(kept, now))
    if not cells:
        yield Difference(None, person=person)
    before, after = tally(kept), tally(now)
    yield from (Difference(cell, before[cell], after[cell], person) for cell in cells)


def _rows_that_differ(edition: Edition, total: Tally) -> Iterator[Difference]:
    today = clock.today()
    rows: Tally = Counter()
    stored = Count.objects.filter(edition=edition.number).order_by()
    for scope, code, day, n in stored.values_list("scope", "code", "day", "n").iterator():
        rows[summary.folded(Cell(scope, code, day), today)] += n
    true: Tally = Counter()
    for cell, n in total.items():
        true[summary.folded(cell, today)] += n
    differing = sorted(cell for cell in rows.keys() | true.keys() if rows[cell] != true[cell])
    yield from (Difference(cell, rows[cell], true[cell]) for cell in differing)


def check_and_keep(sample: int = NIGHTLY) -> Found:
    """For the admin's page and for whoever watches. Nothing is noted while everybody is counted anew."""
    found = check(sample)
    if found.by_this_code:
        Check.objects.create(
            people=found.people,
            differences=len(found.differences),
            triggers_missing=len(found.triggers_missing),
        )
        Check.objects.exclude(pk__in=Check.objects.order_by("-pk").values("pk")[:KEPT]).delete()
    return found


def is_due() -> bool:
    """Once a day of London's, at night or as soon after as there is a worker."""
    last = Check.objects.order_by("-pk").values_list("at", flat=True).first()
    return last is None or london_day(last) < clock.today()
