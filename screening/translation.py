"""A definition's words in another language: one file beside it, checked and signed off as a whole.

Pure. `getting-online-1.0.0.cy.json` maps the place of each text ("items.CT1.text") to the English and the words in
the other language. Codes, points and rules are not in it: no translation can change what an answer counts for.
What has no words yet is asked in English; consent is in one language or the other, never half of each.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from screening.parts import Consent, Item, Rule

if TYPE_CHECKING:
    from screening.questionnaire import Questionnaire

ENGLISH = "en-GB"

Say = Callable[[str, str], str]
"""From a place and its English to what is said there."""


def texts(asked: "Questionnaire") -> dict[str, str]:
    """Every text that a person reads or hears, by its place."""
    found: dict[str, str] = {}

    def note(place: str, english: str) -> str:
        found[place] = english
        return english

    _said(asked, note)
    return found


def translated(asked: "Questionnaire", words: Mapping[str, str], language: str) -> "Questionnaire":
    """The same questionnaire in other words; English where `words` has nothing for a place."""
    spoken = _said(asked, lambda place, english: words.get(place) or english)
    places = [place for place in texts(asked) if place.startswith("consent.")]
    whole = all(words.get(place) for place in places)
    consent = replace(spoken.consent, language=language) if whole else asked.consent
    return replace(spoken, language=language, consent=consent)


def load(path: Path, asked: "Questionnaire", language: str) -> tuple[dict[str, str], list[str]]:
    """The words by place, and what is wrong with the file; what is missing is not wrong, see `missing`."""
    try:
        file = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        return {}, [f"The file is not JSON: {error}"]
    if not isinstance(file, dict):
        return {}, ["The file must map places to words."]
    english = texts(asked)
    return _words(file, language), list(_faults(file, english, language))


def missing(asked: "Questionnaire", words: Mapping[str, str]) -> list[str]:
    return [f"{place}: no words yet" for place in texts(asked) if not words.get(place)]


def to_fill_in(asked: "Questionnaire", words: Mapping[str, str], language: str) -> str:
    """The file for a translator: each English text with its words, empty where there are none yet."""
    file = {place: {ENGLISH: english, language: words.get(place, "")} for place, english in texts(asked).items()}
    return json.dumps(file, ensure_ascii=False, indent=2) + "\n"


def _words(file: Mapping[str, Any], language: str) -> dict[str, str]:
    entries = {place: entry.get(language) for place, entry in file.items() if isinstance(entry, dict)}
    return {place: words for place, words in entries.items() if isinstance(words, str) and words.strip()}


def _faults(file: Mapping[str, Any], english: Mapping[str, str], language: str) -> Iterator[str]:
    for place, entry in file.items():
        if place not in english:
            yield f"{place}: there is no such place in the definition"
        elif not isinstance(entry, dict) or not isinstance(entry.get(language), str):
            yield f"{place}: must have words under '{ENGLISH}' and '{language}'"
        elif entry.get(ENGLISH) != english[place]:
            yield f"{place}: the English is not the definition's, so the words may say something else"


def _said(asked: "Questionnaire", say: Say) -> "Questionnaire":
    items = {item.code: _item(item, say) for item in asked.items}
    return replace(
        asked,
        title=say("title", asked.title),
        intro=say("intro", asked.intro),
        themes=tuple(
            replace(
                theme,
                title=say(f"themes.{theme.code}.title", theme.title),
                items=tuple(items[item.code] for item in theme.items),
            )
            for theme in asked.themes
        ),
        sections=tuple(
            replace(
                section,
                title=say(f"sections.{section.code}.title", section.title),
                items=tuple(items[item.code] for item in section.items),
            )
            for section in asked.sections
        ),
        items=tuple(items.values()),
        needs=tuple(replace(need, title=say(f"needs.{need.code}.title", need.title)) for need in asked.needs),
        stages=MappingProxyType({stage: say(f"stages.{stage}", title) for stage, title in asked.stages.items()}),
        rules=tuple(_rule(rule, say) for rule in asked.rules),
        statuses=tuple(
            replace(status, title=say(f"statuses.{status.code}.title", status.title)) for status in asked.statuses
        ),
        consent=_consent(asked.consent, say),
    )


def _item(item: Item, say: Say) -> Item:
    place = f"items.{item.code}"
    return replace(
        item,
        text=say(f"{place}.text", item.text),
        hint=say(f"{place}.hint", item.hint) if item.hint else item.hint,
        options=tuple(
            replace(option, label=say(f"{place}.options.{option.code}", option.label)) for option in item.options
        ),
        rows=tuple(replace(row, label=say(f"{place}.rows.{row.code}", row.label)) for row in item.rows),
        derive=tuple(
            replace(derive, reason=say(f"{place}.derive.{number}.reason", derive.reason))
            for number, derive in enumerate(item.derive, start=1)
        ),
    )


def _rule(rule: Rule, say: Say) -> Rule:
    place = f"rules.{rule.id}"
    care = say(f"{place}.care", rule.care) if rule.care else rule.care
    choice = rule.choice and replace(rule.choice, text=say(f"{place}.choice", rule.choice.text))
    return replace(rule, text=say(f"{place}.text", rule.text), care=care, choice=choice)


def _consent(consent: Consent, say: Say) -> Consent:
    options = tuple(
        replace(option, label=say(f"consent.options.{option.code}", option.label)) for option in consent.options
    )
    return replace(consent, text=say("consent.text", consent.text), options=options)
