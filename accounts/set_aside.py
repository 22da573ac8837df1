"""A job's items one by one, each in a transaction of its own: one that makes trouble never stands in the way.

It is set aside with its reason, tried again after waits that grow, and after the eighth try left to a person. A
database that is gone is no item's fault: then nothing is written down, and the next beat goes on from here.
"""

import logging
import traceback
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Model

from accounts import audit, clock
from accounts.errors import Refused
from accounts.models import Membership, SetAside

log = logging.getLogger(__name__)

What, Reason = SetAside.What, SetAside.Reason

WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 60, 180, 360, 804)]
"""After the first try, the second …: 24 hours in all. Then a person takes over."""
MAX_TRIES = len(WAITS) + 1
GONE_AFTER = timedelta(days=1)
"""What was to be tried again and has not come up for so long is not there any more: done, ended or erased."""


def each(
    what: str,
    items: Iterable[Any],
    do: Callable[[Any], int | bool],
    *,
    organisation_id: Callable[[Any], UUID | None] = lambda item: None,
) -> int:
    """The sum of what `do` gave for each item that went well."""
    known = keys(what)
    return sum(attempt(what, item, do, organisation_id=organisation_id(item), known=known) for item in items)


def attempt(
    what: str,
    item: Model,
    do: Callable[[Any], int | bool],
    *,
    organisation_id: UUID | None = None,
    known: set[str],
    in_transaction: bool = True,
) -> int:
    """What `do` gave; 0 where the item was set aside. `known`: keys of those that were before.

    Not `in_transaction`: a long item, of many steps or calls elsewhere. That time ran out is not its fault.
    """
    try:
        if in_transaction:
            with transaction.atomic():
                done = do(item)
        else:
            done = do(item)
    except SoftTimeLimitExceeded as error:
        if in_transaction:
            put(what, item.pk, error, organisation_id=organisation_id)
        raise
    except Exception as error:
        if not is_of_the_item(error):
            raise
        put(what, item.pk, error, organisation_id=organisation_id)
        return 0
    if str(item.pk) in known:
        solved(what, item.pk)
    return int(done)


def all_of(*parts: Callable[[], int]) -> int:
    """Each part of a job, though one before it broke down; the first of those errors is raised in the end."""
    done, broken = 0, []
    for part in parts:
        try:
            done += part()
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:
            if not is_of_the_item(error):
                raise
            broken.append(error)
    if broken:
        raise broken[0]
    return done


def is_of_the_item(error: Exception) -> bool:
    """Not so where the database does not answer any more."""
    return not isinstance(error, OperationalError | InterfaceError) or connection.is_usable()


def keys(what: str) -> set[str]:
    return set(SetAside.objects.filter(what=what).values_list("key", flat=True))


def resting(what: str) -> list[str]:
    """Keys of items that are left alone now."""
    return list(SetAside.objects.resting(what, clock.now()).values_list("key", flat=True))


# --- The row ----------------------------------------------------------------------------------------------


def put(
    what: str,
    key: Any,
    error: BaseException,
    *,
    organisation_id: UUID | None = None,
    for_good: bool = False,
) -> SetAside:
    """`for_good`: it is a person's from now on. What the error says is kept nowhere: it may name somebody."""
    name, now = type(error).__name__, clock.now()
    log.error("%s %s set aside after %s\n%s", what, key, name, "".join(traceback.format_tb(error.__traceback__)))
    why = {"reason": _reason(error), "error": name[:60], "last_at": now}
    first = {"organisation_id": organisation_id, "first_at": now, "tries": 1, "next_at": now + WAITS[0]}
    with transaction.atomic():
        row, is_new = SetAside.objects.select_for_update().get_or_create(
            what=what, key=str(key), defaults={**why, **first}
        )
        tries = row.tries if is_new else row.tries + 1
        next_at = None if for_good or tries >= MAX_TRIES else now + WAITS[tries - 1]
        SetAside.objects.filter(pk=row.pk).update(**why, tries=tries, next_at=next_at)
    row.refresh_from_db()
    return row


def _reason(error: BaseException) -> str:
    if isinstance(error, SoftTimeLimitExceeded | TimeoutError):
        return Reason.TOO_SLOW
    if isinstance(error, DatabaseError):
        return Reason.DATA
    return Reason.REFUSED if isinstance(error, Refused) else Reason.ERROR


def solved(what: str, key: Any) -> None:
    SetAside.objects.filter(what=what, key=str(key)).delete()


def try_again(row: SetAside, *, by: Membership) -> None:
    """At the next beat. It keeps its tries: where it fails once more after the last, it is a person's again."""
    with transaction.atomic():
        SetAside.objects.filter(pk=row.pk).update(next_at=clock.now())
        audit.record(
            "try_set_aside_again", by=by, subject=row, organisation=by.organisation, what=row.what, key=row.key
        )


def forget_gone() -> int:
    """How many were not there any more."""
    gone = SetAside.objects.filter(next_at__lt=clock.now() - GONE_AFTER)
    return gone.delete()[0]
