"""What the check page shows: the gaps with the shortest way to close them, then every section's answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from screening import progress, scoring, words
from screening.models import Screening
from screening.progress import Progress
from screening.questionnaire import Item, Questionnaire, Theme
from screening.responses import answers_of
from screening.sitting import definition_of
from screening.terms import OWN_GOAL, State

ENOUGH = 2  # questions named as the shortest way to know; the others stand in their sections


@dataclass(frozen=True)
class Row:
    """One question with what stands as its answer. `section` is where it is asked."""

    item: Item
    answer: str
    section: str
    is_gap: bool


@dataclass(frozen=True)
class Gap:
    """A theme whose level is open, and the questions that would tell most about it."""

    theme: Theme
    rows: list[Row]
    more: int


@dataclass(frozen=True)
class CheckPage:
    """`goal`: the section that asks for the person's own goal; "" where none does."""

    progress: Progress
    gaps: list[Gap]
    sections: list[tuple[str, list[Row]]]
    goal: str


def check_page(screening: Screening) -> CheckPage:
    asked, answers = definition_of(screening), answers_of(screening.responses)
    so_far = progress.of(asked, screening.form, answers)
    sections = [(one.section.title, _rows(one.section.items, so_far, answers)) for one in so_far.sections]
    return CheckPage(
        progress=so_far,
        gaps=gaps_of(asked, answers, so_far),
        sections=[(title, rows) for title, rows in sections if rows],
        goal=next(
            (one.section.code for one in so_far.sections for item in one.items if item.name == OWN_GOAL), ""
        ),
    )


def _rows(items: tuple[Item, ...], so_far: Progress, answers: Mapping[str, Any]) -> list[Row]:
    """Questions that apply; of those that the short form leaves out, only what was answered all the same."""
    asked_now = {item.code for one in so_far.sections for item in one.items}
    return [
        row_of(item, so_far)
        for item in items
        if so_far.responses[item.code].state != State.SKIPPED
        and (item.code in asked_now or not so_far.responses[item.code].is_gap)
    ]


def row_of(item: Item, so_far: Progress) -> Row:
    response = so_far.responses[item.code]
    return Row(item, words.standing(item, response), item.section, response.is_gap)


def gaps_of(asked: Questionnaire, answers: Mapping[str, Any], so_far: Progress) -> list[Gap]:
    return [
        Gap(asked.theme(theme), [row_of(item, so_far) for item in items[:ENOUGH]], max(0, len(items) - ENOUGH))
        for theme, items in scoring.next_gaps(asked, answers).items()
    ]
