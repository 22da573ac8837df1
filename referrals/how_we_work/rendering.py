"""The only language of an organisation's own words: named fields, and words that stand where something is known.

`{{ when }}` is a field. `[Please bring: {{ bring }}.]` stands only where all fields in it are known, and of
`[{{ worker }} will ring|Somebody will ring]` the first that can stand does. There is nothing else: no condition,
no loop, no filter, no file, no code. What fills a field is never read for fields or brackets itself.

Pure, and linear in the length of the text.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.wording import gettext_lazy as _

MARKS = re.compile(r"\{\{\s*(?P<field>\w+)\s*\}\}|(?P<mark>[\[\]|])|(?P<wrong>\{[{%#]?|[}%#]?\})")


@dataclass(frozen=True)
class Field:
    name: str


Words = list["str | Field"]


@dataclass
class Choice:
    """The first whose fields are all known stands; none if there is none."""

    start: int
    ways: list[Words] = field(default_factory=lambda: [[]])


@dataclass(frozen=True)
class Slip:
    """Something that cannot be read, where it stands, and what to do about it."""

    start: int
    end: int
    sentence: str


@dataclass(frozen=True)
class Parsed:
    parts: "list[str | Field | Choice]"
    slips: list[Slip]

    @property
    def fields(self) -> set[str]:
        choices = [part for part in self.parts if isinstance(part, Choice)]
        nested = [word for choice in choices for way in choice.ways for word in way]
        return {part.name for part in (*self.parts, *nested) if isinstance(part, Field)}


class _Reader:
    def __init__(self, allowed: Iterable[str]) -> None:
        self.allowed = list(allowed)
        self.parts: list[str | Field | Choice] = []
        self.slips: list[Slip] = []
        self.choice: Choice | None = None

    def slip(self, found: Any, sentence: str) -> None:
        self.slips.append(Slip(found.start(), found.end(), sentence))

    def add(self, word: str | Field) -> None:
        if word:
            (self.choice.ways[-1] if self.choice else self.parts).append(word)

    def take_field(self, found: Any) -> None:
        name = found["field"]
        if name in self.allowed:
            self.add(Field(name))
        else:
            self.slip(found, UNKNOWN % {"fields": ", ".join(f"{{{{ {one} }}}}" for one in self.allowed)})

    def take_mark(self, found: Any) -> None:
        mark = found["mark"]
        if mark == "[" and self.choice is None:
            self.choice = Choice(found.start())
        elif mark == "|" and self.choice:
            self.choice.ways.append([])
        elif mark == "]" and self.choice:
            self._close(found)
        elif mark == "|":
            self.add("|")
        else:
            self.slip(found, NESTED if mark == "[" else NOT_OPENED)

    def _close(self, found: Any) -> None:
        choice, self.choice = self.choice, None
        if choice is None:
            return
        self.parts.append(choice)
        if any(not _fields(way) for way in choice.ways[:-1]) or not any(map(_fields, choice.ways)):
            self.slips.append(Slip(choice.start, found.end(), NO_FIELD))


def _fields(way: Words) -> list[str]:
    return [word.name for word in way if isinstance(word, Field)]


UNKNOWN = _("This message has no such field. It has: %(fields)s.")
NESTED = _("Close the square bracket before you open another one.")
NOT_OPENED = _("There is no opening square bracket to this one.")
NOT_CLOSED = _("Close this square bracket with ].")
NO_FIELD = _("Put a field into the square brackets, before each |: they say what stands where it is known.")
BROKEN = _("Write a field like {{ name }}, with two curly brackets on each side and nothing else in them.")


def parse(text: str, allowed: Iterable[str]) -> Parsed:
    """Never raises: what cannot be read is among the slips, with its place."""
    reader, at = _Reader(allowed), 0
    for found in MARKS.finditer(text):
        reader.add(text[at : found.start()])
        at = found.end()
        if found["field"]:
            reader.take_field(found)
        elif found["mark"]:
            reader.take_mark(found)
        else:
            reader.slip(found, BROKEN)
    reader.add(text[at:])
    if reader.choice:
        reader.slips.append(Slip(reader.choice.start, reader.choice.start + 1, NOT_CLOSED))
        reader.parts.append(reader.choice)
    return Parsed(reader.parts, reader.slips)


def fill(parsed: Parsed, known: Mapping[str, Any]) -> str:
    """What is not in `known`, or is empty there, is not known."""
    return "".join(_part(part, known) for part in parsed.parts)


def _part(part: str | Field | Choice, known: Mapping[str, Any]) -> str:
    if isinstance(part, Choice):
        standing = (way for way in part.ways if all(known.get(name) for name in _fields(way)))
        return "".join(_part(word, known) for word in next(standing, []))
    return str(known.get(part.name) or "") if isinstance(part, Field) else part
