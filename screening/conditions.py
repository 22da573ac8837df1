"""The conditions of a questionnaire: one small object a form, built once, asked many times.

Every test of an item is false where the item is missing or skipped, `lacks`, `only` and `count` included; only
`missing` itself is for missing items. `not` turns that round as it turns everything: `not` of a test of a missing
item is true.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from screening.terms import Level


@dataclass(slots=True)
class Facts:
    """What conditions look at.

    `ticks`: item → the codes that stand as its answer (one for a single, one a tick, one a row of a grid). Only
    answered and derived items are in it, and none of them with nothing ticked.
    `missing`: items without a usable answer that were not skipped. `levels`: theme → level, once they are known.
    """

    ticks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    levels: Mapping[str, str] = field(default_factory=dict)


class Condition(Protocol):
    def holds(self, facts: Facts) -> bool: ...


@dataclass(frozen=True, slots=True)
class In:
    """Any ticked code, or any row's code, is among them."""

    item: str
    codes: frozenset[str]

    def holds(self, facts: Facts) -> bool:
        return not self.codes.isdisjoint(facts.ticks.get(self.item, ()))


@dataclass(frozen=True, slots=True)
class Only:
    """Something is ticked, and every tick is among them."""

    item: str
    codes: frozenset[str]

    def holds(self, facts: Facts) -> bool:
        return self.item in facts.ticks and self.codes.issuperset(facts.ticks[self.item])


@dataclass(frozen=True, slots=True)
class Lacks:
    """Answered, and no tick is among them."""

    item: str
    codes: frozenset[str]

    def holds(self, facts: Facts) -> bool:
        return self.item in facts.ticks and self.codes.isdisjoint(facts.ticks[self.item])


@dataclass(frozen=True, slots=True)
class Count:
    """The number of ticks, or of rows, with such a code lies between `least` and `most`, both included."""

    item: str
    codes: frozenset[str]
    least: int
    most: float  # infinity where the definition sets no `max`

    def holds(self, facts: Facts) -> bool:
        if self.item not in facts.ticks:
            return False
        return self.least <= sum(code in self.codes for code in facts.ticks[self.item]) <= self.most


@dataclass(frozen=True, slots=True)
class Missing:
    """There is no usable answer, and the item was not skipped."""

    item: str

    def holds(self, facts: Facts) -> bool:
        return self.item in facts.missing


@dataclass(frozen=True, slots=True)
class LevelIn:
    """The theme's level is among them."""

    theme: str
    levels: frozenset[str]

    def holds(self, facts: Facts) -> bool:
        return facts.levels[self.theme] in self.levels


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds; of nothing, true."""

    parts: tuple[Condition, ...]

    def holds(self, facts: Facts) -> bool:
        return all(part.holds(facts) for part in self.parts)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]

    def holds(self, facts: Facts) -> bool:
        return any(part.holds(facts) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition

    def holds(self, facts: Facts) -> bool:
        return not self.part.holds(facts)


def build(condition: Mapping[str, Any]) -> Condition:
    """The object for a condition as a definition writes it; its form must have passed the definition's checks."""
    match condition:
        case {"all": parts}:
            return AllOf(tuple(build(part) for part in parts))
        case {"any": parts}:
            return AnyOf(tuple(build(part) for part in parts))
        case {"not": part}:
            return Not(build(part))
        case {"theme": theme, "in": levels}:
            return LevelIn(theme, frozenset(levels))
        case {"item": item, "missing": True}:
            return Missing(item)
        case {"item": item, "in": codes}:
            return In(item, frozenset(codes))
        case {"item": item, "only": codes}:
            return Only(item, frozenset(codes))
        case {"item": item, "lacks": codes}:
            return Lacks(item, frozenset(codes))
        case {"item": item, "count": codes}:
            most = condition.get("max", float("inf"))
            return Count(item, frozenset(codes), condition.get("min", 0), most)
    raise ValueError(f"not a known form of condition: {condition}")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a condition may look at from where it stands.

    `options`: every item → the codes of its options. `in_view`: the items that are settled by then.
    `themes`: empty but for the conditions that are tried once the levels are known.
    """

    options: Mapping[str, Collection[str]]
    in_view: Collection[str]
    themes: Collection[str] = ()


def faults(condition: Any, scope: Scope) -> Iterator[str]:
    """What is wrong with a condition as a definition writes it; nothing for one that `build` can take."""
    match condition:
        case {"all": list(parts), **rest} if not rest:
            for part in parts:
                yield from faults(part, scope)
        case {"any": list(parts), **rest} if parts and not rest:
            for part in parts:
                yield from faults(part, scope)
        case {"any": []}:
            yield "'any' of nothing never holds"
        case {"not": part, **rest} if not rest:
            yield from faults(part, scope)
        case {"theme": str(theme), "in": list(levels), **rest} if _are_codes(levels) and not rest:
            yield from _theme_faults(theme, levels, scope)
        case {"item": str(item), "missing": True, **rest} if not rest:
            yield from _item_faults(item, (), scope)
        case {"item": str(item), "count": list(codes), **bounds} if _are_codes(codes) and _are_bounds(bounds):
            yield from _item_faults(item, codes, scope)
        case (
            {"item": str(item), "in": list(codes), **rest}
            | {"item": str(item), "only": list(codes), **rest}
            | {"item": str(item), "lacks": list(codes), **rest}
        ) if _are_codes(codes) and not rest:
            yield from _item_faults(item, codes, scope)
        case _:
            yield f"{json.dumps(condition, default=str)} is not a known form of condition"


def _are_codes(codes: list[Any]) -> bool:
    return bool(codes) and all(isinstance(code, str) for code in codes)


def _are_bounds(bounds: Mapping[Any, Any]) -> bool:
    """`min` or `max` or both, whole numbers from 0 that leave room between them."""
    if not bounds or not bounds.keys() <= {"min", "max"} or any(type(n) is not int for n in bounds.values()):
        return False
    return bool(0 <= bounds.get("min", 0) <= bounds.get("max", float("inf")))


def _theme_faults(theme: str, levels: Collection[str], scope: Scope) -> Iterator[str]:
    if not scope.themes:
        yield f"looks at the level of theme '{theme}', which only a status may"
    elif theme not in scope.themes:
        yield f"theme '{theme}' is not defined"
    yield from (f"level '{level}' is not a level" for level in levels if level not in set(Level))


def _item_faults(item: str, codes: Collection[str], scope: Scope) -> Iterator[str]:
    if item not in scope.options:
        yield f"item '{item}' is not defined"
        return
    if item not in scope.in_view:
        yield f"looks ahead to item {item}, which is not settled yet"
    options = scope.options[item]  # none at all: a fault of the item's own, told there
    yield from (f"'{code}' is not an option of item {item}" for code in codes if options and code not in options)


def items_in(condition: Any) -> set[str]:
    """Every item that a condition looks at, as a definition writes it; nothing for what is no condition."""
    match condition:
        case {"all": list(parts)} | {"any": list(parts)}:
            return set().union(*(items_in(part) for part in parts))
        case {"not": part}:
            return items_in(part)
        case {"item": str(item)}:
            return {item}
    return set()
