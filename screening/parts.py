"""The parts of a questionnaire, each as its definition file has it, with conditions and choices ready for use.

The functions at the end build them from a file that has passed its checks, as `shape.read` gives it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from screening import conditions, shape
from screening.choices import Choices
from screening.conditions import Condition
from screening.terms import Kind, RuleType


@dataclass(frozen=True)
class Option:
    code: str
    label: str


@dataclass(frozen=True)
class Row:
    code: str
    label: str


@dataclass(frozen=True)
class Derive:
    """The value that the item has by itself when it has no answer and the condition holds, and why in words."""

    condition: Condition
    value: Any = field(hash=False)  # a list or a map, and never to be changed
    reason: str


@dataclass(frozen=True)
class Points:
    condition: Condition
    points: int
    critical: bool


@dataclass(frozen=True)
class Raise:
    condition: Condition
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Guard:
    """A reason, as a code, that stands when its condition holds: for holding an offer, for sending nothing."""

    condition: Condition
    reason: str


@dataclass(frozen=True)
class Item:
    """One question. `section` and `theme` are codes; only items that their theme lists count towards its level."""

    code: str
    name: str
    section: str
    theme: str | None
    subtheme: str
    text: str
    hint: str | None
    kind: Kind
    options: tuple[Option, ...]
    rows: tuple[Row, ...]
    sensitive: bool
    ask_only_when_alone: bool
    why: str
    skip_if: Condition | None
    derive: tuple[Derive, ...]
    points: tuple[Points, ...]
    raises: tuple[Raise, ...]

    @cached_property
    def choices(self) -> Choices:
        codes = frozenset(option.code for option in self.options)
        return Choices(self.kind, codes, frozenset(row.code for row in self.rows))

    @cached_property
    def most_points(self) -> int:
        return max((entry.points for entry in self.points), default=0)

    @cached_property
    def can_be_critical(self) -> bool:
        return any(entry.critical for entry in self.points)

    def label_for(self, value: Any) -> Any:
        """A whole value in words: a label, a list of labels as given, or a map of row label → option label."""
        labels = {option.code: option.label for option in self.options}
        if self.kind == Kind.SINGLE:
            return labels[value]
        if self.kind == Kind.MULTI:
            return [labels[code] for code in value]
        return {row.label: labels[value[row.code]] for row in self.rows if row.code in value}


@dataclass(frozen=True)
class Section:
    """The items that stand on one page, in the order in which they are asked."""

    code: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Theme:
    """`items` are those that count towards the level, and no others."""

    code: str
    title: str
    study_theme: str
    high_at: int
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Need:
    code: str
    title: str


@dataclass(frozen=True)
class Choice:
    """What a rule leaves to the clinician: itself, or the rule `other`. `text`: the question to choose by."""

    other: str
    text: str


@dataclass(frozen=True)
class Rule:
    """What to suggest when any of its needs is raised. `support` is the kind of support that an offer gives."""

    id: str
    needs: tuple[str, ...]
    type: RuleType
    stage: int
    support: str
    text: str
    care: str | None
    hold: tuple[Guard, ...]
    clinician_choice_if: Condition | None
    choice: Choice | None
    basis: str


@dataclass(frozen=True)
class Status:
    code: str
    title: str
    condition: Condition


@dataclass(frozen=True)
class Consent:
    """`language`: of these words; "" in the definition's own."""

    code: str
    text: str
    options: tuple[Option, ...]
    language: str = ""


@dataclass(frozen=True)
class ContactPlan:
    automatic_channels: frozenset[str]
    blocked: tuple[Guard, ...]


Raw = Mapping[str, Any]


def item(raw: Raw) -> Item:
    as_written = ("code", "name", "theme", "subtheme", "text", "hint", "sensitive", "ask_only_when_alone", "why")
    return Item(
        **{key: raw[key] for key in as_written},
        section=shape.section_code(raw["section"]),
        kind=Kind(raw["kind"]),
        options=tuple(Option(option["code"], option["label"]) for option in raw["options"]),
        rows=tuple(Row(row["code"], row["label"]) for row in raw["rows"]),
        skip_if=_condition(raw["skip_if"]),
        derive=tuple(Derive(conditions.build(d["if"]), d["value"], d["reason"]) for d in raw["derive"]),
        points=tuple(Points(conditions.build(p["if"]), p["points"], p["critical"]) for p in raw["points"]),
        raises=tuple(Raise(conditions.build(r["if"]), tuple(r["needs"])) for r in raw["raises"]),
    )


CHOICES = {
    "getting-online": {
        "R16": {
            "or": "R04",
            "text": "Is it worry about scams, which a session can help with? Or does the person feel watched? "
            "Then keep to the contact that they chose, and do not treat it as a lesson about scams.",
        }
    }
}
"""Between what a clinician chooses, for files of before a rule could say it itself: definition → rule → choice."""


def rules(raw: Raw) -> tuple[Rule, ...]:
    """In the order of suggesting. Where a file leaves a choice without saying between what, `CHOICES` may."""
    known = CHOICES.get(raw["id"], {})
    found = []
    for one in raw["rules"]:
        instead = known.get(one["id"]) if one["clinician_choice_if"] else None
        found.append(rule({**one, "choice": one["choice"] or instead}))
    return tuple(sorted(found, key=lambda rule: (rule.stage, rule.id)))


def rule(raw: Raw) -> Rule:
    return Rule(
        **{key: raw[key] for key in ("id", "stage", "support", "text", "care", "basis")},
        needs=tuple(raw["needs"]),
        type=RuleType(raw["type"]),
        hold=guards(raw["hold"]),
        clinician_choice_if=_condition(raw["clinician_choice_if"]),
        choice=Choice(raw["choice"]["or"], raw["choice"]["text"]) if raw["choice"] else None,
    )


def consent(raw: Raw) -> Consent:
    return Consent(raw["code"], raw["text"], tuple(Option(o["code"], o["label"]) for o in raw["options"]))


def guards(raw: Iterable[Raw]) -> tuple[Guard, ...]:
    return tuple(Guard(conditions.build(guard["if"]), guard["reason"]) for guard in raw)


def _condition(raw: Raw | None) -> Condition | None:
    return conditions.build(raw) if raw else None
