"""The columns of the directory's spreadsheet: what each is called, how a value is written, and how a cell is read.

Pure. A reader gives the value or raises ValueError with the sentence for that cell.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from accounts.wording import gettext_lazy as _
from directory import opening
from directory.kinds import TITLES
from directory.openreferral.formats import day
from directory.terms import FORMATS, Capacity

YES, NO = "yes", "no"
BETWEEN = "; "
LONGEST = 5000
ROOM = {
    Capacity.YES: "Room now",
    Capacity.WAITING_LIST: "Waiting list",
    Capacity.FULL: "Full",
    Capacity.NOT_KNOWN: "Not known",
}
EXCEL_BEGAN = date(1899, 12, 30)
"""Day 0 of a spreadsheet's dates, with its made-up 29 February 1900 counted in; right from March 1900 on."""


class Column(NamedTuple):
    """`title` heads the column in every language: a file made in one is read in another."""

    field: str
    title: str
    write: Callable[[Any], str]
    read: Callable[[str], Any]


def _text(cell: str) -> str:
    if len(cell) > LONGEST:
        raise ValueError(_("The text is longer than a listing can be."))
    return cell


def _written(value: Any) -> str:
    return "" if value is None else str(value)


def _number(cell: str) -> int | None:
    """Spreadsheets write 18 as 18.0 now and then."""
    typed = cell.removesuffix(".0")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) < 6):
        raise ValueError(_("Write a whole number, like 18."))
    return int(typed)


def _maybe(cell: str) -> bool | None:
    """Empty is not recorded, which is not the same as no."""
    found = {
        "": None,
        YES: True,
        "y": True,
        "true": True,
        "1": True,
        NO: False,
        "n": False,
        "false": False,
        "0": False,
    }
    if cell.casefold() not in found:
        raise ValueError(_("Write yes or no, or leave it empty."))
    return found[cell.casefold()]


def _maybe_written(value: bool | None) -> str:
    return {True: YES, False: NO, None: ""}[value]


def _yes(cell: str) -> bool:
    return bool(_maybe(cell))


def _parts(cell: str) -> list[str]:
    return list(dict.fromkeys(filter(None, (part.strip() for part in cell.split(BETWEEN.strip())))))


def _joined(values: Any) -> str:
    return BETWEEN.join(map(str, values))


def _coded(words: Mapping[str, Any]) -> tuple[Callable[[Any], str], Callable[[str], list[str]]]:
    def write(codes: Any) -> str:
        return _joined(words.get(code, code) for code in codes)

    def read(cell: str) -> list[str]:
        known = {str(title).casefold(): code for code, title in words.items()} | {code: code for code in words}
        parts = _parts(cell)
        if strange := [part for part in parts if part.casefold() not in known]:
            raise ValueError(_("There is nothing called “%(part)s” in the list.") % {"part": strange[0][:60]})
        return [known[part.casefold()] for part in parts]

    return write, read


def _room(cell: str) -> str:
    known = {words.casefold(): str(code) for code, words in ROOM.items()}
    if cell and cell.casefold() not in known:
        raise ValueError(_("Write one of: %(choices)s.") % {"choices": ", ".join(ROOM.values())})
    return known.get(cell.casefold(), str(Capacity.NOT_KNOWN))


def _times(cell: str) -> list[dict[str, Any]]:
    return opening.read(cell.replace("; ", "\n"))


def _day(cell: str) -> date | None:
    """2026-11-24, 24/11/2026, 24 Nov 2026, or the number of days that a spreadsheet keeps."""
    if not cell:
        return None
    number = cell.removesuffix(".0")
    if number.isascii() and number.isdigit() and 30_000 < int(number[:9]) < 80_000:
        return EXCEL_BEGAN + timedelta(days=int(number))
    read, _codes = day(cell)
    read = read or day(cell.replace("-", " "))[0]
    if read is None:
        raise ValueError(_("Write a date like 24/11/2026."))
    return date.fromisoformat(read)


def _plain(field: str, title: str) -> Column:
    return Column(field, title, _written, _text)


KINDS, WAYS = _coded(TITLES), _coded(FORMATS)

COLUMNS = (
    _plain("id", "Id"),
    Column("version", "Version", _written, _number),
    _plain("provider", "Provider"),
    _plain("provider_phone", "Provider phone"),
    _plain("name", "Offer"),
    _plain("description", "What happens there"),
    Column("kinds", "Kinds of support", *KINDS),
    Column("formats", "How it is given", *WAYS),
    _plain("place", "Place"),
    _plain("address", "Address"),
    _plain("postcode", "Postcode"),
    Column("at_home", "At home", _maybe_written, _yes),
    Column("remote", "By phone or online", _maybe_written, _yes),
    Column("serves", "Areas served", _joined, _parts),
    _plain("schedule", "When, in words"),
    Column("times", "Opening times", opening.in_words, _times),
    Column("min_age", "Youngest age", _written, _number),
    Column("max_age", "Oldest age", _written, _number),
    Column("low_income_only", "Low income only", _maybe_written, _maybe),
    Column("benefits_only", "Benefits only", _maybe_written, _maybe),
    Column("needs_diagnosis", "Needs a diagnosis", _maybe_written, _maybe),
    Column("languages", "Languages", _joined, _parts),
    _plain("cost", "Cost"),
    Column("warm_handover", "Somebody can go along", _maybe_written, _maybe),
    _plain("goes_along", "Who goes along"),
    Column("capacity", "Room", lambda value: ROOM[value], _room),
    Column("wait_days", "Usual wait in days", _written, _number),
    Column("accepts_referrals", "Takes referrals", _maybe_written, lambda cell: _maybe(cell) is not False),
    _plain("contact_name", "Whom to ask for"),
    _plain("contact_phone", "Their phone"),
    _plain("contact_email", "Their email"),
    Column("verified_on", "Last confirmed", _written, _day),
)
BY_FIELD = {column.field: column for column in COLUMNS}
OFFER_FIELDS = frozenset(BY_FIELD) - set(
    "id version provider provider_phone place address postcode verified_on".split()
)
"""Columns whose values are an offer's own fields."""
