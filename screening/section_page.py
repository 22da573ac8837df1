"""What one page of questions shows: those that apply, each as it stands, and the way through the sections."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from screening import progress
from screening.fieldsets import Note, fieldset
from screening.models import Screening
from screening.progress import Progress, SectionProgress
from screening.questionnaire import Item, Questionnaire
from screening.reading import GOAL, Page, as_shown
from screening.responses import answers_of
from screening.section_list import section_list
from screening.settled import looked_at
from screening.sitting import definition_of
from screening.terms import OWN_GOAL, State

EMPTY = Page()


@dataclass(frozen=True)
class Question:
    """`was`: the text that the page sends back to say what it showed."""

    code: str
    was: str
    html: SafeString


@dataclass(frozen=True)
class Goal:
    """The goal in the person's own words, beside the question `code`. `was`: what the page showed."""

    code: str
    text: str
    was: str
    error: str = ""


@dataclass(frozen=True)
class SectionPage:
    """One section of one screening, as it stands at this version."""

    screening: Screening
    asked: Questionnaire
    progress: Progress
    section: SectionProgress
    questions: list[Question]
    goal: Goal | None = None

    @property
    def number(self) -> int:
        return [one.section.code for one in self.progress.to_ask].index(self.section.section.code) + 1

    @property
    def of(self) -> int:
        return len(self.progress.to_ask)

    @property
    def is_first(self) -> bool:
        return self.number == 1

    @property
    def next(self) -> str | None:
        return self.progress.after(self.section.section.code)

    @property
    def section_list(self) -> SafeString:
        return section_list(self.progress, self.section.section.code)


def section_page(
    screening: Screening, code: str, *, page: Page = EMPTY, errors: Mapping[str, str] | None = None
) -> SectionPage:
    """`page` and `errors`: what was just chosen and refused, which is shown again instead of what stands."""
    asked, answers = definition_of(screening), answers_of(screening.responses)
    so_far = progress.of(asked, screening.form, answers)
    section = so_far.of(code)
    errors = errors or {}
    questions = [
        _question(
            asked, item, answers, so_far, page.chosen.get(item.code) if item.code in errors else None, errors
        )
        for item in section.items
    ]
    return SectionPage(
        screening, asked, so_far, section, questions, _goal(screening, section, page, errors.get(GOAL, ""))
    )


def _goal(screening: Screening, section: SectionProgress, page: Page, error: str) -> Goal | None:
    """Asked wherever the question of the person's own goal is."""
    stands = screening.goal_in_words
    shown = stands if page.goal is None or not error else page.goal
    codes = [item.code for item in section.items if item.name == OWN_GOAL]
    return Goal(codes[0], shown, stands, error) if codes else None


def _question(
    asked: Questionnaire,
    item: Item,
    answers: Mapping[str, Any],
    so_far: Progress,
    chosen: Any,
    errors: Mapping[str, str],
) -> Question:
    response = so_far.responses[item.code]
    derived = response.state == State.DERIVED
    was = response.value if derived else answers.get(item.code)
    note = Note(
        error=errors.get(item.code, ""),
        derived=(response.reason or "") if derived else "",
        follows=response.state == State.MISSING and _follows(item, so_far),
    )
    shown = was if chosen is None else chosen
    return Question(item.code, as_shown(was), fieldset(asked, item, was=was, chosen=shown, note=note))


def _follows(item: Item, so_far: Progress) -> bool:
    """Another answer on the same page decides whether this question is asked."""
    if item.skip_if is None:
        return False
    same_page = {other.code for other in so_far.of(item.section).section.items}
    return any(so_far.responses[code].counts for code in looked_at(item.skip_if) & same_page)
