"""Devices and SIMs taken in, reserved, handed over, back or lost: a count and a row in the log, together."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.models import Membership
from directory.actions.providers import check_keeps
from directory.models import Stock, StockMovement, SupportOffer
from directory.stock_steps import MOVES, Move, StockStep

MOST = 100_000


@transaction.atomic
def keep_stock(*, offer: SupportOffer, kind: str, by: Membership) -> Stock:
    """From now on things of this kind are counted; a second click finds the first."""
    check_keeps(offer.provider, by)
    if kind not in Stock.Kind:
        sentence = _("Choose what is counted.")
        raise InvalidInput(sentence, fields={"kind": sentence})
    stock, is_new = Stock.objects.get_or_create(offer=offer, kind=kind)
    if is_new:
        audit.record("keep_stock", by=by, subject=offer, kind=kind)
    return stock


@transaction.atomic
def move_stock(
    *,
    stock: Stock,
    step: str,
    by: Membership,
    quantity: int = 1,
    ends_on: date | None = None,
    reference: UUID | None = None,
    words: str = "",
) -> StockMovement:
    """`step`: a StockStep. NotPossibleNow where there are not that many; then nothing moves.

    `reference` names what it is for, a loan say: the same step for the same thing twice is refused.
    """
    check_keeps(stock.offer.provider, by)
    if not 0 < quantity <= MOST:
        sentence = _("Enter how many: 1 or more.")
        raise InvalidInput(sentence, fields={"quantity": sentence})
    return _move(stock, _known(step), quantity, by, ends_on=ends_on, reference=reference, words=words)


@transaction.atomic
def move_lent(
    *,
    offer: SupportOffer,
    kind: str,
    step: StockStep,
    reference: UUID,
    by: Membership,
    ends_on: date | None = None,
) -> StockMovement | None:
    """One thing lent to a person, by whoever works the referral; None where the offer counts no such things, or
    where this one was lent before they were counted."""
    stock = Stock.objects.filter(offer=offer, kind=kind).first()
    is_ours = step == StockStep.RESERVE or StockMovement.objects.filter(reference=reference).exists()
    if stock is None or not is_ours:
        return None
    return _move(stock, step, 1, by, ends_on=ends_on, reference=reference)


def _move(
    stock: Stock,
    step: StockStep,
    quantity: int,
    by: Membership,
    *,
    ends_on: date | None,
    reference: UUID | None,
    words: str = "",
) -> StockMovement:
    move = MOVES[step]
    if reference and step != StockStep.RENEW and stock.movements.filter(reference=reference, step=step).exists():
        raise NotPossibleNow(_("This was recorded already."))
    there = Q(**{f"{move.source}__gte": quantity}) if move.source else Q()
    if not Stock.objects.filter(there, pk=stock.pk).update(**_changes(move, quantity)):
        raise NotPossibleNow(_("There are not that many: %(count)s.") % {"count": _counts(stock)})
    stock.refresh_from_db()
    audit.record("move_stock", by=by, subject=stock.offer, stock=str(stock.pk), step=step, quantity=quantity)
    return StockMovement.objects.create(
        stock=stock, step=step, quantity=quantity, ends_on=ends_on, reference=reference, words=words.strip(), by=by
    )


def _changes(move: Move, quantity: int) -> dict[str, Any]:
    """A thing that stays where it is (a loan renewed) is checked to be there, and counts on."""
    changes: dict[str, Any] = {}
    if move.target:
        changes[move.target] = F(move.target) + quantity
    if move.source:
        changes[move.source] = F(move.source) - (quantity if move.source != move.target else 0)
    return changes


def _known(step: str) -> StockStep:
    try:
        return StockStep(step)
    except ValueError as error:
        sentence = _("Choose what happened.")
        raise InvalidInput(sentence, fields={"step": sentence}) from error


def _counts(stock: Stock) -> str:
    stock.refresh_from_db()
    return _("%(on_shelf)s on the shelf, %(reserved)s reserved, %(handed_over)s handed over") % {
        "on_shelf": stock.on_shelf,
        "reserved": stock.reserved,
        "handed_over": stock.handed_over,
    }
