"""How far a screening has come: which questions it asks, what is left in each section, and where to go next.

Pure. "Left" is a question that applies and has neither an answer nor a reason for having none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from screening import scoring
from screening.questionnaire import Item, Questionnaire, Section
from screening.result import Response
from screening.terms import State

SHORT = "short"


class Stage(StrEnum):
    DONE = "done"
    SOME_LEFT = "some_left"
    NOT_STARTED = "not_started"
    NOTHING_TO_ASK = "nothing_to_ask"


@dataclass(frozen=True)
class SectionProgress:
    """`items`: those to ask now. `left`: how many of them have nothing yet."""

    section: Section
    items: tuple[Item, ...]
    left: int

    @property
    def stage(self) -> Stage:
        if not self.items:
            return Stage.NOTHING_TO_ASK
        if not self.left:
            return Stage.DONE
        return Stage.NOT_STARTED if self.left == len(self.items) else Stage.SOME_LEFT


@dataclass(frozen=True)
class Progress:
    """The whole of a screening, section by section, with how each item stands."""

    responses: Mapping[str, Response]
    sections: tuple[SectionProgress, ...]

    @property
    def to_ask(self) -> list[SectionProgress]:
        return [one for one in self.sections if one.items]

    @property
    def left(self) -> int:
        return sum(one.left for one in self.sections)

    @property
    def asked(self) -> int:
        return sum(len(one.items) for one in self.sections)

    def of(self, code: str) -> SectionProgress:
        return next(one for one in self.sections if one.section.code == code)

    def after(self, code: str) -> str | None:
        """The next section with something to ask; None after the last."""
        codes = [one.section.code for one in self.sections]
        later = self.sections[codes.index(code) + 1 :]
        return next((one.section.code for one in later if one.items), None)

    @property
    def resume_at(self) -> str | None:
        """The first section with something left; None when nothing is."""
        return next((one.section.code for one in self.sections if one.left), None)


def of(questionnaire: Questionnaire, form: str, answers: Mapping[str, Any]) -> Progress:
    responses = scoring.resolve(questionnaire, answers)
    return Progress(
        responses, tuple(_section(questionnaire, form, one, responses) for one in questionnaire.sections)
    )


def _section(
    questionnaire: Questionnaire, form: str, section: Section, responses: Mapping[str, Response]
) -> SectionProgress:
    items = tuple(
        item
        for item in section.items
        if responses[item.code].state != State.SKIPPED and (form != SHORT or item.code in questionnaire.short_form)
    )
    return SectionProgress(section, items, sum(responses[item.code].state == State.MISSING for item in items))


def missing(questionnaire: Questionnaire, form: str, answers: Mapping[str, Any]) -> list[str]:
    """The questions to ask that have nothing yet."""
    so_far = of(questionnaire, form, answers)
    items = (item.code for one in so_far.sections for item in one.items)
    return [code for code in items if so_far.responses[code].state == State.MISSING]
