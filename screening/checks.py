"""What can be wrong with a definition that has the right shape: names that lead nowhere, rules nobody can reach.

Each check yields sentences that name the place. They take what `shape.read` gives, so every key is there and of
its kind; what is null or empty there has had its own fault already and is passed over.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from itertools import groupby
from typing import Any

from screening import conditions
from screening.choices import Choices
from screening.shape import section_code, twice
from screening.terms import (
    BEST_CONTACT,
    CONTACT_ITEMS,
    FEELS_WATCHED,
    NAMED_KINDS,
    NO_CHANNEL,
    NO_WAY,
    WATCHED,
    DefinitionKind,
    Kind,
    Level,
    RuleType,
    State,
)

Part = Mapping[str, Any]


def faults(definition: Part) -> Iterator[str]:
    for check in CHECKS:
        yield from check(definition)


def _frame(definition: Part) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z0-9-]*", definition["id"] or "-"):
        yield "definition: 'id' must be lower-case words joined by hyphens"
    if not re.fullmatch(r"\d+\.\d+\.\d+", definition["version"] or "-"):
        yield "definition: 'version' must be three numbers with dots between them"
    if definition["kind"] and definition["kind"] not in set(DefinitionKind):
        yield f"definition: '{definition['kind']}' is not a kind of definition"
    yield from _same(definition["answer_states"], set(State) - {State.MISSING}, "answer_states")
    yield from _same(definition["levels"], set(Level), "levels")
    if definition["offers_at_once"] < 1:
        yield "definition: 'offers_at_once' must be 1 or more"
    yield from (
        f"definition: stage '{stage}' must be a whole number"
        for stage in definition["stages"]
        if not stage.isdecimal()
    )
    items = _codes(definition["items"])
    yield from (
        f"definition, short_form: item '{code}' is not defined"
        for code in definition["short_form"]
        if code not in items
    )
    if definition["consent"]["code"] in items:
        yield f"consent: '{definition['consent']['code']}' is an item's code already"


def _same(found: Collection[str], known: Collection[str], key: str) -> Iterator[str]:
    """The scorer knows exactly these words; a definition that has others means something else."""
    if found:
        yield from (f"definition: '{key}' lacks '{word}'" for word in sorted(set(known) - set(found)))
        yield from (
            f"definition: '{key}' has '{word}', which is not known" for word in sorted(set(found) - set(known))
        )


def _duplicates(definition: Part) -> Iterator[str]:
    for noun, parts, key in (
        ("item", definition["items"], "code"),
        ("item", definition["items"], "name"),
        ("theme", definition["themes"], "code"),
        ("need", definition["needs"], "code"),
        ("rule", definition["rules"], "id"),
        ("status", definition["statuses"], "code"),
    ):
        yield from (f"definition: {noun} {key} '{code}' stands twice" for code in _twice(parts, key))
    for part in (*definition["items"], definition["consent"]):
        for noun, choices in (("option", part["options"]), ("row", part.get("rows", ()))):
            yield from (f"{part['place']}: {noun} '{code}' stands twice" for code in _twice(choices))


def _sections(definition: Part) -> Iterator[str]:
    """Questions are asked a section a page, and settled in the file's order: the two must agree."""
    runs = [(title, next(run)) for title, run in groupby(definition["items"], key=lambda item: item["section"])]
    seen: dict[str, str] = {}
    for title, first in runs:
        code = section_code(title)
        if not code and title:
            yield f"{first['place']}: section '{title}' has no letters or numbers to make its code from"
        elif seen.get(code) == title and title:
            yield f"{first['place']}: section '{title}' was left before; its items must stand together"
        elif code in seen:
            yield f"{first['place']}: section '{title}' has the same code as section '{seen[code]}'"
        seen[code] = title


def _items(definition: Part) -> Iterator[str]:
    themes = _codes(definition["themes"])
    for item in definition["items"]:
        place = item["place"]
        if item["kind"] and item["kind"] not in set(Kind):
            yield f"{place}: '{item['kind']}' is not a kind of item"
        if item["kind"] == Kind.GRID and not item["rows"]:
            yield f"{place}: a grid must have rows"
        if item["kind"] != Kind.GRID and item["rows"]:
            yield f"{place}: only a grid has rows"
        if item["kind"] in set(Kind) and item["kind"] != NAMED_KINDS.get(item["name"], item["kind"]):
            kind = NAMED_KINDS[item["name"]]
            yield f"{place}: is called '{item['name']}', and so must be of the kind '{kind}'"
        if "state" in _codes(item["rows"]):
            yield f"{place}: a row cannot be called 'state', which marks an answer that was not given"
        if item["theme"] and item["theme"] not in themes:
            yield f"{place}: theme '{item['theme']}' is not defined"
        yield from _derived_values(item)


def _derived_values(item: Part) -> Iterator[str]:
    if item["kind"] not in set(Kind):
        return
    choices = Choices(Kind(item["kind"]), frozenset(_codes(item["options"])), frozenset(_codes(item["rows"])))
    for derive in item["derive"]:
        if derive["value"] is not None and not choices.whole(derive["value"]):
            why = choices.fault(derive["value"]) or "The answer is not whole."
            yield f"{derive['place']}: the value cannot be an answer to the item. {why}"


def _what_items_look_at(definition: Part) -> Iterator[str]:
    """An item's conditions may look only at what is settled when they are tried, which is the file's order.

    `skip_if` and `derive` are tried before the item itself is settled, so they see the items before it; `raises`
    and `points` see the item too. One look ahead is allowed: `points` may also see the item's own follow-ups,
    because a follow-up has no points of its own and its parent's list holds them (`_follow_ups`).
    """
    items = definition["items"]
    scope = partial(conditions.Scope, _options(definition))
    before: set[str] = set()
    for number, item in enumerate(items, start=1):
        at = before | {item["code"]}
        yield from _condition(item["place"] + ", skip_if", item["skip_if"], scope(before))
        yield from _conditions(item["derive"], scope(before))
        yield from _conditions(item["points"], scope(at | _follow_ups(item, items[number:])))
        yield from _conditions(item["raises"], scope(at))
        before = at


def _follow_ups(item: Part, later: Iterable[Part]) -> set[str]:
    """The later items without points of their own that are skipped or asked depending on this one."""
    return {
        follow_up["code"]
        for follow_up in later
        if not follow_up["points"] and item["code"] in conditions.items_in(follow_up["skip_if"])
    }


def _themes(definition: Part) -> Iterator[str]:
    items = {item["code"]: item for item in definition["items"]}
    for theme in definition["themes"]:
        if theme["high_at"] < 1:
            yield f"{theme['place']}: 'high_at' must be 1 or more"
        for code in theme["items"]:
            if code not in items:
                yield f"{theme['place']}: item '{code}' is not defined"
            elif items[code]["theme"] != theme["code"]:
                yield f"{theme['place']}: item {code} says that its theme is '{items[code]['theme']}'"
    counted = [code for theme in definition["themes"] for code in theme["items"]]
    yield from (f"item {code}: is counted by two themes" for code in twice(counted) if code in items)
    for code, item in items.items():
        yield from _points(item, code in counted)


def _points(item: Part, counted: bool) -> Iterator[str]:
    if item["points"] and not counted:
        yield f"{item['place']}: has points, but no theme counts it"
    if counted and not any(entry["points"] > 0 for entry in item["points"]):
        yield f"{item['place']}: is counted by a theme, but no answer has points: a gap there would read as none"
    yield from (f"{entry['place']}: points below 0" for entry in item["points"] if entry["points"] < 0)


def _needs(definition: Part) -> Iterator[str]:
    needs = _codes(definition["needs"])
    raised = {code for item in definition["items"] for entry in item["raises"] for code in entry["needs"]}
    served = {code for rule in definition["rules"] for code in rule["needs"]}
    for part in (*(entry for item in definition["items"] for entry in item["raises"]), *definition["rules"]):
        yield from (
            f"{part['place']}: need '{code}' is not defined" for code in part["needs"] if code not in needs
        )
    for code in definition["contact_safety_first_if_needs"]:
        if code not in needs:
            yield f"definition, contact_safety_first_if_needs: need '{code}' is not defined"
    yield from (f"need {code}: no rule serves it" for code in needs if code not in served)
    yield from (f"need {code}: no item raises it" for code in needs if code not in raised)


def _rules(definition: Part) -> Iterator[str]:
    scope = conditions.Scope(_options(definition), _options(definition))
    for rule in definition["rules"]:
        if rule["type"] and rule["type"] not in set(RuleType):
            yield f"{rule['place']}: '{rule['type']}' is not a type of rule"
        if str(rule["stage"]) not in definition["stages"]:
            yield f"{rule['place']}: stage {rule['stage']} is not defined"
        if rule["hold"] and rule["type"] != RuleType.OFFER:
            yield f"{rule['place']}: only an offer can be held"
        yield from _guards(rule["place"], rule["hold"], scope)
        yield from _condition(rule["place"] + ", clinician_choice_if", rule["clinician_choice_if"], scope)
        if rule["choice"]:
            yield from _choice(definition, rule)


def _choice(definition: Part, rule: Part) -> Iterator[str]:
    other = rule["choice"]["or"]
    if not rule["clinician_choice_if"]:
        yield f"{rule['place']}: 'choice' stands without 'clinician_choice_if', so that nobody is asked to choose"
    if other and other not in [one["id"] for one in definition["rules"]]:
        yield f"{rule['choice']['place']}: rule '{other}' is not defined"
    if other and other == rule["id"]:
        yield f"{rule['choice']['place']}: a rule cannot be chosen instead of itself"


def _statuses(definition: Part) -> Iterator[str]:
    """Exactly the last status takes whatever comes: everyone has a status, and each of them can be reached."""
    options = _options(definition)
    yield from _conditions(
        definition["statuses"], conditions.Scope(options, options, _codes(definition["themes"]))
    )
    catch_all = [status["if"] == {"all": []} for status in definition["statuses"]]
    if catch_all and not catch_all[-1]:
        yield f'{definition["statuses"][-1]["place"]}: the last status must take everyone: {{"all": []}}'
    for status, takes_everyone in list(zip(definition["statuses"], catch_all, strict=True))[:-1]:
        if takes_everyone:
            yield f"{status['place']}: takes everyone, so that no status after it is reached"


def _contact(definition: Part) -> Iterator[str]:
    """The rule in words, `allowed`, names these four items; where one is missing it could not be worked out."""
    items = {item["name"]: item for item in definition["items"]}
    yield from (f"contact plan: no item has the name '{name}'" for name in CONTACT_ITEMS if name not in items)
    options = _options(definition)
    wanted = {BEST_CONTACT: (NO_WAY, *definition["contact_plan"]["automatic_channels"]), WATCHED: FEELS_WATCHED}
    for name, known in wanted.items():
        code = items[name]["code"] if name in items else ""
        for option in known:
            if options.get(code) and option not in options[code]:
                yield f"contact plan: '{option}' is not an option of item {code}"
    blocked = definition["contact_plan"]["blocked"]
    yield from _guards("contact plan", blocked, conditions.Scope(options, options))
    if NO_CHANNEL in [guard["reason"] for guard in blocked]:
        yield f"contact plan: the reason '{NO_CHANNEL}' is kept for where nothing blocks"


def _guards(place: str, guards: Collection[Part], scope: conditions.Scope) -> Iterator[str]:
    yield from (f"{place}: reason '{reason}' stands twice" for reason in _twice(guards, "reason"))
    yield from _conditions(guards, scope)


def _conditions(parts: Iterable[Part], scope: conditions.Scope) -> Iterator[str]:
    for part in parts:
        yield from _condition(part["place"], part["if"], scope)


def _condition(place: str, condition: Any, scope: conditions.Scope) -> Iterator[str]:
    if condition is not None:
        yield from (f"{place}: {fault}" for fault in conditions.faults(condition, scope))


def _options(definition: Part) -> dict[str, list[str]]:
    return {item["code"]: _codes(item["options"]) for item in definition["items"]}


def _codes(parts: Iterable[Part]) -> list[str]:
    return [part["code"] for part in parts if part["code"]]


def _twice(parts: Iterable[Part], key: str = "code") -> list[str]:
    return twice(part[key] for part in parts if part[key])


CHECKS = (
    _frame,
    _duplicates,
    _sections,
    _items,
    _what_items_look_at,
    _themes,
    _needs,
    _rules,
    _statuses,
    _contact,
)
