"""What is wrong with answers that come from outside, item by item, in sentences fit for a screen.

Answers map an item's code to a value, or to {"state": …, "reason": …} where the question was not answered. An item
that is left out was not asked. An answer that is only begun (nothing ticked, a row of a grid still open) is no
fault: it is kept, and counts as missing until it is whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from accounts.wording import gettext_lazy as _
from screening.questionnaire import Questionnaire
from screening.terms import GIVEN_INSTEAD


@dataclass(frozen=True, slots=True)
class AnswerFault:
    """`item` is the code as it was given; empty where the fault is in the answers as a whole."""

    item: str
    message: str


def check_answers(questionnaire: Questionnaire, answers: Any) -> list[AnswerFault]:
    """Every fault, in the order of the answers. None found: `scoring.score` reads them as they were meant.

    Ticking "none of these" together with others is no fault: people do, and the definition marks no option as
    standing alone.
    """
    if not isinstance(answers, dict):
        return [AnswerFault("", _("The answers must be an object that maps each item's code to its answer."))]
    return [fault for code, answer in answers.items() for fault in _faults(questionnaire, code, answer)]


def _faults(questionnaire: Questionnaire, code: str, answer: Any) -> Iterator[AnswerFault]:
    item = questionnaire.items_by_code.get(code)
    if item is None:
        yield AnswerFault(code, _("There is no such item in this questionnaire."))
    elif isinstance(answer, dict) and "state" in answer:
        yield from (AnswerFault(code, message) for message in _faults_of_state(questionnaire, answer))
    elif message := item.choices.fault(answer):
        yield AnswerFault(code, message)


def _faults_of_state(questionnaire: Questionnaire, answer: dict[str, Any]) -> Iterator[str]:
    if answer["state"] not in GIVEN_INSTEAD:
        yield _("The state must be one of: %(given_instead)s.") % {"given_instead": ", ".join(GIVEN_INSTEAD)}
    if answer.get("reason") not in (None, *questionnaire.not_asked_reasons):
        yield _("The reason must be one of: %(not_asked_reasons)s.") % {
            "not_asked_reasons": ", ".join(questionnaire.not_asked_reasons)
        }
    yield from (
        _("'%(key)s' cannot stand beside a state.") % {"key": key}
        for key in answer
        if key not in ("state", "reason")
    )
