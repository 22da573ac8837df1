"""Whether a screening asked about a need: only then may it resolve one that an earlier screening raised.

Pure. A need is asked about when every item that could raise it is settled: answered, worked out from settled
answers, or left aside because of settled answers. One gap on the way, and the need stays open.
"""

from collections.abc import Iterable, Mapping

from screening.conditions import AllOf, AnyOf, Condition, Count, In, LevelIn, Not, Only
from screening.questionnaire import Item, Questionnaire
from screening.result import Response
from screening.terms import State


def looked_at(condition: Condition) -> set[str]:
    """The codes of the items that a condition looks at."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            return set().union(*map(looked_at, parts))
        case Not(part):
            return looked_at(part)
        case LevelIn():
            return set()
    return {condition.item}  # type: ignore[attr-defined]  # every other form tests one item


def codes_of(condition: Condition, code: str) -> set[str]:
    """The codes of item `code` that make a condition true by being ticked."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            return set().union(*(codes_of(part, code) for part in parts))
        case In(item, codes) | Only(item, codes) | Count(item, codes) if item == code:
            return set(codes)
    return set()


def is_settled(questionnaire: Questionnaire, responses: Mapping[str, Response], code: str) -> bool:
    response = responses[code]
    if response.is_gap:
        return False
    return response.state == State.ANSWERED or all(
        is_settled(questionnaire, responses, other) for other in _rests_on(questionnaire.item(code))
    )


def _rests_on(item: Item) -> set[str]:
    """The items that decide whether this one is asked or worked out; all of them come before it."""
    found = looked_at(item.skip_if) if item.skip_if else set()
    return found.union(*(looked_at(derive.condition) for derive in item.derive))


def asked_about(
    questionnaire: Questionnaire, responses: Mapping[str, Response], need: str, because: Iterable[str] = ()
) -> bool:
    """False also for a need that this questionnaire does not know. `because`: the items whose answers raised the
    need before; where one of them is not asked here, its reason for the need may still stand."""
    if not questionnaire.items_by_code.keys() >= set(because):
        return False
    on_the_way = [
        {item.code} | looked_at(entry.condition)
        for item in questionnaire.items
        for entry in item.raises
        if need in entry.needs
    ]
    codes = set().union(*on_the_way, because if on_the_way else ())
    return bool(codes) and all(is_settled(questionnaire, responses, code) for code in codes)
