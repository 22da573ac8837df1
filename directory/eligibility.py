"""The rules that let an offer be considered at all: where it works, whom it is for, whether it has room.

Pure. A rule is met, not met, or cannot be told; only a rule that is certainly not met refuses.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from directory.places import covers
from directory.terms import Capacity, Circumstances, NothingFits, Offer

AREAS_NAMED = 4  # a longer list of areas is cut short, so that a reason stays a short sentence


class Rule(NamedTuple):
    """`words` go on from "Only …" and "Check: …"; `stage` is what is missing where every offer fails here."""

    met: bool | None
    words: str
    stage: NothingFits


class Refusal(NamedTuple):
    words: str
    stage: NothingFits


def rules(offer: Offer, person: Circumstances) -> Iterator[Rule]:
    """The area an offer serves and its eligibility, rule by rule."""
    entry = offer.eligibility
    if offer.serves:
        yield Rule(covers(offer.serves, person.outward), _in_areas(offer.serves), NothingFits.NONE_NEAR)
    if entry.areas:
        met = covers(entry.areas, person.outward)
        yield Rule(met, _in_areas(entry.areas), NothingFits.NONE_ELIGIBLE)
    if entry.min_age is not None:
        met = None if person.age is None else person.age >= entry.min_age
        yield Rule(met, f"for people aged {entry.min_age} and over", NothingFits.NONE_ELIGIBLE)
    if entry.max_age is not None:
        met = None if person.age is None else person.age <= entry.max_age
        yield Rule(met, f"for people aged {entry.max_age} and under", NothingFits.NONE_ELIGIBLE)
    if entry.low_income:
        yield Rule(person.low_income, "for people on a low income", NothingFits.NONE_ELIGIBLE)
    if entry.benefits:
        yield Rule(person.on_benefits, "for people who get certain benefits", NothingFits.NONE_ELIGIBLE)


def refusals(offer: Offer, person: Circumstances) -> tuple[Refusal, ...]:
    """Every reason why the offer cannot be chosen now; empty where it can."""
    found = [Refusal(f"Only {rule.words}", rule.stage) for rule in rules(offer, person) if rule.met is False]
    if not offer.accepts_referrals:
        found.append(Refusal("Does not take referrals now", NothingFits.NONE_WITH_ROOM))
    if offer.capacity == Capacity.FULL:
        found.append(Refusal("Full: no room now", NothingFits.NONE_WITH_ROOM))
    return tuple(found)


@lru_cache(maxsize=1024)
def _in_areas(areas: frozenset[str]) -> str:
    names = sorted(areas, key=lambda name: (name.rstrip("0123456789"), len(name), name))
    if len(names) > AREAS_NAMED:
        names = [*names[: AREAS_NAMED - 1], f"{len(names) - AREAS_NAMED + 1} more areas"]
    return "for people in " + " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
