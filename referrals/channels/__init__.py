"""The ways out: which channel carries a message, and what all of them have in common."""

from django.conf import settings

from referrals.channels.base import Channel, HeldUp, LookUpFailed, Message, NotReached, Rejected
from referrals.channels.outbox import Outbox
from referrals.notify import CARRIER
from referrals.notify.driver import Notify

__all__ = [
    "Channel",
    "HeldUp",
    "LookUpFailed",
    "Message",
    "NotReached",
    "Rejected",
    "carrier_of",
    "channel_for",
]


def channel_for(name: str) -> Channel:
    """The driver of "text", "email" or "letter": GOV.UK Notify where it has a template for it, else our outbox."""
    return Notify(name) if name in settings.NOTIFY.templates else Outbox()


def carrier_of(channel: Channel) -> str:
    """Who takes what is handed over there; "" for our own outbox."""
    return CARRIER if isinstance(channel, Notify) else ""
