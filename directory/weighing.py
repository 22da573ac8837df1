"""How well an offer suits a person: a sentence a criterion, weighed by the table in weights.py.

Pure. Nothing here takes an offer away; it only moves it up or down and says why.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from directory.eligibility import rules
from directory.places import distance_km, locate, outward_code
from directory.terms import FORMATS, FREE, HOW, PARTS, Capacity, Circumstances, Offer
from directory.weights import (
    ASK,
    CONFIRM_AFTER_DAYS,
    FAR_KM,
    FITS,
    HOME_SHARE,
    LONG_WAIT_DAYS,
    MISFIT,
    REMOTE_SHARE,
    USUAL_WAY,
    WEIGHTS,
    Verdict,
    Weight,
)


class Case(NamedTuple):
    """The question put to every offer."""

    kind: str
    person: Circumstances
    on: date


class Finding(NamedTuple):
    """One reason; `share` is the part of the weight that it earns."""

    criterion: str
    verdict: Verdict
    words: str
    share: float = 1.0


Findings = Iterator[Finding]


def findings(offer: Offer, case: Case) -> list[Finding]:
    return [finding for criterion in CRITERIA for finding in criterion(offer, case)]


def worth(found: list[Finding], weights: Mapping[str, Weight] = WEIGHTS) -> float:
    """The sum of the points, rounded so that equal offers compare as equal whatever the order of adding."""
    return round(sum(weights[one.criterion][one.verdict] * one.share for one in found), 6)


def eligible(offer: Offer, case: Case) -> Findings:
    for rule in rules(offer, case.person):
        if rule.met:
            yield Finding("eligible", FITS, _sentence(rule.words))
        elif rule.met is None:
            yield Finding("eligible", ASK, f"Check: {rule.words}")


def asked_format(offer: Offer, case: Case) -> Findings:
    """Ticks within one part are alternatives, so one is enough; each part asked about counts alike."""
    parts = [part for part in PARTS if case.person.prefers.intersection(part)]
    for part in parts:
        verdict, words = _format_answer(offer, case.person, part)
        yield Finding("format", verdict, words, share=1 / len(parts))


def _format_answer(offer: Offer, person: Circumstances, part: tuple[str, ...]) -> tuple[Verdict, str]:
    """An offer that records nothing of the part may still give it, so that is asked."""
    has = offer.formats | {"home"} if offer.at_home else offer.formats
    asked = [code for code in part if code in person.prefers]
    if met := [code for code in asked if code in has]:
        return FITS, _sentence(f"{' and '.join(FORMATS[code] for code in met)}, as asked")
    wanted = " or ".join(FORMATS[code] for code in asked)
    if has.isdisjoint(part):
        return ASK, _sentence(f"{wanted}: not recorded, ask")
    return MISFIT, _sentence(f"{wanted}: asked for, not offered here")


def peer_led(offer: Offer, case: Case) -> Findings:
    if "peer" not in case.person.prefers:
        return
    if "peer" in offer.formats:
        yield Finding("peer", FITS, "Led by someone who has been unwell too, as asked")
    elif offer.formats:
        yield Finding("peer", MISFIT, "Not led by someone who has been unwell")
    else:
        yield Finding("peer", ASK, "Led by someone who has been unwell: not recorded, ask")


def usual_way(offer: Offer, case: Case) -> Findings:
    usual = USUAL_WAY.get(case.kind)
    if usual in offer.formats and case.person.prefers.isdisjoint(HOW):
        yield Finding("usual_way", FITS, f"{_sentence(FORMATS[usual])}, the usual way for this")


def pace(offer: Offer, case: Case) -> Findings:
    if not case.person.slow:
        return
    if "dropin" in offer.formats:
        yield Finding("pace", FITS, "Drop-in, so there is no course to keep up with")
    elif "slow" in offer.formats:
        yield Finding("pace", FITS, "In small steps, at the person's pace")
    elif "course" in offer.formats:
        yield Finding("pace", MISFIT, "A course: drop-in suits better just now")
    elif not offer.formats:
        yield Finding("pace", ASK, "Pace: not recorded, ask")


def distance(offer: Offer, case: Case) -> Findings:
    """Nearer is always better, and never worse than help from a distance."""
    km = distance_km(case.person.outward, offer.postcode)
    verdict, share = (ASK, 1.0) if km is None else _sliding(km, FAR_KM)
    is_near = verdict is FITS
    if offer.at_home:
        share = max(share, HOME_SHARE) if is_near else HOME_SHARE
        yield Finding("distance", FITS, "Comes to the person's home", share)
    elif offer.remote and not is_near:
        yield Finding("distance", FITS, "From a distance, so no travel is needed", REMOTE_SHARE)
    else:
        yield Finding("distance", verdict, _distance_words(km, case.person.outward), share)


def _distance_words(km: float | None, outward: str | None) -> str:
    """Whole kilometres between the middles of two districts: the table knows no better."""
    if km is not None:
        home = outward_code(outward)
        return f"About {max(km, 1):.0f} km from {home}" if km else f"In {home}"
    if locate(outward) is None:
        return "Check: how far it is from where the person lives"
    return "How far it is: not known, ask"


def travel_cost(offer: Offer, case: Case) -> Findings:
    if "cost" not in case.person.hard:
        return
    km = distance_km(case.person.outward, offer.postcode)
    if not offer.needs_travel:
        yield Finding("travel_cost", FITS, "No fare to pay")
    elif "travel_help" in offer.kinds:
        yield Finding("travel_cost", FITS, "Fares can be paid back")
    elif km is not None and km > FAR_KM:
        yield Finding("travel_cost", MISFIT, "A long way to pay a fare for")
    else:
        yield Finding("travel_cost", ASK, "Fares: ask who pays")


def wait(offer: Offer, case: Case) -> Findings:
    criterion = "wait_asked" if "wait" in case.person.hard else "wait"
    if offer.wait_days is None:
        yield Finding(criterion, ASK, "Wait: not recorded, ask")
    else:
        verdict, share = _sliding(offer.wait_days, LONG_WAIT_DAYS)
        yield Finding(criterion, verdict, _wait_words(offer.wait_days), share)


def _wait_words(days: int) -> str:
    return f"Starts in about {days} day{'s' if days > 1 else ''}" if days > 0 else "Can start straight away"


def _sliding(value: float, limit: float) -> tuple[Verdict, float]:
    """Up to the limit it fits, the less the nearer to it; beyond, it does not, the more the farther.

    The shares run 1 → ½ and ½ → 1, so less is always worth more, with a step at the limit.
    """
    if value <= limit:
        return FITS, 1 - value / (2 * limit)
    return MISFIT, 1 - limit / (2 * value)


def room(offer: Offer, case: Case) -> Findings:
    if offer.capacity == Capacity.YES:
        yield Finding("room", FITS, "Has room now")
    elif offer.capacity == Capacity.WAITING_LIST:
        yield Finding("room", MISFIT, "Has a waiting list")
    else:
        yield Finding("room", ASK, "Room: not known, ask")


def access(offer: Offer, case: Case) -> Findings:
    """Steps, hearing and sight, where needed.

    Who said only that access is hard may mean any of the three: each is looked at, and counts a third.
    """
    person = case.person
    if offer.needs_travel:
        yield from _access(person, person.step_free, offer.step_free, "Step-free", "Not step-free")
    yield from _access(person, person.hearing, offer.hearing_support, "Hearing support", "No hearing support")
    yield from _access(person, person.sight, offer.sight_support, "Sight support", "No sight support")


def _access(person: Circumstances, need: bool | None, has: bool | None, yes: str, no: str) -> Findings:
    said_it_is_hard = need is None and "access" in person.hard
    if not need and not said_it_is_hard:
        return
    share = 1 / 3 if said_it_is_hard else 1.0
    if has is None:
        yield Finding("access", ASK, f"{yes}: not recorded, ask", share)
    else:
        yield Finding("access", FITS if has else MISFIT, yes if has else no, share)


def language(offer: Offer, case: Case) -> Findings:
    """English is taken as given."""
    wanted = (case.person.language or "").strip()
    if wanted.casefold() in ("", "english"):
        return
    name = _sentence(wanted)
    if not offer.languages:
        yield Finding("language", ASK, f"{name}: not recorded, ask")
    elif any(spoken.casefold() == wanted.casefold() for spoken in offer.languages):
        yield Finding("language", FITS, f"In {name}")
    else:
        yield Finding("language", MISFIT, f"Not in {name}: an interpreter is needed")


def warm_handover(offer: Offer, case: Case) -> Findings:
    if not case.person.warm_handover_wanted and case.person.hard.isdisjoint(("alone", "people")):
        return
    if offer.warm_handover:
        yield Finding("warm_handover", FITS, "Someone can go along the first time")
    else:
        yield Finding("warm_handover", MISFIT, "Nobody there to go along: plan who will")


def crowds(offer: Offer, case: Case) -> Findings:
    if "people" not in case.person.hard:
        return
    if offer.at_home or not offer.formats.isdisjoint(("one", "home", "phone")):
        yield Finding("crowds", FITS, "Can be without a crowd")
    elif not offer.formats.isdisjoint(("group", "dropin", "course")):
        yield Finding("crowds", MISFIT, "Other people will be there, which is hard")
    else:
        yield Finding("crowds", ASK, "How many people are there: not recorded, ask")


def caring(offer: Offer, case: Case) -> Findings:
    if "care" not in case.person.hard:
        return
    if offer.needs_travel and "phone" not in offer.formats:
        yield Finding("caring", ASK, "Ask for a time that fits round caring")
    else:
        yield Finding("caring", FITS, "At home or by phone, so easier with caring")


def times(offer: Offer, case: Case) -> Findings:
    if "time" in case.person.hard:
        words = f"Check the times: {offer.schedule}" if offer.schedule else "Times: not recorded, ask"
        yield Finding("times", ASK, words)


def cost(offer: Offer, case: Case) -> Findings:
    if offer.cost == FREE:
        yield Finding("cost", FITS, "Free")
    elif offer.cost:
        yield Finding("cost", MISFIT, f"Costs: {offer.cost}")
    else:
        yield Finding("cost", ASK, "Cost: not recorded, ask")


def confirmed(offer: Offer, case: Case) -> Findings:
    if offer.verified_on is None:
        yield Finding("confirmed", ASK, "Never confirmed by the provider, ask")
    elif (days := (case.on - offer.verified_on).days) > CONFIRM_AFTER_DAYS:
        yield Finding("confirmed", ASK, f"Last confirmed {days} days ago, ask")


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


CRITERIA: tuple[Callable[[Offer, Case], Findings], ...] = (
    asked_format,
    peer_led,
    usual_way,
    pace,
    distance,
    travel_cost,
    wait,
    room,
    access,
    language,
    warm_handover,
    crowds,
    caring,
    times,
    cost,
    eligible,
    confirmed,
)
