"""How things in stock move: each step takes from one count and adds to another.

Pure.
"""

from enum import StrEnum
from typing import NamedTuple

from accounts.wording import gettext_lazy as _


class StockStep(StrEnum):
    TAKE_IN = "take_in"
    RESERVE = "reserve"
    RELEASE = "release"
    HAND_OVER = "hand_over"
    RENEW = "renew"
    RETURN = "return"
    LOSE = "lose"
    FIND = "find"
    TAKE_OUT = "take_out"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    StockStep.TAKE_IN: _("Taken in"),
    StockStep.RESERVE: _("Reserved"),
    StockStep.RELEASE: _("Reservation ended"),
    StockStep.HAND_OVER: _("Handed over"),
    StockStep.RENEW: _("Renewed"),
    StockStep.RETURN: _("Returned"),
    StockStep.LOSE: _("Lost or written off"),
    StockStep.FIND: _("Turned up again"),
    StockStep.TAKE_OUT: _("Taken out"),
}


class Move(NamedTuple):
    """Counts of a stock by name; None is the world outside."""

    source: str | None
    target: str | None


MOVES: dict[StockStep, Move] = {
    StockStep.TAKE_IN: Move(None, "on_shelf"),
    StockStep.RESERVE: Move("on_shelf", "reserved"),
    StockStep.RELEASE: Move("reserved", "on_shelf"),
    StockStep.HAND_OVER: Move("reserved", "handed_over"),
    StockStep.RENEW: Move("handed_over", "handed_over"),
    StockStep.RETURN: Move("handed_over", "on_shelf"),
    StockStep.LOSE: Move("handed_over", "lost"),
    StockStep.FIND: Move("lost", "on_shelf"),
    StockStep.TAKE_OUT: Move("on_shelf", None),
}

BY_HAND = tuple(StockStep)
"""In the order of a thing's life. What is lent through a referral moves with its loan instead."""
