"""The facts about a person as staff type them, read into what is stored; the same for pages, API and seeds.

Each reader takes what was typed and gives what is stored, or raises InvalidInput for its own field.
"""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.errors import InvalidInput
from accounts.wording import gettext_lazy as _
from people import identifiers
from people.identifiers import bare, refusal
from people.names import fold

Reader = Callable[[str, Any, date], Any]

# Marks that turn the reading direction round would let a name hide in another; joiners belong to some scripts.
DIRECTION = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def clean(field: str, value: Any) -> str:
    """Text that every database can hold: no control characters, no halves of characters."""
    if not isinstance(value, str):
        raise refusal(field, _("This must be text."))
    kept = (c for c in value.translate(DIRECTION) if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return unicodedata.normalize("NFC", "".join(kept))


def words(field: str, value: Any, longest: int) -> str:
    """Free text of some lines, tidied; "" where nothing was typed."""
    lines = (" ".join(line.split()) for line in clean(field, value).splitlines())
    return _not_too_long(field, "\n".join(lines).strip(), longest)


def _line(longest: int) -> Reader:
    def read(field: str, value: Any, today: date) -> str:
        return _not_too_long(field, " ".join(clean(field, value).split()), longest)

    return read


def _lines(longest: int) -> Reader:
    def read(field: str, value: Any, today: date) -> str:
        return words(field, value, longest)

    return read


def _not_too_long(field: str, text: str, longest: int) -> str:
    if len(text) > longest:
        raise refusal(
            field,
            _("Use %(longest)s characters or fewer. This has %(length)s.")
            % {"longest": longest, "length": len(text)},
        )
    return text


def _name(field: str, value: Any, today: date) -> str:
    name = _line(200)(field, value, today)
    if not fold(name):
        raise refusal(field, _("Enter the person’s name."))
    return name


def _unless_empty(read: Callable[..., Any], *, empty: Any) -> Reader:
    """Nothing typed means not known, which is `empty`."""

    def reader(field: str, value: Any, today: date) -> Any:
        text = clean(field, value)
        return read(text, field=field) if bare(text) else empty

    return reader


def _local_number(text: str, *, field: str) -> str:
    return _not_too_long(field, bare(text).upper(), 40)


def _phone(text: str, *, field: str) -> str:
    return identifiers.phone(text, field=field).number


def _email(text: str, *, field: str) -> str:
    address = bare(text)
    try:
        validate_email(address)
    except ValidationError:
        raise refusal(field, _("Enter an email address, like name@example.org.")) from None
    return _not_too_long(field, address, 254)


def _date_of_birth(field: str, value: Any, today: date) -> date | None:
    if value is None:
        return None
    text = value.isoformat() if isinstance(value, date) else clean(field, value)
    return identifiers.date_of_birth(text, today, field=field) if bare(text) else None


def _yes_or_no(field: str, value: Any, today: date) -> bool:
    if not isinstance(value, bool):
        raise refusal(field, _("This must be true or false."))
    return value


READERS: dict[str, Reader] = {
    "name": _name,
    "preferred_name": _line(200),
    "pronouns": _line(40),
    "date_of_birth": _date_of_birth,
    "nhs_number": _unless_empty(identifiers.nhs_number, empty=None),
    "local_number": _unless_empty(_local_number, empty=None),
    "phone": _unless_empty(_phone, empty=""),
    "email": _unless_empty(_email, empty=""),
    "address": _lines(400),
    "postcode": _unless_empty(identifiers.postcode, empty=""),
    "no_fixed_address": _yes_or_no,
    "care_of": _line(200),
    "interpreter_language": _line(60),
    "communication_needs": _lines(2000),
}


def read(typed: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Stored values of the facts in `typed`, and of no others. Every wrong field is named in one refusal."""
    facts: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, value in typed.items():
        try:
            facts[name] = _reader(name)(name, value, today)
        except InvalidInput as refused:
            wrong |= refused.fields
    if wrong:
        raise InvalidInput(_("Some of what was entered needs to be put right."), fields=wrong)
    return facts


def _reader(name: str) -> Reader:
    if name not in READERS:
        raise refusal(name, _("There is no such fact about a person."))
    return READERS[name]


def as_typed(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Stored facts as somebody would type them: what an edit form begins with."""
    show: dict[str, Callable[[Any], Any]] = {
        "date_of_birth": lambda day: f"{day.day} {day:%B %Y}",
        "nhs_number": identifiers.format_nhs_number,
        "phone": identifiers.format_phone,
    }
    return {
        name: show[name](value) if name in show and value else ("" if value is None else value)
        for name, value in facts.items()
    }
