"""The ways out: which channel carries a message, and what all of them have in common."""

from referrals.channels.base import Channel, LookUpFailed, Message, NotReached, Rejected
from referrals.channels.outbox import Outbox

__all__ = ["Channel", "LookUpFailed", "Message", "NotReached", "Rejected", "channel_for"]


def channel_for(name: str) -> Channel:
    """The driver of "text", "email" or "letter": the outbox inside the product, until another is set up."""
    return Outbox()
