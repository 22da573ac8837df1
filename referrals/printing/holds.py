"""What the answers given last say against paper: offers that wait, and that others may read what is sent."""

from collections.abc import Callable, Iterable
from typing import Any

from screening.conditions import Facts
from screening.last_said import said_in
from screening.models import Screening
from screening.questionnaire import Guard, Item, Questionnaire, Rule
from screening.settled import looked_at
from screening.sitting import definition_of

Said = dict[str, Any]
IsHeld = Callable[[Questionnaire, Rule], bool]
"""(the questionnaire that raised a need, a rule of it that the need fires) → does the rule wait?"""


def holds_in(screenings: Iterable[Screening]) -> IsHeld:
    """`screenings`: those of one person that count, the newest first. As scoring holds an offer, but by the answer
    that was given last wherever it was given: one that a later sitting did not ask for frees nothing."""
    screenings = list(screenings)
    said = _said(screenings, [(asked, rule.hold) for asked in _definitions(screenings) for rule in asked.rules])
    return lambda asked, rule: bool(_reasons(asked, rule.hold, said))


def reasons_against_messages(screenings: Iterable[Screening]) -> set[str]:
    """By what was said last, as the contact plan would name them. The plan itself keeps one reason only, and an
    older one of it may stand before the newest."""
    screenings = list(screenings)
    guarded = [(asked, asked.contact_plan.blocked) for asked in _definitions(screenings)]
    said = _said(screenings, guarded)
    return set().union(*(_reasons(asked, guards, said) for asked, guards in guarded))


def _definitions(screenings: Iterable[Screening]) -> Iterable[Questionnaire]:
    return {(asked.id, asked.version): asked for asked in map(definition_of, screenings)}.values()


def _said(screenings: Iterable[Screening], guarded: Iterable[tuple[Questionnaire, Iterable[Guard]]]) -> Said:
    return said_in(screenings, {item.name for asked, guards in guarded for item in _looked_at(asked, guards)})


def _reasons(asked: Questionnaire, guards: Iterable[Guard], said: Said) -> set[str]:
    facts = Facts()
    for item in _looked_at(asked, guards):
        if item.name in said:
            facts.ticks[item.code] = item.choices.ticks(said[item.name])
        else:
            facts.missing.add(item.code)
    return {guard.reason for guard in guards if guard.condition.holds(facts)}


def _looked_at(asked: Questionnaire, guards: Iterable[Guard]) -> list[Item]:
    return [asked.item(code) for guard in guards for code in looked_at(guard.condition)]
