"""What the reports know of one person: dates and codes, never a name, a number or a word that anybody typed.

Pure. Everything that a report counts is worked out from these facts alone (reports/indicators/), so that a change
to a record takes away what the facts before it counted for, and adds what those after it do.
"""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct, msgpack


class Facts(Struct, frozen=True, array_like=True):
    """One part of a person's facts. Kept as a list without names: a new field goes last, with a default."""


class Need(Facts, frozen=True, array_like=True):
    """`first`: not carried on from an earlier screening. `resolved_at`: when the screening that resolved it was
    submitted; None also for what was raised in error."""

    code: str
    first: bool
    resolved_at: datetime | None = None
    decision: str = ""


class Screening(Facts, frozen=True, array_like=True):
    """`whole`: finished, in full or the short form, and no review.

    `acted_at`: the first time that the person agreed to something or said "not now"; what was agreed before and is
    carried on counts from the start. `weeks`: of a review, how many after a screening; 0 of a screening.
    `minutes`: how long the sitting took; None where it was typed in from paper. `items`: how many questions that
    applied stand in which state. `measures`: what can be compared between two screenings, by name
    (reports/answers.py); left out where not known. `said`: answers that a report counts as they are, by the name
    of the question. `suggested`: each rule that fired, with the needs that it is for.
    """

    team: UUID
    at: datetime
    whole: bool
    status: str
    levels: dict[str, str]
    needs: list[Need]
    acted_at: datetime | None = None
    weeks: int = 0
    minutes: int | None = None
    items: dict[str, int] = {}
    measures: dict[str, int] = {}
    said: dict[str, str] = {}
    suggested: list[tuple[str, list[str]]] = []


class Referral(Facts, frozen=True, array_like=True):
    """`states`: each state with the time that it was recorded, in order. `closed`: it is in that state today.
    `word`: whose word its newest outcome is. `ended_as`: the state that ended it, and why, as "closed:helped".
    `warm`: a warm handover was to be given; `handed_over`: it was begun with somebody there."""

    team: UUID
    sent_at: datetime | None
    acknowledged_at: datetime | None
    first_contact_at: datetime | None
    ended_at: datetime | None
    closed: bool
    word: str
    states: list[tuple[datetime, str]]
    ended_as: str = ""
    warm: bool = False
    handed_over: bool = False


class Unmet(Facts, frozen=True, array_like=True):
    """One need for which nothing fitted: each time that it was written down, with kind, reason and district.
    `formats`: how the person likes to learn, as they said in that screening."""

    team: UUID
    need: str
    found: list[tuple[date, str, str, str]]
    formats: list[str] = []


class Sitting(Facts, frozen=True, array_like=True):
    """A screening that somebody began, finished or not; a correction is none."""

    team: UUID
    at: datetime
    done_at: datetime | None = None


class Review(Facts, frozen=True, array_like=True):
    """One that is owed so many weeks after a screening. `result`: what came of it; empty while it is open."""

    team: UUID
    weeks: int
    opens: date
    closes: date
    result: str = ""
    done: date | None = None


class Person(Facts, frozen=True, array_like=True):
    """`screenings` that count, in the order in which they were submitted; the same of all the rest.

    `offline`: since when the contact plan has a way that needs no going online, and since when not.
    `against_plan`: days on which a message went that the plan of that moment did not allow. `given`: days on which
    a device or SIM was handed over. `incidents`: day and kind. `groups`: by which fairness is checked, but for
    age, which changes.
    """

    organisation: UUID
    team: UUID
    born: date | None
    since: date
    left: date | None
    screenings: list[Screening]
    referrals: list[Referral]
    unmet: list[Unmet]
    sittings: list[Sitting] = []
    reviews: list[Review] = []
    offline: list[tuple[datetime, bool]] = []
    against_plan: list[date] = []
    given: list[date] = []
    incidents: list[tuple[date, str]] = []
    groups: dict[str, str] = {}


_read = msgpack.Decoder(Person)
_write = msgpack.Encoder()


def read(kept: bytes) -> Person:
    """msgspec.ValidationError for what is not a person's facts, as after a change of their form."""
    return _read.decode(kept)


def write(person: Person) -> bytes:
    return _write.encode(person)
