"""Brings one object of a feed, whatever was made of it, to the profile's own form.

Pure. What cannot be read is left out of the clean object and reported; the record as received is kept beside it,
so that nothing is lost. A clean object has no null, no empty value, an id everywhere and every format right.
"""

import hashlib
import json
import math
import re
from typing import Any
from uuid import UUID, uuid5

from directory.openreferral.formats import READERS, choice
from directory.openreferral.formats import UUID as A_UUID
from directory.openreferral.profile import SHAPES, Field, Shape
from directory.openreferral.quirks import Quirks

DEEPEST = 40
NOTHING: tuple[Any, ...] = (None, "", [], {})
NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

Object = dict[str, Any]


class TooDeep(ValueError):
    """Nested further than anybody nests on purpose."""


def storable(value: Any, depth: int = 0) -> tuple[Any, bool]:
    """`value` without the characters that no database keeps, and whether there were any. TooDeep past DEEPEST."""
    if depth > DEEPEST:
        raise TooDeep
    if isinstance(value, str):
        text = NO_TEXT.sub("", value)
        return text, text != value
    if isinstance(value, float) and not math.isfinite(value):
        return str(value), True
    if isinstance(value, list):
        pairs = [storable(one, depth + 1) for one in value]
        return [one for one, _ in pairs], any(odd for _, odd in pairs)
    if isinstance(value, dict):
        named = {storable(str(key))[0]: storable(one, depth + 1) for key, one in value.items()}
        return {key: one for key, (one, _) in named.items()}, any(odd for _, odd in named.values())
    return value, False


def fingerprint(value: Any) -> str:
    """The same for the same content in whatever order its fields stand."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


class Cleaner:
    """Cleans the objects of one item. `namespace` is the feed's: ids made up here differ from feed to feed."""

    def __init__(self, quirks: Quirks, namespace: UUID) -> None:
        self.quirks = quirks
        self.namespace = namespace

    def clean(self, raw: Object, shape_name: str, path: str = "$") -> Object:
        shape, clean = SHAPES[shape_name], {}
        clean["id"] = self._id(raw, shape_name, path)
        for name, value in raw.items():
            if name == "id":
                continue
            kept = self._value(name, value, shape.fields.get(name), f"{path}.{name}")
            if kept not in NOTHING or isinstance(kept, bool):
                clean[name] = kept
        self._fill_in(clean, shape_name, shape, path)
        return clean

    def _id(self, raw: Object, shape_name: str, path: str) -> str:
        given = raw.get("id")
        if isinstance(given, str) and A_UUID.fullmatch(given.strip()):
            return given.strip().lower()
        missing = given in NOTHING
        self.quirks.add(f"{path}.id", "no_id" if missing else "bad_id", given)
        key = fingerprint(raw) if missing else str(given)
        return str(uuid5(self.namespace, f"{shape_name}:{key}"))

    def _value(self, name: str, value: Any, field: Field | None, path: str) -> Any:
        if value is None or value in NOTHING or (isinstance(value, str) and not value.strip()):
            if value not in ([], {}):
                self.quirks.add(path, "null" if value is None else "empty")
            return None
        if field is None:
            self.quirks.add(path, "own_field", value)
            return _without_nothing(value)
        if field.kind == "one":
            return self._one(value, field, path)
        if field.kind == "many":
            return self._many(value, field, path)
        return self._read(value, field, path)

    def _read(self, value: Any, field: Field, path: str) -> Any:
        read, codes = choice(value, field.choices) if field.kind == "choice" else READERS[field.kind](value)
        for code in codes:
            self.quirks.add(path, code, value)
        return read

    def _one(self, value: Any, field: Field, path: str) -> Object | None:
        if not isinstance(value, dict):
            self.quirks.add(path, "wrong_type", value)
            return None
        return self.clean(value, field.shape, path)

    def _many(self, value: Any, field: Field, path: str) -> list[Object]:
        if isinstance(value, dict):
            self.quirks.add(path, "not_a_list")
            value = [value]
        if not isinstance(value, list):
            self.quirks.add(path, "wrong_type", value)
            return []
        found = [self._one(one, field, f"{path}[{place}]") for place, one in enumerate(value)]
        return [one for one in found if one and self._is_whole(one, field.shape)]

    def _is_whole(self, clean: Object, shape_name: str) -> bool:
        """Whether it has what its shape must have, after filling in: else a strict reader refuses the whole."""
        return all(name in clean for name in SHAPES[shape_name].required)

    def _fill_in(self, clean: Object, shape_name: str, shape: Shape, path: str) -> None:
        missing = [name for name in shape.required if name not in clean]
        if fill := FILLERS.get(shape_name):
            code = fill(clean) if missing else ""
            if code:
                self.quirks.add(path, code, ", ".join(missing))


def _without_nothing(value: Any) -> Any:
    """Deep inside a supplier's own field, too: no null and no empty value leaves this house."""
    if isinstance(value, dict):
        found = {key: _without_nothing(one) for key, one in value.items()}
        return {key: one for key, one in found.items() if one is False or one == 0 or one not in NOTHING}
    if isinstance(value, list):
        return [one for one in map(_without_nothing, value) if one is False or one == 0 or one not in NOTHING]
    return value.strip() and value if isinstance(value, str) else value


# --- What is filled in where the profile asks for it ------------------------------------------------------


def _organization(clean: Object) -> str:
    if "name" not in clean:
        return ""
    clean["description"] = clean["name"]
    return "no_description"


def _address(clean: Object) -> str:
    """Town and county stand in for each other; a street is never made up, so that an address may stay out."""
    town = clean.get("city") or clean.get("region") or clean.get("state_province")
    if town:
        clean.setdefault("city", town)
        clean.setdefault("state_province", clean.get("region") or town)
    clean.setdefault("country", "GB")
    clean.setdefault("address_type", "physical")
    return "address_incomplete"


def _location(clean: Object) -> str:
    clean.setdefault("location_type", "physical")
    return ""


def _term(clean: Object) -> str:
    name = clean.get("name") or clean.get("term") or clean.get("term_uri")
    if name:
        clean.setdefault("name", name)
        clean.setdefault("description", clean["name"])
    return ""


FILLERS = {"organization": _organization, "address": _address, "location": _location, "taxonomy_term": _term}
