"""Which criteria are asked for whom, what each reads in an offer, and what they are worth together.

Pure. The weights are in weights.py.
"""

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

from directory.criteria import (
    Case,
    Finding,
    Findings,
    access,
    asked_format,
    caring,
    confirmed,
    cost,
    crowds,
    distance,
    eligible,
    language,
    language_of,
    pace,
    peer_led,
    room,
    times,
    travel_cost,
    usual_way,
    wait,
    warm_handover,
)
from directory.terms import Circumstances, Offer
from directory.weights import WEIGHTS, Weight


class Criterion(NamedTuple):
    """`reads`: all that `finders` look at in an offer, so that offers alike in that are weighed once.
    `asked`: whether it bears on the person at all."""

    finders: tuple[Callable[[Offer, Case], Findings], ...]
    reads: Callable[[Offer], Any]
    asked: Callable[[Circumstances], bool]

    def find(self, offer: Offer, case: Case) -> Findings:
        for finder in self.finders:
            yield from finder(offer, case)


def _always(person: Circumstances) -> bool:
    return True


def _says_hard(*codes: str) -> Callable[[Circumstances], bool]:
    return lambda person: not person.hard.isdisjoint(codes)


def _needs_access(person: Circumstances) -> bool:
    return bool(person.step_free or person.hearing or person.sight or "access" in person.hard)


def _speaks_other_than_english(person: Circumstances) -> bool:
    """English is taken as given."""
    return language_of(person).casefold() not in ("", "english")


def _wants_company(person: Circumstances) -> bool:
    return person.warm_handover_wanted or _says_hard("alone", "people")(person)


def _reading(
    *names: str,
    find: tuple[Callable[[Offer, Case], Findings], ...],
    asked: Callable[[Circumstances], bool] = _always,
) -> Criterion:
    return Criterion(find, attrgetter(*names), asked)


TRAVEL = ("postcode", "point", "at_home", "remote")

CRITERIA = (
    _reading("formats", "at_home", find=(asked_format, usual_way)),
    _reading("formats", find=(peer_led,), asked=lambda person: "peer" in person.prefers),
    _reading("formats", find=(pace,), asked=lambda person: person.slow),
    _reading(*TRAVEL, find=(distance,)),
    _reading(*TRAVEL, "kinds", find=(travel_cost,), asked=_says_hard("cost")),
    _reading("wait_days", "usual_wait_days", "capacity", find=(wait, room)),
    _reading(*TRAVEL, "step_free", "hearing_support", "sight_support", find=(access,), asked=_needs_access),
    _reading("languages", find=(language,), asked=_speaks_other_than_english),
    _reading("warm_handover", "goes_along", find=(warm_handover,), asked=_wants_company),
    _reading("formats", "at_home", find=(crowds,), asked=_says_hard("people")),
    _reading(*TRAVEL, "formats", find=(caring,), asked=_says_hard("care")),
    _reading("schedule", find=(times,), asked=_says_hard("time")),
    _reading("cost", find=(cost,)),
    _reading("serves", "eligibility", find=(eligible,)),
    _reading("verified_on", find=(confirmed,)),
)


def findings(offer: Offer, case: Case) -> list[Finding]:
    asked = (criterion for criterion in CRITERIA if criterion.asked(case.person))
    return [finding for criterion in asked for finding in criterion.find(offer, case)]


def worth(found: Iterable[Finding], weights: Mapping[str, Weight] = WEIGHTS) -> float:
    """The sum of the points."""
    return sum(weights[one.criterion][one.verdict] * one.share for one in found)
