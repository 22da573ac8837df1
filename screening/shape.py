"""The shape of a definition file: which keys each part has, and of what kind each value is.

`read` goes through the whole file whatever it meets: what is missing or of the wrong kind becomes a fault that
names its place, and something empty stands in for it, so that the checks of sense that follow find every value of
the right kind and report their own faults as well.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Faults = list[str]
REQUIRED: Any = object()
TOP = "definition"


@dataclass(frozen=True, kw_only=True)
class Field:
    """What may stand under one key. `default` is its value where the key may be, and is, left out."""

    default: Any = REQUIRED

    def read(self, value: Any, place: str, key: str, faults: Faults) -> Any:
        """The value, or a fault and what stands in for it. Here it may be anything but null: an answer."""
        if value is None:
            faults.append(f"{place}: '{key}' must not be null")
        return value

    def stand_in(self) -> Any:
        return None


@dataclass(frozen=True, kw_only=True)
class Condition(Field):
    """An object; which forms there are is for the checks of sense."""

    def read(self, value: Any, place: str, key: str, faults: Faults) -> Any:
        if isinstance(value, dict):
            return value
        faults.append(f"{place}: '{key}' must be a condition")
        return None


@dataclass(frozen=True, kw_only=True)
class Value(Field):
    """One plain value; a default of `None` lets the file say null too."""

    kind: type
    words: str

    def read(self, value: Any, place: str, key: str, faults: Faults) -> Any:
        if value is None and self.default is None:
            return None
        if type(value) is self.kind and value != "":  # not isinstance: true is a whole number to Python
            return value
        faults.append(f"{place}: '{key}' must be {self.words}")
        return self.stand_in()

    def stand_in(self) -> Any:
        return self.kind()


@dataclass(frozen=True, kw_only=True)
class Codes(Field):
    """A list of at least one code, none of them twice."""

    def read(self, value: Any, place: str, key: str, faults: Faults) -> list[str]:
        if not isinstance(value, list) or not value or not all(isinstance(code, str) and code for code in value):
            faults.append(f"{place}: '{key}' must be a list of codes")
            return []
        faults.extend(f"{place}: '{key}' names '{code}' twice" for code in twice(value))
        return value

    def stand_in(self) -> list[str]:
        return []


@dataclass(frozen=True, kw_only=True)
class Titles(Field):
    """A map of codes to words, with something in it."""

    def read(self, value: Any, place: str, key: str, faults: Faults) -> dict[str, str]:
        if not isinstance(value, dict) or not value or not all(isinstance(t, str) and t for t in value.values()):
            faults.append(f"{place}: '{key}' must map codes to words")
            return {}
        return value

    def stand_in(self) -> dict[str, str]:
        return {}


@dataclass(frozen=True, kw_only=True)
class Part(Field):
    """One object with set keys."""

    noun: str
    keys: Mapping[str, Field]

    def read(self, value: Any, place: str, key: str, faults: Faults) -> dict[str, Any]:
        return read_part(self.keys, value, within(place, self.noun), faults)

    def stand_in(self) -> dict[str, Any]:
        return read_part(self.keys, {}, TOP, [])


@dataclass(frozen=True, kw_only=True)
class Parts(Field):
    """A list of objects with set keys; a fault in one names it by its code or id, or else by its number from 1."""

    noun: str
    keys: Mapping[str, Field]
    least: int = 1

    def read(self, value: Any, place: str, key: str, faults: Faults) -> list[dict[str, Any]]:
        if not isinstance(value, list) or len(value) < self.least:
            faults.append(f"{place}: '{key}' must be a list{' of at least one' if self.least else ''}")
            return []
        return [
            read_part(self.keys, part, within(place, self.name(part, number)), faults)
            for number, part in enumerate(value, start=1)
        ]

    def name(self, part: Any, number: int) -> str:
        code = (part.get("code") or part.get("id")) if isinstance(part, dict) else None
        return f"{self.noun} {code if isinstance(code, str) else number}"

    def stand_in(self) -> list[dict[str, Any]]:
        return []


def read_part(keys: Mapping[str, Field], value: Any, place: str, faults: Faults) -> dict[str, Any]:
    """Every key of the part, and under "place" where in the file it stands, for the faults still to be found."""
    if not isinstance(value, dict):
        faults.append(f"{place}: must be an object")
        value, faults = {}, []  # and not each of its keys missing besides
    faults.extend(f"{place}: '{key}' is not a known key" for key in value if key not in keys)
    return {"place": place} | {key: _read_key(key, field, value, place, faults) for key, field in keys.items()}


def _read_key(key: str, field: Field, part: Mapping[str, Any], place: str, faults: Faults) -> Any:
    if key in part:
        return field.read(part[key], place, key, faults)
    if field.default is REQUIRED:
        faults.append(f"{place}: '{key}' is missing")
        return field.stand_in()
    return field.default


def section_code(title: str) -> str:
    """The code of a section, from its title: lower-case words joined by hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))


def within(place: str, name: str) -> str:
    return name if place == TOP else f"{place}, {name}"


def twice(codes: Iterable[str]) -> list[str]:
    """The codes that come more than once."""
    return [code for code, times in Counter(codes).items() if times > 1]


TEXT = Value(kind=str, words="words")
TEXT_OR_NONE = Value(kind=str, words="words", default=None)
NUMBER = Value(kind=int, words="a whole number")
NO_UNLESS_SAID = Value(kind=bool, words="true or false", default=False)
CONDITION = Condition()

CHOICE = {"code": TEXT, "label": TEXT}
GUARD = {"reason": TEXT, "if": CONDITION}

ITEM = {
    "code": TEXT,
    "name": TEXT,
    "section": TEXT,
    "theme": Value(kind=str, words="a theme's code or null", default=None),
    "subtheme": TEXT,
    "text": TEXT,
    "hint": TEXT_OR_NONE,
    "kind": TEXT,
    "options": Parts(noun="option", keys=CHOICE),
    "rows": Parts(noun="row", keys=CHOICE, default=()),
    "sensitive": NO_UNLESS_SAID,
    "ask_only_when_alone": NO_UNLESS_SAID,
    "why": TEXT,
    "skip_if": Condition(default=None),
    "derive": Parts(noun="derive", keys={"if": CONDITION, "value": Field(), "reason": TEXT}, default=()),
    "points": Parts(
        noun="points", keys={"if": CONDITION, "points": NUMBER, "critical": NO_UNLESS_SAID}, default=()
    ),
    "raises": Parts(noun="raises", keys={"if": CONDITION, "needs": Codes()}, default=()),
}
RULE = {
    "id": TEXT,
    "needs": Codes(),
    "type": TEXT,
    "stage": NUMBER,
    "support": TEXT,
    "text": TEXT,
    "care": TEXT_OR_NONE,
    "hold": Parts(noun="hold", keys=GUARD, default=()),
    "clinician_choice_if": Condition(default=None),
    "choice": Part(noun="choice", keys={"or": TEXT, "text": TEXT}, default=None),
    "basis": TEXT,
}
CONTACT_PLAN = {
    "automatic_channels": Codes(),
    "blocked": Parts(noun="blocked", keys=GUARD),
    "allowed": TEXT,
    "no_channel": TEXT,
}
DEFINITION = {
    "id": TEXT,
    "version": TEXT,
    "kind": Value(kind=str, words="words", default="screening"),
    "language": TEXT,
    "title": TEXT,
    "status": TEXT,
    "intro": TEXT,
    "evidence_marks": Titles(),
    "answer_states": Codes(),
    "not_asked_reasons": Codes(),
    "themes": Parts(
        noun="theme",
        keys={"code": TEXT, "title": TEXT, "study_theme": TEXT, "high_at": NUMBER, "items": Codes()},
        least=0,
    ),
    "levels": Codes(),
    "short_form": Codes(),
    "consent": Part(
        noun="consent", keys={"code": TEXT, "text": TEXT, "options": Parts(noun="option", keys=CHOICE)}
    ),
    "items": Parts(noun="item", keys=ITEM),
    "needs": Parts(noun="need", keys={"code": TEXT, "title": TEXT}),
    "stages": Titles(),
    "offers_at_once": NUMBER,
    "rules": Parts(noun="rule", keys=RULE),
    "statuses": Parts(noun="status", keys={"code": TEXT, "title": TEXT, "if": CONDITION}),
    "contact_safety_first_if_needs": Codes(),
    "contact_plan": Part(noun="contact plan", keys=CONTACT_PLAN),
}


def read(definition: object) -> tuple[dict[str, Any], Faults]:
    """The definition with every key there and of its kind, and the faults that were met on the way.

    Each part also has its "place", as faults name it: "item AC3, raises 2".
    """
    faults: Faults = []
    return read_part(DEFINITION, definition, TOP, faults), faults
