"""What the result page shows, in its order: safety, the person's words, themes, what would help, change.

Built from what was stored when the screening was submitted, with the definition that it was taken with.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from screening import progress, scoring, words
from screening.check_page import Gap, gaps_of
from screening.models import Need, Screening
from screening.progress import Progress
from screening.questionnaire import Item, Questionnaire, Rule
from screening.responses import answers_of
from screening.result import Evidence, Response
from screening.settled import codes_of
from screening.sitting import definition_of
from screening.terms import Level, State, When

SAFETY = 1  # the stage that stands above all else
IN_THEIR_WORDS = ("own_goal", "wish_to_do_more", "main_reason", "how_to_learn", "what_makes_it_hard")
REVIEW_AFTER = timedelta(weeks=4)


@dataclass(frozen=True)
class Line:
    """One question with how it stands. `id` is what a chip leads to."""

    item: Item
    answer: str
    sensitive: bool


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
class Card:
    """One suggestion. `needs` are the rows that a decision here decides; none where a later screening has them."""

    rule: Rule
    titles: list[str]
    because: list[Line]
    when: When
    hold: str
    choice: str
    needs: list[Need]
    sensitive: bool

    @property
    def decided(self) -> Need | None:
        """The need whose decision stands for all of them."""
        return next((need for need in self.needs if need.decision != Need.Decision.UNDECIDED), None)

    @property
    def is_open(self) -> bool:
        return any(need.resolved_at is None and need.carried_to_id is None for need in self.needs)


@dataclass(frozen=True)
class Change:
    """Beside the screening before: which needs are gone, which came, which are still there, by their titles."""

    before: Screening
    gone: list[str]
    still: list[str]
    new: list[str]
    not_asked: list[str]


@dataclass(frozen=True)
class ResultPage:
    asked: Questionnaire
    status: str
    contact: str
    safety: list[Card]
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


def result_page(screening: Screening, needs: Sequence[Need], before: Screening | None) -> ResultPage:
    asked, answers = definition_of(screening), answers_of(screening.responses)
    so_far = progress.of(asked, screening.form, answers)
    result: Mapping[str, Any] = screening.result or {}
    cards = [_card(asked, so_far, suggestion, needs) for suggestion in result["suggestions"]]
    helps = [card for card in cards if card.rule.stage != SAFETY]
    return ResultPage(
        asked=asked,
        status=asked.status_title(result["status"]),
        contact=words.contact(result["contact"]),
        safety=[card for card in cards if card.rule.stage == SAFETY],
        own_words=_own_words(asked, so_far),
        themes=_themes(asked, answers, result["levels"], before),
        gaps=gaps_of(asked, answers, so_far),
        stages=_by_stage(asked, (card for card in helps if card.when == When.NOW)),
        later=[card for card in helps if card.when == When.LATER],
        held=[card for card in helps if card.when == When.HELD],
        review_on=cast(datetime, screening.submitted_at) + REVIEW_AFTER,
        to_choose=_to_choose(cards),
        answers=_answers(asked, so_far),
        change=_change(asked, result["needs"], before) if before else None,
    )


def line(item: Item, response: Response) -> Line:
    return Line(item, words.standing(item, response), item.sensitive)


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
    asked: Questionnaire, answers: Mapping[str, Any], levels: Mapping[str, str], before: Screening | None
) -> list[ThemeCard]:
    earlier: Mapping[str, str] = (before.result or {}).get("levels", {}) if before else {}
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
            before=words.LEVELS[Level(earlier[theme.code])] if theme.code in earlier else "",
        )
        for theme in asked.themes
    ]


def _weighs(evidence: Evidence) -> bool:
    return bool(evidence.points) or evidence.critical


# --- What would help --------------------------------------------------------------------------------------


def _card(asked: Questionnaire, so_far: Progress, suggestion: Mapping[str, Any], needs: Sequence[Need]) -> Card:
    because = [
        _because(asked.item(code), so_far.responses[code], suggestion["needs"]) for code in suggestion["because"]
    ]
    return Card(
        rule=asked.rule(suggestion["rule"]),
        titles=[asked.need_title(code) for code in suggestion["needs"]],
        because=because,
        when=When(suggestion["when"]),
        hold=words.hold(suggestion["hold"]),
        choice=words.CLINICIAN_CHOICE if suggestion["clinician_choice"] else "",
        needs=[need for need in needs if need.code in suggestion["needs"]],
        sensitive=any(one.sensitive for one in because),
    )


def _because(item: Item, response: Response, needs: Collection[str]) -> Line:
    """Of many ticks only those that raised one of the needs."""
    entries = [entry for entry in item.raises if not set(needs).isdisjoint(entry.needs)]
    telling = {code for entry in entries for code in codes_of(entry.condition, item.code)}
    return Line(item, words.standing(item, response, telling), item.sensitive)


def _by_stage(asked: Questionnaire, cards: Iterable[Card]) -> list[tuple[str, list[Card]]]:
    stages: dict[int, list[Card]] = {}
    for card in cards:
        stages.setdefault(card.rule.stage, []).append(card)
    return [(asked.stages[stage].capitalize(), stages[stage]) for stage in sorted(stages)]


def _to_choose(cards: Iterable[Card]) -> list[tuple[Card, Need]]:
    """Agreed needs for which there may be a local offer: one line a suggestion, since it asks for one kind."""
    agreed = []
    for card in cards:
        wanted = [need for need in card.needs if need.decision == Need.Decision.AGREED]
        if wanted and card.is_open and card.rule.type == "offer":
            agreed.append((card, wanted[0]))
    return agreed


# --- Since last time --------------------------------------------------------------------------------------


def _change(asked: Questionnaire, now: Sequence[str], before: Screening) -> Change:
    then = {need.code: need for need in before.needs.all()}
    before_asked = definition_of(before)
    titles = {need.code: need.title for need in (*before_asked.needs, *asked.needs)}

    def named(codes: Iterable[str]) -> list[str]:
        return [titles[code] for code in codes]

    gone = [code for code, need in then.items() if code not in now and need.resolved_at]
    return Change(
        before=before,
        gone=named(gone),
        still=named(code for code in now if code in then),
        new=named(code for code in now if code not in then),
        not_asked=named(code for code in then if code not in now and code not in gone),
    )
