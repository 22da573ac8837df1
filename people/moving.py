"""Rows that pass from one record to another, written down so that exactly they go back.

A move holds the columns before and after. It goes back only where a row still is as the move left it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from accounts.errors import AlreadyChanged
from accounts.wording import gettext_lazy as _
from people.models import ServiceUser


@dataclass(frozen=True)
class Move:
    """Rows of one model whose columns changed alike. All values are plain JSON."""

    rows: str
    """"screening.Need" """
    ids: list[str]
    before: dict[str, Any]
    after: dict[str, Any]


def as_json(moves: Iterable[Move]) -> list[dict[str, Any]]:
    return [asdict(move) for move in moves]


def from_json(stored: Iterable[Mapping[str, Any]]) -> list[Move]:
    return [Move(**move) for move in stored]


def change(rows: QuerySet, *, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Move]:
    """Changes those of `rows` that are as `before` says; no move where there are none."""
    ids = [str(pk) for pk in rows.filter(**before).order_by().values_list("pk", flat=True)]
    if not ids:
        return []
    move = Move(rows.model._meta.label, ids, dict(before), dict(after))
    if _apply(move, move.before, move.after) != len(ids):
        raise AlreadyChanged(
            _("Somebody else is changing one of these records just now. Nothing was moved. Try again.")
        )
    return [move]


def hand_over(rows: QuerySet, *, of: ServiceUser, to: ServiceUser, column: str = "service_user_id") -> list[Move]:
    """Those of `rows` that belong to the record `of` belong to `to` from now on."""
    return change(rows, before={column: str(of.pk)}, after={column: str(to.pk)})


def put_back(moves: Iterable[Move]) -> None:
    """The last move first, since a later one may rest on an earlier."""
    for move in reversed(list(moves)):
        _apply(move, move.after, move.before)


def count(moves: Iterable[Move], column: str = "service_user_id") -> dict[str, int]:
    """How many rows of each model passed over."""
    found: dict[str, int] = {}
    for move in moves:
        if column in move.after:
            found[move.rows] = found.get(move.rows, 0) + len(move.ids)
    return found


def _apply(move: Move, now: Mapping[str, Any], then: Mapping[str, Any]) -> int:
    """Past the guard of rows that are written once, too: what such a row says stays, only whose it is changes."""
    model = apps.get_model(move.rows)
    return model._base_manager.filter(pk__in=move.ids, **now).update(**then)
