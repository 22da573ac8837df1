"""From answers to a result: how each item stands, levels, needs, suggestions, status and contact.

The result follows from the definition and the answers alone. Missing information is never read as "no need": a gap
leaves its theme's level open, and an answer that cannot be read as a whole is a gap.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from typing import Any

from screening.answers import AnswerFault, check_answers
from screening.conditions import Facts
from screening.parts import Guard, Item, Theme
from screening.questionnaire import Questionnaire
from screening.result import Contact, Evidence, Response, Result, Suggestion
from screening.terms import (
    AVOIDED,
    BEST_CONTACT,
    FEELS_OK,
    FEELS_WATCHED,
    GIVEN_INSTEAD,
    NO_CHANNEL,
    NO_WAY,
    WATCHED,
    Level,
    RuleType,
    State,
    When,
)

__all__ = [
    "SCORING_VERSION",
    "AnswerFault",
    "Contact",
    "Evidence",
    "Response",
    "Result",
    "Suggestion",
    "applies",
    "check_answers",
    "next_gaps",
    "resolve",
    "score",
    "theme_evidence",
]

SCORING_VERSION = "1.0.0"  # kept with every result; a change of anything below that can change a result raises it

Answers = Mapping[str, Any]


def score(questionnaire: Questionnaire, answers: Answers) -> Result:
    """The whole result. Answers from outside pass `check_answers` first: here, what cannot be read is a gap."""
    responses, facts = _settle(questionnaire, answers)
    evidence = _evidence(questionnaire, responses, facts)
    levels = {theme.code: _level(theme, evidence[theme.code]) for theme in questionnaire.themes}
    facts.levels = levels
    because = _needs(questionnaire, facts)
    return Result(
        responses=responses,
        levels=levels,
        points={theme: sum(one.points or 0 for one in brought) for theme, brought in evidence.items()},
        because=because,
        suggestions=tuple(_suggestions(questionnaire, because, facts)),
        status=next(status.code for status in questionnaire.statuses if status.condition.holds(facts)),
        contact_safety_first=not questionnaire.contact_safety_first_if_needs.isdisjoint(because),
        contact=_contact(questionnaire, facts),
    )


# How each item stands


def resolve(questionnaire: Questionnaire, answers: Answers) -> dict[str, Response]:
    """Every item, in the order of asking."""
    return _settle(questionnaire, answers)[0]


def applies(questionnaire: Questionnaire, answers: Answers, code: str) -> bool:
    """Whether the question is one to ask, as far as the answers before it say."""
    return resolve(questionnaire, answers)[code].state != State.SKIPPED


def _settle(questionnaire: Questionnaire, answers: Answers) -> tuple[dict[str, Response], Facts]:
    """Items in the file's order; each sees, as facts, only those that were settled before it."""
    responses: dict[str, Response] = {}
    facts = Facts()
    for item in questionnaire.items:
        response = responses[item.code] = _response(item, answers.get(item.code), facts)
        if response.counts:
            facts.ticks[item.code] = item.choices.ticks(response.value)
        elif response.is_gap:
            facts.missing.add(item.code)
    return responses, facts


def _response(item: Item, given: Any, facts: Facts) -> Response:
    """Skipped, whatever was given; else answered; else derived; else missing, with the state given instead."""
    if item.skip_if and item.skip_if.holds(facts):
        return Response(State.SKIPPED)
    if item.choices.whole(given):
        return Response(State.ANSWERED, given)
    for derive in item.derive:
        if derive.condition.holds(facts):
            return Response(State.DERIVED, copy(derive.value), derive.reason)
    if isinstance(given, dict) and given.get("state") in GIVEN_INSTEAD:
        return Response(State(given["state"]), reason=given.get("reason"))
    return Response(State.MISSING)


# Levels


def theme_evidence(questionnaire: Questionnaire, answers: Answers) -> dict[str, list[Evidence]]:
    """Theme → the items that its level rests on, in the theme's order, skipped ones and gaps among them."""
    responses, facts = _settle(questionnaire, answers)
    return _evidence(questionnaire, responses, facts)


def _evidence(
    questionnaire: Questionnaire, responses: Mapping[str, Response], facts: Facts
) -> dict[str, list[Evidence]]:
    return {
        theme.code: [_brought(item, responses[item.code], facts) for item in theme.items]
        for theme in questionnaire.themes
    }


def _brought(item: Item, response: Response, facts: Facts) -> Evidence:
    """The first entry of the item's points whose condition holds counts; none holding counts 0."""
    if not response.counts:
        return Evidence(item, response)
    for entry in item.points:
        if entry.condition.holds(facts):
            return Evidence(item, response, entry.points, entry.critical)
    return Evidence(item, response, 0)


def _level(theme: Theme, evidence: Sequence[Evidence]) -> Level:
    """Worked out twice: every gap at 0, and every gap at its highest (critical, if any of its answers is).

    Both agree: that level. Else it is not known, or at least some. A theme with a gap is therefore never none,
    because every item that counts has an answer with points: a definition without is refused.
    """
    points = sum(one.points or 0 for one in evidence)
    critical = any(one.critical for one in evidence)
    gaps = [one.item for one in evidence if one.response.is_gap]
    lower = _level_of(theme, points, critical)
    upper = _level_of(
        theme,
        points + sum(item.most_points for item in gaps),
        critical or any(item.can_be_critical for item in gaps),
    )
    if lower == upper:
        return lower
    return Level.NOT_KNOWN if lower == Level.NONE else Level.AT_LEAST_SOME


def _level_of(theme: Theme, points: int, critical: bool) -> Level:
    if critical or points >= theme.high_at:
        return Level.HIGH
    return Level.SOME if points >= 1 else Level.NONE


def next_gaps(questionnaire: Questionnaire, answers: Answers) -> dict[str, list[Item]]:
    """Theme whose level is open → the items whose answers would settle it, the most telling first.

    One critical answer settles a level at once, so items that can be critical come first; then those that can
    weigh most; then in the theme's order.
    """
    gaps = {}
    for code, evidence in theme_evidence(questionnaire, answers).items():
        if _level(questionnaire.theme(code), evidence) in (Level.NOT_KNOWN, Level.AT_LEAST_SOME):
            items = (one.item for one in evidence if one.response.is_gap)
            gaps[code] = sorted(items, key=lambda item: (not item.can_be_critical, -item.most_points))
    return gaps


# Needs and suggestions


def _needs(questionnaire: Questionnaire, facts: Facts) -> dict[str, tuple[str, ...]]:
    """Need → the items that raised it. Only an answered or derived item raises anything."""
    raised_by: dict[str, dict[str, None]] = {need.code: {} for need in questionnaire.needs}
    for item in questionnaire.items:
        for entry in item.raises if item.code in facts.ticks else ():
            if entry.condition.holds(facts):
                for need in entry.needs:
                    raised_by[need][item.code] = None
    return {need: tuple(items) for need, items in raised_by.items() if items}


def _suggestions(
    questionnaire: Questionnaire, because: Mapping[str, tuple[str, ...]], facts: Facts
) -> Iterator[Suggestion]:
    """Every rule with a need that was raised, whatever the levels, by stage and id.

    Offers alone are rationed: the first few that are not held are for now, the rest for later. One that is held
    takes no place. Actions and adjustments are always for now.
    """
    offers_now = 0
    for rule in questionnaire.rules:
        needs = tuple(need for need in rule.needs if need in because)
        if not needs:
            continue
        hold = _first_reason(rule.hold, facts)
        if rule.type != RuleType.OFFER:
            when = When.NOW
        elif hold:
            when = When.HELD
        elif offers_now < questionnaire.offers_at_once:
            when = When.NOW
            offers_now += 1
        else:
            when = When.LATER
        yield Suggestion(
            rule=rule.id,
            stage=rule.stage,
            type=rule.type,
            support=rule.support,
            needs=needs,
            because=_in_order(questionnaire, (item for need in needs for item in because[need])),
            when=when,
            hold=hold,
            clinician_choice=bool(rule.clinician_choice_if and rule.clinician_choice_if.holds(facts)),
        )


def _in_order(questionnaire: Questionnaire, codes: Iterable[str]) -> tuple[str, ...]:
    """Each item once, in the order of asking."""
    wanted = set(codes)
    return tuple(code for code in questionnaire.items_by_code if code in wanted)


def _first_reason(guards: Iterable[Guard], facts: Facts) -> str | None:
    return next((guard.reason for guard in guards if guard.condition.holds(facts)), None)


# Contact


def _contact(questionnaire: Questionnaire, facts: Facts) -> Contact:
    """Which ways are allowed, and whether messages may go by themselves: never while anything blocks them."""
    allowed = _allowed(questionnaire, facts)
    reason = _first_reason(questionnaire.contact_plan.blocked, facts)
    if not reason and questionnaire.contact_plan.automatic_channels.isdisjoint(allowed):
        reason = NO_CHANNEL
    return Contact(allowed, automatic=reason is None, reason=reason)


def _allowed(questionnaire: Questionnaire, facts: Facts) -> tuple[str, ...]:
    """The ways that the person named as best, as given; without those to avoid; and if they feel watched, only
    those that feel all right too.

    The trap: this says what the answers allow, gaps and all. Somebody who said that some ways are not safe, but
    not which, has avoided none here; the contact plan made from it (people/contact_plan.py) then allows none.
    """
    said = {name: facts.ticks.get(code, ()) for name, code in questionnaire.contact_codes.items()}
    ways = [way for way in said[BEST_CONTACT] if way != NO_WAY and way not in said[AVOIDED]]
    if not set(FEELS_WATCHED).isdisjoint(said[WATCHED]):
        ways = [way for way in ways if way in said[FEELS_OK]]
    return tuple(ways)
