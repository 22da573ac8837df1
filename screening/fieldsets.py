"""One question as HTML. A question has few possible answers, so each rendering is kept and used again.

What is kept says nothing about anybody: it is a question with one of its answers.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_lowercase
from typing import Any

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from screening import questionnaire, words
from screening.questionnaire import Item, Option, Questionnaire
from screening.reading import as_shown
from screening.terms import Kind, State


@dataclass(frozen=True)
class Note:
    """What stands under a question: an error, why it was worked out, and whether another answer brought it up."""

    error: str = ""
    derived: str = ""
    follows: bool = False


@dataclass(frozen=True)
class Choice:
    """One box to tick. `letter` is the key that ticks it."""

    name: str
    id: str
    value: str
    label: str
    letter: str
    picked: bool


NO_NOTE = Note()
KEYS = {State.PREFER_NOT: "r", State.DONT_KNOW: "u", words.NOT_ALONE: "p"}
"""Keys of the answers that are none; the letters of options come from the other end of the alphabet."""


def fieldset(asked: Questionnaire, item: Item, *, was: Any, chosen: Any, note: Note = NO_NOTE) -> SafeString:
    """`was`: the answer as it stands. `chosen`: what to show as chosen, another one only after a refusal."""
    language = get_language() or ""
    html = _rendered(asked.id, asked.version, language, item.code, as_shown(was), as_shown(_tidy(chosen)), note)
    return mark_safe(html)  # noqa: S308 - our own template's output, which has escaped what it was given


def _tidy(chosen: Any) -> Any:
    """The order of ticks does not show, so it must not make one more piece to keep."""
    return sorted(chosen) if isinstance(chosen, list) else chosen


@lru_cache(maxsize=4096)
def _rendered(id: str, version: str, language: str, code: str, was: str, chosen: str, note: Note) -> str:
    asked = questionnaire.get(id, version, language)
    item, picked = asked.item(code), json.loads(chosen)
    shown_first, reasons = _no_answer(asked, item, picked)
    context = {
        "item": item,
        "was": was,
        "note": note,
        "type": "checkbox" if item.kind == Kind.MULTI else "radio",
        "choices": [] if item.rows else list(_options(item.code, item.options, picked)),
        "rows": [
            (row, list(_options(f"{code}-{row.code}", item.options, _of_row(picked, row.code))))
            for row in item.rows
        ],
        "quiet_type": "radio" if item.kind == Kind.SINGLE else "checkbox",
        "quiet": shown_first,
        "reasons": reasons,
        "reason_picked": any(choice.picked for choice in reasons),
    }
    return get_template("screening/fieldset.html").render(context)


def _of_row(picked: Any, row: str) -> Any:
    return picked.get(row) if isinstance(picked, dict) else None


def _options(name: str, options: Iterable[Option], picked: Any) -> Iterator[Choice]:
    ticked = picked if isinstance(picked, list) else [picked]
    for letter, option in zip(ascii_lowercase, options, strict=False):
        yield Choice(name, f"{name}-{option.code}", option.code, option.label, letter, option.code in ticked)


def _no_answer(asked: Questionnaire, item: Item, picked: Any) -> tuple[list[Choice], list[Choice]]:
    """Those in sight, and the folded reasons for not asking; "not alone" is in sight where it counts."""
    states = [_quiet(item, {"state": state}, label, KEYS[state], picked) for state, label in IN_SIGHT.items()]
    reasons = [
        _quiet(item, {"state": "not_asked", "reason": code}, words.not_asked(code), KEYS.get(code, ""), picked)
        for code in asked.not_asked_reasons
    ]
    if item.ask_only_when_alone:
        not_alone = [choice for choice in reasons if choice.value.endswith(words.NOT_ALONE)]
        return [*states, *not_alone], [choice for choice in reasons if choice not in not_alone]
    return states, reasons


IN_SIGHT = {State.PREFER_NOT: words.PREFER_NOT, State.DONT_KNOW: words.DONT_KNOW}


def _quiet(item: Item, state: dict[str, str], label: str, letter: str, picked: Any) -> Choice:
    value = "~" + ":".join(state.values())
    id = f"{item.code}-{'-'.join(state.values())}"
    return Choice(item.code, id, value, label, letter, picked == state)
