"""What every way out must be able to do, and how it says that it could not."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class Message:
    """What is handed over. `reference` is the reminder's id: the channel must be able to look it up later."""

    reference: UUID
    service_user_id: UUID
    channel: str
    to: str
    subject: str
    body: str


class Rejected(Exception):
    """The channel will never carry this message: the number or address is no good. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class HeldUp(Exception):
    """The channel did not take it, for a reason that is ours and not the person's: a wrong key, a limit. It waits.

    `code` is one of referrals.failures.WORDS; `for_all`: no other message by this channel would be taken now.
    """

    def __init__(self, code: str, *, for_all: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.for_all = for_all


class NotReached(Exception):
    """No answer, or one that leaves open whether the message was taken: look it up before any repeat."""


class LookUpFailed(Exception):
    """The channel could not say whether it knows the reference. `code` says why, where that is our own set-up."""

    def __init__(self, code: str = "") -> None:
        super().__init__(code)
        self.code = code


class Channel(Protocol):
    """A hand-over takes a few seconds at most: the lease on a message must outlast it.

    A channel may say `at_once`, how many to hand over beside each other: then its `send` touches no database.
    """

    def send(self, message: Message) -> None:
        """Returns when the channel has taken the message; raises Rejected, HeldUp or NotReached."""

    def look_up(self, reference: UUID) -> str | None:
        """What became of a message that was taken: "sent", "delivered", "failed" or why it failed (a code of
        referrals.failures.WORDS); None if it never was taken. May raise LookUpFailed."""
