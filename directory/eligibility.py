"""The rules that let an offer be considered at all: where it works, whom it is for, whether it has room.

Pure. A rule is met, not met, or cannot be told; only a rule that is certainly not met refuses.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from accounts.wording import gettext_lazy as _
from accounts.wording import ngettext, together
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
        yield Rule(
            met, _("for people aged %(min_age)s and over") % {"min_age": entry.min_age}, NothingFits.NONE_ELIGIBLE
        )
    if entry.max_age is not None:
        met = None if person.age is None else person.age <= entry.max_age
        yield Rule(
            met, _("for people aged %(max_age)s and under") % {"max_age": entry.max_age}, NothingFits.NONE_ELIGIBLE
        )
    if entry.low_income:
        yield Rule(person.low_income, _("for people on a low income"), NothingFits.NONE_ELIGIBLE)
    if entry.benefits:
        yield Rule(person.on_benefits, _("for people who get certain benefits"), NothingFits.NONE_ELIGIBLE)
    if entry.diagnosis:
        yield Rule(None, _("for people with a certain diagnosis"), NothingFits.NONE_ELIGIBLE)


def refusals(offer: Offer, person: Circumstances) -> tuple[Refusal, ...]:
    """Every reason why the offer cannot be chosen now; empty where it can."""
    found = [
        Refusal(_("Only %(words)s") % {"words": rule.words}, rule.stage)
        for rule in rules(offer, person)
        if rule.met is False
    ]
    if not offer.accepts_referrals:
        found.append(Refusal(_("Does not take referrals now"), NothingFits.NONE_WITH_ROOM))
    if offer.capacity == Capacity.FULL:
        found.append(Refusal(_("Full: no room now"), NothingFits.NONE_WITH_ROOM))
    return tuple(found)


@lru_cache(maxsize=1024)
def _in_order(areas: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(areas, key=lambda name: (name.rstrip("0123456789"), len(name), name)))


def _in_areas(areas: frozenset[str]) -> str:
    names = list(_in_order(areas))
    if len(names) > AREAS_NAMED:
        left_out = len(names) - AREAS_NAMED + 1
        more = ngettext("%(number)s more area", "%(number)s more areas", left_out) % {"number": left_out}
        names = [*names[: AREAS_NAMED - 1], more]
    return _("for people in %(areas)s") % {"areas": together(names)}
