"""Which of the things that a person said about sharing counts today.

Pure. What was said last counts, and a withdrawal is a no said at that moment. Words about one provider go
before words about all of them, save that a later no to everybody is a no to that one too, and stays so: "ask me
each time", said after it, brings no earlier yes back.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
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
    provider: UUID | None = None
    """Which provider, where it names one."""

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
    for statement in sorted(statements, key=lambda one: (one.said_at, one.is_no and not one.names_provider)):
        if statement.names_provider:
            specific = statement
        else:
            general = statement
            specific = None if statement.is_no else specific
    counts = specific or general
    return counts if counts and counts.lets_tell(day) else None


def overtaken_by(one: Statement, others: Iterable[Statement]) -> Statement | None:
    """The first later word in whose place `one` no longer stands: about the same provider or providers, or a no to
    everybody. "Yes" and "ask me each time" about everybody leave words about one provider standing."""
    later = [other for other in others if other.id != one.id and other.said_at > one.said_at]
    takes_its_place = [
        other for other in later if other.provider == one.provider or (other.is_no and not other.names_provider)
    ]
    return min(takes_its_place, key=lambda other: other.said_at, default=None)


def was_never_without(
    statements: Iterable[Statement], since: datetime, until: datetime, *, day_of: Callable[[datetime], date]
) -> bool:
    """Was there a yes that let the provider be told, from `since` to `until` without a break? Of each moment at
    which somebody said something, and each day on which a statement had run out. `day_of`: the day in London."""
    said = list(statements)
    words = [at for one in said for at in (one.given_at, one.withdrawn_at) if at and since < at <= until]
    days = [one.expires_on + timedelta(days=1) for one in said if one.expires_on]
    ran_out = [day for day in days if day_of(since) < day <= day_of(until)]
    return all(in_force(_as_of(said, at.__ge__), day_of(at)) for at in words) and all(
        in_force(_as_of(said, _before(day, day_of)), day) for day in ran_out
    )


def _before(day: date, day_of: Callable[[datetime], date]) -> Callable[[datetime], bool]:
    return lambda at: day_of(at) < day


def _as_of(statements: Iterable[Statement], was_past: Callable[[datetime], bool]) -> list[Statement]:
    """As they stood then: what was taken back later still held."""
    held = [one for one in statements if was_past(one.given_at)]
    return [
        replace(one, withdrawn_at=None) if one.withdrawn_at and not was_past(one.withdrawn_at) else one
        for one in held
    ]
