"""A screening's responses as they are kept, and how new answers are merged into them.

Pure. Kept: {ITEM: {"value": …} or {"state": …, "reason": …}}, each with "at" (ISO time) and "v", the version of
the screening that it came with. The instrument's own form of the same is called answers: {ITEM: value or state}.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from screening.questionnaire import Questionnaire

Answers = dict[str, Any]
Responses = Mapping[str, Mapping[str, Any]]

NO_TIME = {"state": "not_asked", "reason": "ran_out_of_time"}


def answers_of(responses: Responses) -> Answers:
    return {code: answer_of(response) for code, response in responses.items()}


def answer_of(response: Mapping[str, Any]) -> Any:
    if "value" in response:
        return response["value"]
    return {key: response[key] for key in ("state", "reason") if response.get(key) is not None}


def response_to(answer: Any, *, at: str, version: int) -> dict[str, Any]:
    given = answer if isinstance(answer, Mapping) and "state" in answer else {"value": answer}
    return {**given, "at": at, "v": version}


def same(one: Any, other: Any) -> bool:
    """Ticks in another order are the same answer; the reason of a state belongs to it."""
    if isinstance(one, list) and isinstance(other, list):
        return sorted(map(str, one)) == sorted(map(str, other))
    return type(one) is type(other) and one == other


@dataclass(frozen=True)
class Conflict:
    """One item, answered differently by two since one of them opened the page; `theirs` is what stands."""

    item: str
    theirs: Any
    mine: Any
    at: str


@dataclass(frozen=True)
class Merged:
    """`changed`: items that now stand as given here. `others`: items that somebody else changed meanwhile."""

    responses: dict[str, Any]
    changed: tuple[str, ...]
    others: tuple[str, ...]
    conflicts: tuple[Conflict, ...]


def merge(responses: Responses, answers: Mapping[str, Any], *, seen: int, version: int, at: str) -> Merged:
    """`answers` given by somebody who saw version `seen`, put into what stands; they become version `version`.

    An answer to an item that somebody else has changed since `seen` is never written over theirs: it is handed
    back as a conflict. Giving the same answer again changes nothing.
    """
    merged, changed, conflicts = dict(responses), [], []
    for code, mine in answers.items():
        standing = responses.get(code)
        if standing is not None and same(answer_of(standing), mine):
            continue
        if standing is not None and standing["v"] > seen:
            conflicts.append(Conflict(code, answer_of(standing), mine, standing["at"]))
            continue
        merged[code] = response_to(mine, at=at, version=version)
        changed.append(code)
    others = tuple(code for code, response in responses.items() if response["v"] > seen)
    return Merged(merged, tuple(changed), others, tuple(conflicts))


def with_the_rest_not_asked(questionnaire: Questionnaire, responses: Responses, *, at: str, version: int) -> dict:
    """For the short form: what it leaves out, and nobody answered all the same, was not asked for want of time."""
    left_out: Collection[str] = {item.code for item in questionnaire.items} - set(questionnaire.short_form)
    rest = {code: response_to(NO_TIME, at=at, version=version) for code in left_out - responses.keys()}
    return {**responses, **rest}
