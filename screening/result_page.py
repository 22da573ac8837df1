"""What the result page shows, in its order: safety, the person's words, themes, what would help, change.

Built from what was stored when the screening was submitted, with the definition that it was taken with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, cast

from screening import cards, progress, scoring, words
from screening.cards import Card, Line, line
from screening.change import Change
from screening.check_page import Gap, gaps_of
from screening.last_said import goal_of
from screening.models import Need, Screening
from screening.progress import Progress
from screening.questionnaire import Questionnaire
from screening.responses import answers_of
from screening.result import Evidence
from screening.sitting import definition_of
from screening.terms import DefinitionKind, Level, State, When

SAFETY = 1  # the stage that stands above all else
IN_THEIR_WORDS = (
    "goal_result",
    "own_goal",
    "wish_to_do_more",
    "main_reason",
    "how_to_learn",
    "what_makes_it_hard",
)
BREAK = timedelta(hours=1)
REVIEW_AFTER = timedelta(weeks=4)


@dataclass(frozen=True)
class ThemeCard:
    """`answers`: those that weigh. `others`: answered, no difficulty. `unknown`: what the level leaves open."""

    title: str
    level: Level
    words: str
    answers: list[Line]
    others: list[Line]
    unknown: list[Line]
    before: str = ""


@dataclass(frozen=True)
class ResultPage:
    asked: Questionnaire
    status: str
    interrupted: bool
    contact: str
    safety: list[Card]
    goal: str
    own_words: list[Line]
    themes: list[ThemeCard]
    gaps: list[Gap]
    stages: list[tuple[str, list[Card]]]
    later: list[Card]
    held: list[Card]
    review_on: datetime
    to_choose: list[tuple[Card, Need]]
    answers: list[tuple[str, list[Line]]]
    change: Change | None
    raised_in_error: list[str]


def result_page(screening: Screening, needs: Sequence[Need], changed: Change | None = None) -> ResultPage:
    """`needs`: its own, with their decisions. `changed`: beside the last time, where there was one."""
    asked, answers = definition_of(screening), answers_of(screening.responses)
    so_far = progress.of(asked, screening.form, answers)
    result: Mapping[str, Any] = screening.result or {}
    found = cards.cards(screening, asked, so_far, needs)
    helps = [card for card in found if card.rule.stage != SAFETY]
    return ResultPage(
        asked=asked,
        status=asked.status_title(result["status"]),
        interrupted=_interrupted(screening),
        contact=words.contact(result["contact"]),
        safety=[card for card in found if card.rule.stage == SAFETY],
        goal=_goal(screening, asked),
        own_words=_own_words(asked, so_far),
        themes=_themes(asked, answers, result["levels"], changed),
        gaps=gaps_of(asked, answers, so_far),
        stages=cards.by_stage(asked, (card for card in helps if card.when == When.NOW)),
        later=[card for card in helps if card.when == When.LATER],
        held=[card for card in helps if card.when == When.HELD],
        review_on=cast(datetime, screening.submitted_at) + REVIEW_AFTER,
        to_choose=cards.to_choose(found),
        answers=_answers(asked, so_far),
        change=changed,
        raised_in_error=_raised_in_error(asked, screening),
    )


def _raised_in_error(asked: Questionnaire, screening: Screening) -> list[str]:
    """Needs that this correction closed, because only the error had raised them."""
    if not screening.corrects_id:
        return []
    closed = screening.needs_resolved.filter(raised_in_error=True).values_list("code", flat=True)
    return [asked.need_title(code) for code in closed]


def _interrupted(screening: Screening) -> bool:
    """Nothing was saved for an hour or more between the first question and the end, or it went on another day."""
    end = cast(datetime, screening.submitted_at)
    saved = (datetime.fromisoformat(response["at"]) for response in screening.responses.values())
    moments = sorted([screening.started_at, *(moment for moment in saved if moment < end), end])
    return any(later - earlier >= BREAK for earlier, later in pairwise(moments))


def _goal(screening: Screening, asked: Questionnaire) -> str:
    """In their own words. Beside a review it is the goal that the review is about, unless there is a new one."""
    if screening.goal_in_words or asked.kind == DefinitionKind.SCREENING:
        return screening.goal_in_words
    return goal_of(screening.service_user, by=screening)


def _own_words(asked: Questionnaire, so_far: Progress) -> list[Line]:
    by_name = {item.name: item for item in asked.items}
    items = [by_name[name] for name in IN_THEIR_WORDS if name in by_name]
    return [line(item, so_far.responses[item.code]) for item in items if so_far.responses[item.code].counts]


def _answers(asked: Questionnaire, so_far: Progress) -> list[tuple[str, list[Line]]]:
    """Every question that applied, by section."""
    found = []
    for section in asked.sections:
        items = [item for item in section.items if so_far.responses[item.code].state != State.SKIPPED]
        found.append((section.title, [line(item, so_far.responses[item.code]) for item in items]))
    return [(title, lines) for title, lines in found if lines]


# --- Themes -----------------------------------------------------------------------------------------------


def _themes(
    asked: Questionnaire, answers: Mapping[str, Any], levels: Mapping[str, str], changed: Change | None
) -> list[ThemeCard]:
    earlier = {move.title: move.before for move in changed.moves} if changed else {}
    evidence = scoring.theme_evidence(asked, answers)
    return [
        ThemeCard(
            title=theme.title,
            level=Level(levels[theme.code]),
            words=words.LEVELS[Level(levels[theme.code])],
            answers=[line(one.item, one.response) for one in evidence[theme.code] if _weighs(one)],
            others=[
                line(one.item, one.response)
                for one in evidence[theme.code]
                if one.response.counts and not _weighs(one)
            ],
            unknown=[line(one.item, one.response) for one in evidence[theme.code] if one.response.is_gap],
            before=earlier.get(theme.title, ""),
        )
        for theme in asked.themes
    ]


def _weighs(evidence: Evidence) -> bool:
    return bool(evidence.points) or evidence.critical
