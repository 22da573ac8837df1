"""Which of the things that a person said about sharing counts today.

Pure. What was said last counts, and a withdrawal is a no said at that moment. Words about one provider go
before words about all of them, save that a later no to everybody is a no to that one too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class Statement:
    """One answer, about the provider in question (`names_provider`) or about every provider."""

    id: UUID
    choice: str
    """yes, ask_each or no"""
    names_provider: bool
    given_at: datetime
    expires_on: date | None = None
    withdrawn_at: datetime | None = None

    @property
    def said_at(self) -> datetime:
        return self.withdrawn_at or self.given_at

    @property
    def is_no(self) -> bool:
        return self.withdrawn_at is not None or self.choice == "no"

    def lets_tell(self, day: date) -> bool:
        """“Ask me each time” lets nobody be told by itself: it takes a row that names the provider."""
        if self.is_no or (self.expires_on and self.expires_on < day):
            return False
        return self.choice == "yes" or self.names_provider


def in_force(statements: Iterable[Statement], day: date) -> Statement | None:
    """The statement that lets the provider be told on `day`; `statements` are about it or about everybody."""
    specific = general = None
    for statement in sorted(statements, key=lambda one: one.said_at):
        if statement.names_provider:
            specific = statement
        else:
            general = statement
    if specific and general and general.is_no and general.said_at >= specific.said_at:
        return None
    counts = specific or general
    return counts if counts and counts.lets_tell(day) else None
