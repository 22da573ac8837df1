"""A questionnaire as its definition file has it: what is asked, in which order, and which rules read the answers.

A definition is data, reviewed like code and frozen once a screening has used it. `load` and `from_dict` refuse one
with a fault in it; `get`, `latest` and `all_loaded` give the definitions that ship with the product, in another
language where a file of words stands beside them (screening/translation.py).
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any

from screening import checks, conditions, parts, shape, translation
from screening.parts import Consent, ContactPlan, Guard, Item, Need, Option, Row, Rule, Section, Status, Theme
from screening.terms import CONTACT_ITEMS, DefinitionKind, Kind

__all__ = [
    "Consent",
    "ContactPlan",
    "DefinitionError",
    "Guard",
    "Item",
    "Kind",
    "Need",
    "Option",
    "Questionnaire",
    "Row",
    "Rule",
    "Section",
    "Status",
    "Theme",
    "UnknownDefinition",
    "all_loaded",
    "from_dict",
    "get",
    "latest",
    "load",
    "load_all",
]

DEFINITIONS = Path(__file__).parent / "definitions"
TRANSLATION = re.compile(r"(.+-[0-9.]+)\.([a-z]{2,3}(?:-[a-z]{2,4})?)")
"""The name of a file of words, without its ending: the definition's, and a language."""


class DefinitionError(Exception):
    """A definition that must not be used. `faults` has a sentence for each thing wrong, with its place."""

    def __init__(self, faults: Iterable[str], *, name: str = "A definition") -> None:
        self.faults = list(faults)
        super().__init__("\n".join([f"{name} cannot be used:", *self.faults]))


class UnknownDefinition(KeyError):
    """No definition of that id, or of that version, ships with the product."""

    def __str__(self) -> str:
        return str(self.args[0])  # KeyError would put the sentence in quotes


@dataclass(frozen=True)
class Questionnaire:
    """`rules` stand in the order in which they are suggested: stage, then id. `items` in the order of asking."""

    id: str
    version: str
    kind: DefinitionKind
    language: str
    title: str
    intro: str
    status: str
    themes: tuple[Theme, ...]
    sections: tuple[Section, ...]
    items: tuple[Item, ...]
    needs: tuple[Need, ...]
    stages: Mapping[int, str]
    rules: tuple[Rule, ...]
    statuses: tuple[Status, ...]
    consent: Consent
    short_form: tuple[str, ...]
    not_asked_reasons: tuple[str, ...]
    offers_at_once: int
    contact_safety_first_if_needs: frozenset[str]
    contact_plan: ContactPlan
    evidence_marks: Mapping[str, str]

    def item(self, code: str) -> Item:
        return self.items_by_code[code]

    def named(self, name: str) -> Item | None:
        """The item of that name: what a question is for is told by its name, never by its code."""
        return self._items_by_name.get(name)

    def section(self, code: str) -> Section:
        return self._sections_by_code[code]

    def theme(self, code: str) -> Theme:
        return self._themes_by_code[code]

    def rule(self, id: str) -> Rule:
        return self._rules_by_id[id]

    def need_title(self, code: str) -> str:
        return self._need_titles[code]

    def status_title(self, code: str) -> str:
        return self._status_titles[code]

    @cached_property
    def items_by_code(self) -> Mapping[str, Item]:
        return MappingProxyType({item.code: item for item in self.items})

    def by_name(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values by the code of their item, put under its name."""
        return {self.items_by_code[code].name: value for code, value in values.items()}

    @cached_property
    def contact_codes(self) -> Mapping[str, str]:
        """The codes of the items that the contact plan is worked out from, by their names."""
        return {name: self._items_by_name[name].code for name in CONTACT_ITEMS}

    @cached_property
    def _items_by_name(self) -> dict[str, Item]:
        return {item.name: item for item in self.items}

    @cached_property
    def _sections_by_code(self) -> dict[str, Section]:
        return {section.code: section for section in self.sections}

    @cached_property
    def _themes_by_code(self) -> dict[str, Theme]:
        return {theme.code: theme for theme in self.themes}

    @cached_property
    def _rules_by_id(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def _need_titles(self) -> dict[str, str]:
        return {need.code: need.title for need in self.needs}

    @cached_property
    def _status_titles(self) -> dict[str, str]:
        return {status.code: status.title for status in self.statuses}


def from_dict(definition: object, *, name: str = "A definition", faults: Iterable[str] = ()) -> Questionnaire:
    """The questionnaire, or DefinitionError with every fault there is to find, and `faults` before them."""
    tidy, faults_of_shape = shape.read(definition)
    found = [*faults, *faults_of_shape, *checks.faults(tidy)]
    if found:
        raise DefinitionError(dict.fromkeys(found), name=name)
    return _questionnaire(tidy)


def load(path: Path | str) -> Questionnaire:
    """As `from_dict`, for a JSON file in UTF-8. A key that stands twice in one object is a fault as well."""
    repeated: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        part = dict(pairs)
        place = part.get("code") or part.get("id") or "an object without a code"
        repeated.extend(f"{place}: '{key}' stands twice" for key in shape.twice(key for key, _ in pairs))
        return part

    path = Path(path)
    try:
        definition = json.loads(path.read_bytes(), object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise DefinitionError([f"The file is not JSON: {error}"], name=path.name) from error
    return from_dict(definition, name=path.name, faults=repeated)


def load_all() -> tuple[Questionnaire, ...]:
    """Every definition that ships with the product, read once; called at start, so that a broken one stops it."""
    _translations(DEFINITIONS)
    return _load_folder(DEFINITIONS)


@lru_cache
def _load_folder(folder: Path) -> tuple[Questionnaire, ...]:
    found = []
    for path in sorted(folder.glob("*.json")):
        if TRANSLATION.fullmatch(path.stem):
            continue
        questionnaire = load(path)
        if path.stem != f"{questionnaire.id}-{questionnaire.version}":
            fault = f"The file holds {questionnaire.id}-{questionnaire.version}, and must be named so."
            raise DefinitionError([fault], name=path.name)
        found.append(questionnaire)
    return tuple(sorted(found, key=_in_order))


def _in_order(questionnaire: Questionnaire) -> tuple[list[str | int], list[int]]:
    """Numbers in an id count as numbers: what is asked after 4 weeks stands before what is asked after 12."""
    parts = re.split(r"([0-9]+)", questionnaire.id)
    id = [int(part) if part.isdigit() else part for part in parts]
    return id, [int(number) for number in questionnaire.version.split(".")]


def all_loaded() -> tuple[Questionnaire, ...]:
    """By id, older versions first."""
    return load_all()


@lru_cache
def get(id: str, version: str, language: str = "") -> Questionnaire:
    """`language` as Django names it ("cy"); English where the definition has no words in it."""
    for questionnaire in load_all():
        if (questionnaire.id, questionnaire.version) == (id, version):
            return _translations(DEFINITIONS).get((id, version, language.lower()), questionnaire)
    raise UnknownDefinition(f"There is no questionnaire {id}, version {version}.")


def of_kind(kind: DefinitionKind, language: str = "") -> list[Questionnaire]:
    """The newest version of each, by id."""
    ids = dict.fromkeys(questionnaire.id for questionnaire in load_all() if questionnaire.kind == kind)
    return [latest(id, language) for id in ids]


def screening_ids() -> list[str]:
    """The questionnaires by which somebody counts as screened."""
    return [questionnaire.id for questionnaire in of_kind(DefinitionKind.SCREENING)]


def the_screening(language: str = "") -> Questionnaire:
    """What is asked where nobody says which; the first by id where there are several."""
    return of_kind(DefinitionKind.SCREENING, language)[0]


@lru_cache
def latest(id: str, language: str = "") -> Questionnaire:
    versions = [questionnaire.version for questionnaire in load_all() if questionnaire.id == id]
    if not versions:
        raise UnknownDefinition(f"There is no questionnaire {id}.")
    return get(id, versions[-1], language)


@lru_cache
def _translations(folder: Path) -> dict[tuple[str, str, str], Questionnaire]:
    """By id, version and language; a file with a fault in it stops the start, one with gaps does not."""
    known = {
        f"{questionnaire.id}-{questionnaire.version}": questionnaire for questionnaire in _load_folder(folder)
    }
    found = {}
    for path in sorted(folder.glob("*.json")):
        if name := TRANSLATION.fullmatch(path.stem):
            asked, language = known.get(name[1]), name[2]
            if asked is None:
                raise DefinitionError([f"There is no definition {name[1]} beside it."], name=path.name)
            words, faults = translation.load(path, asked, language)
            if faults:
                raise DefinitionError(faults, name=path.name)
            found[asked.id, asked.version, language] = translation.translated(asked, words, language)
    return found


def _questionnaire(raw: Mapping[str, Any]) -> Questionnaire:
    items = tuple(parts.item(item) for item in raw["items"])
    by_code = {item.code: item for item in items}
    plan = raw["contact_plan"]
    return Questionnaire(
        **{key: raw[key] for key in ("id", "version", "language", "title", "intro", "status", "offers_at_once")},
        kind=DefinitionKind(raw["kind"]),
        themes=tuple(_theme(theme, by_code) for theme in raw["themes"]),
        sections=_sections(raw, items),
        items=items,
        needs=tuple(Need(need["code"], need["title"]) for need in raw["needs"]),
        stages=MappingProxyType({int(stage): title for stage, title in raw["stages"].items()}),
        rules=parts.rules(raw),
        statuses=tuple(Status(s["code"], s["title"], conditions.build(s["if"])) for s in raw["statuses"]),
        consent=parts.consent(raw["consent"]),
        short_form=tuple(raw["short_form"]),
        not_asked_reasons=tuple(raw["not_asked_reasons"]),
        contact_safety_first_if_needs=frozenset(raw["contact_safety_first_if_needs"]),
        contact_plan=ContactPlan(frozenset(plan["automatic_channels"]), parts.guards(plan["blocked"])),
        evidence_marks=MappingProxyType(raw["evidence_marks"]),
    )


def _sections(raw: Mapping[str, Any], items: tuple[Item, ...]) -> tuple[Section, ...]:
    titles = {shape.section_code(item["section"]): item["section"] for item in raw["items"]}
    runs = groupby(items, key=lambda item: item.section)
    return tuple(Section(code, titles[code], tuple(run)) for code, run in runs)


def _theme(raw: Mapping[str, Any], by_code: Mapping[str, Item]) -> Theme:
    items = tuple(by_code[code] for code in raw["items"])
    return Theme(raw["code"], raw["title"], raw["study_theme"], raw["high_at"], items)
