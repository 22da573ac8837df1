"""Keeps the summary rows true: counts anew whoever changed.

One process counts at a time (`take_turn`); whoever changes meanwhile leaves a mark that stays until the next time.
"""

import ast
import hashlib
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import F

from accounts import clock
from people.models import ServiceUser
from reports import facts, summary
from reports.gathering import gather
from reports.models import Counted, Edition, Mark
from reports.tallies import Tally, change
from screening import questionnaire

BATCH = 500
HERE = Path(__file__).parent
CODE = [
    "answers.py",
    "facts.py",
    "gathering/*.py",
    "indicator.py",
    "indicators/*.py",
    "sight.py",
    "spans.py",
    "tallies.py",
    "../people/contact_plan.py",
    "../people/groups.py",
    "../people/safe_contact.py",
    "../referrals/followup.py",
    "../screening/scoring.py",
]
"""What decides how a person counts: a change of it makes everybody be counted anew."""


@cache
def definitions() -> str:
    """Of the code, without comments, and of the questionnaires that it reads."""
    files = sorted(path for pattern in CODE for path in HERE.glob(pattern))
    parts = [ast.dump(ast.parse(path.read_text())) for path in files]
    parts += [f"{one.id} {one.version}" for one in questionnaire.all_loaded()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def begin() -> None:
    """The first edition: finished at once where there is nobody to count. After that it does nothing."""
    if Edition.objects.exists():
        return
    empty = not ServiceUser.objects.exists()
    state = Edition.State.IN_USE if empty else Edition.State.IN_THE_MAKING
    finished_at = clock.now() if empty else None
    Edition.objects.create(state=state, definitions=definitions(), finished_at=finished_at)


def take_turn() -> list[Edition]:
    """The editions that this code may add to, held until the transaction ends: nobody else counts meanwhile."""
    Edition.objects.update(turns=F("turns") + 1)
    return [one for one in Edition.objects.order_by("number") if one.definitions == definitions()]


def is_owed() -> bool:
    """Somebody changed and is not counted again yet."""
    return Mark.objects.exists()


@transaction.atomic
def count_marked(limit: int = BATCH) -> int:
    """Counts anew whom the oldest marks name; how many marks are gone. None where nothing was ever counted by this
    code: whoever counts by other code looks after them."""
    editions = take_turn()
    marks = dict(Mark.objects.order_by("pk").values_list("pk", "person")[:limit])
    if not marks or not editions:
        return 0
    count(editions, set(marks.values()))
    Mark.objects.filter(pk__in=marks).delete()
    return len(marks)


@transaction.atomic
def fold_ended() -> int:
    """How many rows of months that are over became fewer; no figure changes."""
    return sum(summary.fold(edition.number) for edition in take_turn())


def count(editions: list[Edition], people: set[UUID], joining: Edition | None = None) -> None:
    """What each edition has of them is replaced by what they count for now. In `joining` they are new; another one
    leaves out whom it has not reached yet. In the caller's transaction, and its turn."""
    after = gather(people)
    for edition in editions:
        theirs = people if edition == joining else {person for person in people if _has_reached(edition, person)}
        before = {} if edition == joining else kept(theirs)
        found = differences(before, {pk: after[pk] for pk in theirs & after.keys()})
        summary.add(edition.number, found)
        if edition.state == Edition.State.IN_USE:
            summary.restate(found)
    _keep(people, after)


def _has_reached(edition: Edition, person: UUID) -> bool:
    in_use = edition.state == Edition.State.IN_USE
    return in_use or (edition.reached is not None and person <= edition.reached)


def differences(before: dict[UUID, facts.Person], after: dict[UUID, facts.Person]) -> Tally:
    found: Tally = Counter()
    for person in before.keys() | after.keys():
        found.update(change(before.get(person), after.get(person)))
    return found


def kept(people: Iterable[UUID]) -> dict[UUID, facts.Person]:
    """Their facts as last counted. Where no edition of this code has come yet, they may have another form."""
    rows = Counted.objects.filter(pk__in=people).values_list("pk", "facts")
    return {pk: facts.read(bytes(found)) for pk, found in rows.iterator()}


def _keep(people: set[UUID], after: dict[UUID, facts.Person]) -> None:
    Counted.objects.filter(pk__in=people - after.keys()).delete()
    rows = [Counted(person=pk, team=person.team, facts=facts.write(person)) for pk, person in after.items()]
    Counted.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["person"], update_fields=["team", "facts"]
    )
