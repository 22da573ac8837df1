"""What reports take from the answers of one screening: how questions stand, what can be compared, what was said.

Pure. What a question is for is told by its name, never by its code.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from screening.questionnaire import Questionnaire
from screening.responses import Responses, answers_of
from screening.result import Response
from screening.scoring import resolve
from screening.terms import HOW_TO_LEARN, OWN_GOAL, SAFE_CONTACT, State

FOLLOW_ON = frozenset({"avoid_channels", "main_reason", "other_device", "contact_that_feels_ok"})
"""Asked only because of the answer before: no core questions, so that one more of them makes nothing less so."""
ONLINE = frozenset({"smart", "tablet", "pc"})
USE = {"never": 0, "stopped": 0, "proxy": 0, "rare": 1, "weekly": 2, "daily": 3}
CONFIDENCE = {"not_all": 0, "not_very": 1, "quite": 2, "very": 3}
GOAL_RESULT, STILL_WORKS, CAN_AFFORD = "goal_result", "given_still_works", "given_affordable"
AS_SAID = (GOAL_RESULT, STILL_WORKS, CAN_AFFORD)
NO_GOAL = ["nothing"]

Named = Mapping[str, Any]
"""The value that counts of each question, by its name; left out where it has none."""


def standing(asked: Questionnaire, responses: Responses) -> dict[str, Response]:
    return resolve(asked, answers_of(responses))


def named(asked: Questionnaire, found: Mapping[str, Response]) -> Named:
    return asked.by_name({code: response.value for code, response in found.items() if response.counts})


def items(asked: Questionnaire, found: Mapping[str, Response]) -> dict[str, int]:
    """How many core questions that applied stand in each state; one that was not asked, with the reason."""
    counted: Counter[str] = Counter()
    for item in asked.items:
        response = found[item.code]
        if item.name not in FOLLOW_ON and response.state != State.SKIPPED:
            with_reason = response.state == State.NOT_ASKED and response.reason
            counted[f"{response.state}:{response.reason}" if with_reason else str(response.state)] += 1
    return dict(counted)


def measures(values: Named) -> dict[str, int]:
    """Only those that are known; a higher number is better."""
    found = {name: measure(values) for name, measure in MEASURES.items()}
    return {name: int(value) for name, value in found.items() if value is not None}


def said(values: Named, goal_in_words: str) -> dict[str, str]:
    found = {name: values[name] for name in AS_SAID if name in values}
    if goal_in_words or values.get(OWN_GOAL, NO_GOAL) != NO_GOAL:
        found[OWN_GOAL] = "yes"
    if SAFE_CONTACT in values:
        found[SAFE_CONTACT] = "yes"  # that it was answered, and never what
    return found


def formats(values: Named) -> list[str]:
    return list(values.get(HOW_TO_LEARN, []))


def _access(values: Named) -> bool | None:
    """A device of their own and some way to connect; one that is missing settles it, whatever the other is."""
    own, connection = values.get("own_device"), values.get("connection")
    parts = [
        None if own is None else not ONLINE.isdisjoint(own),
        None if connection is None else "cannot" not in connection,
    ]
    if False in parts:
        return False
    return None if None in parts else True


def _tasks(values: Named) -> int | None:
    grid = values.get("first_tasks")
    return None if grid is None else sum(answer == "own" for answer in grid.values())


def _affordable(values: Named) -> bool | None:
    return {"no": True, "once": False, "often": False}.get(values.get("ran_out", ""))


def _knows_help(values: Named) -> bool | None:
    answer = values.get("knows_help")
    return None if answer is None else answer == "yes"


MEASURES: dict[str, Callable[[Named], int | None]] = {
    "use": lambda values: USE.get(values.get("use_now", "")),
    "tasks": _tasks,
    "access": _access,
    "affordable": _affordable,
    "confidence": lambda values: CONFIDENCE.get(values.get("confidence", "")),
    "knows_help": _knows_help,
}
"""Name → from the answers to a number, or None where they do not tell."""
