"""The one write path of the directory: providers' details, places, listings, stock, and needs that nothing met."""

from directory.actions.keeping import (
    ask_whether_true,
    confirm_offer,
    has_room_again,
    note_usual_wait,
    pause_offer,
    still_true,
)
from directory.actions.listing import bring_back_offer, edit_offer, publish_offer, withdraw_offer
from directory.actions.providers import add_location, add_provider, describe_provider, edit_location
from directory.actions.stock import keep_stock, move_lent, move_stock
from directory.actions.unmet import record_unmet_need

__all__ = [
    "add_location",
    "add_provider",
    "ask_whether_true",
    "bring_back_offer",
    "confirm_offer",
    "describe_provider",
    "edit_location",
    "edit_offer",
    "has_room_again",
    "keep_stock",
    "move_lent",
    "move_stock",
    "note_usual_wait",
    "pause_offer",
    "publish_offer",
    "record_unmet_need",
    "still_true",
    "withdraw_offer",
]
