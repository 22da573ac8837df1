"""What a person last said about something, whichever questionnaire asked it: told by the names of items.

An earlier answer stands where a later screening did not ask. "Rather not say" and "don't know" are answers of
their own: what was said before may not hold any more.
"""

from collections.abc import Collection, Iterable
from typing import Any

from people.models import ServiceUser
from screening import scoring
from screening.models import Screening
from screening.responses import answers_of
from screening.result import Response
from screening.sitting import definition_of
from screening.terms import OWN_GOAL, DefinitionKind, State

NOT_HEARD = (State.NOT_ASKED, State.MISSING)


def _was_heard(response: Response, kind: str) -> bool:
    """A review leaves out what has not changed; a screening leaves out what does not apply."""
    if response.state == State.SKIPPED:
        return kind == DefinitionKind.SCREENING
    return response.state not in NOT_HEARD


def last_said(service_user: ServiceUser, names: Collection[str], *, by: Screening | None = None) -> dict[str, Any]:
    """Name → the value that counts; left out where there is none. `by`: as it stood with that screening."""
    return said_in(_newest_first(service_user, by), names)


def said_in(screenings: Iterable[Screening], names: Collection[str]) -> dict[str, Any]:
    """As `last_said`, for screenings at hand, the newest first."""
    said: dict[str, Any] = {}
    wanted = set(names)
    for screening in screenings:
        heard = dict(_heard(screening, wanted))
        said |= {name: response.value for name, response in heard.items() if response.counts}
        wanted -= heard.keys()
        if not wanted:
            break
    return said


def _heard(screening: Screening, names: Collection[str]) -> list[tuple[str, Response]]:
    asked = definition_of(screening)
    codes = {name: item.code for name in names if (item := asked.named(name))}
    responses = scoring.resolve(asked, answers_of(screening.responses)) if codes else {}
    return [(name, responses[code]) for name, code in codes.items() if _was_heard(responses[code], asked.kind)]


def goal_of(service_user: ServiceUser, *, by: Screening | None = None) -> str:
    """The person's own goal as last asked: in their own words, or else as they chose; "" where nobody knows."""
    screenings = list(_newest_first(service_user, by))
    return goal_words_in(screenings) or _goal_chosen_in(screenings)


def goal_words_in(screenings: Iterable[Screening]) -> str:
    """The goal in the person's own words, unless they were asked again since, and said something else."""
    for screening in screenings:
        if screening.goal_in_words or _heard(screening, [OWN_GOAL]):
            return screening.goal_in_words
    return ""


def _goal_chosen_in(screenings: Iterable[Screening]) -> str:
    for screening in screenings:
        for _, response in _heard(screening, [OWN_GOAL]):
            item = definition_of(screening).named(OWN_GOAL)
            labels = item.label_for(response.value) if item and response.counts else ""
            return labels if isinstance(labels, str) else ", ".join(labels)
    return ""


def _newest_first(service_user: ServiceUser, by: Screening | None = None) -> Iterable[Screening]:
    screenings = Screening.objects.submitted().filter(service_user=service_user)
    if by is not None:
        screenings = screenings.filter(submitted_at__lte=by.submitted_at)
    return screenings.order_by("-submitted_at", "-pk")
