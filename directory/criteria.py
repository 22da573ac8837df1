"""The criteria that say how well an offer suits a person, each with a sentence.

Pure. Nothing here takes an offer away; it only moves it up or down and says why. Which criterion is asked for whom
is in weighing.py.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from accounts.wording import either, ngettext, together
from accounts.wording import gettext_lazy as _
from directory.eligibility import rules
from directory.places import distance_km, km_between, locate, outward_code
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
    Verdict,
)

WORDS_SHOWN = 50  # a provider's own words within a reason, so that it stays a short sentence


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


def eligible(offer: Offer, case: Case) -> Findings:
    for rule in rules(offer, case.person):
        if rule.met:
            yield Finding("eligible", FITS, _sentence(rule.words))
        elif rule.met is None:
            yield Finding("eligible", ASK, _("Check: %(words)s") % {"words": rule.words})
    if offer.eligibility.diagnosis is False:
        yield Finding("eligible", FITS, _("No diagnosis is asked for"))


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
        return FITS, _sentence(_("%(formats)s, as asked") % {"formats": together(FORMATS[code] for code in met)})
    wanted = either(FORMATS[code] for code in asked)
    if has.isdisjoint(part):
        return ASK, _sentence(_("%(wanted)s: not recorded, ask") % {"wanted": wanted})
    return MISFIT, _sentence(_("%(wanted)s: asked for, not offered here") % {"wanted": wanted})


def peer_led(offer: Offer, case: Case) -> Findings:
    if "peer" in offer.formats:
        yield Finding("peer", FITS, _("Led by someone who has been unwell too, as asked"))
    elif offer.formats:
        yield Finding("peer", MISFIT, _("Not led by someone who has been unwell"))
    else:
        yield Finding("peer", ASK, _("Led by someone who has been unwell: not recorded, ask"))


def usual_way(offer: Offer, case: Case) -> Findings:
    usual = USUAL_WAY.get(case.kind)
    if usual in offer.formats and case.person.prefers.isdisjoint(HOW):
        yield Finding("usual_way", FITS, _("%(way)s, the usual way for this") % {"way": _sentence(FORMATS[usual])})


def pace(offer: Offer, case: Case) -> Findings:
    if "dropin" in offer.formats:
        yield Finding("pace", FITS, _("Drop-in, so there is no course to keep up with"))
    elif "slow" in offer.formats:
        yield Finding("pace", FITS, _("In small steps, at the person's pace"))
    elif "course" in offer.formats:
        yield Finding("pace", MISFIT, _("A course: drop-in suits better just now"))
    elif not offer.formats:
        yield Finding("pace", ASK, _("Pace: not recorded, ask"))


def km_to(offer: Offer, outward: str | None) -> float | None:
    """From the middle of the district `outward`; None where either end is not known."""
    if offer.point is None or outward_code(outward) == outward_code(offer.postcode):
        return distance_km(outward, offer.postcode)
    home = locate(outward)
    return km_between(home.point, offer.point) if home else None


def distance(offer: Offer, case: Case) -> Findings:
    """Nearer is always better, and never worse than help from a distance."""
    km = km_to(offer, case.person.outward)
    verdict, share = (ASK, 1.0) if km is None else _sliding(km, FAR_KM)
    is_near = verdict is FITS
    if offer.at_home:
        share = max(share, HOME_SHARE) if is_near else HOME_SHARE
        yield Finding("distance", FITS, _("Comes to the person's home"), share)
    elif offer.remote and not is_near:
        yield Finding("distance", FITS, _("From a distance, so no travel is needed"), REMOTE_SHARE)
    else:
        yield Finding("distance", verdict, _distance_words(km, case.person.outward), share)


def _distance_words(km: float | None, outward: str | None) -> str:
    """Whole kilometres between the middles of two districts: the table knows no better."""
    if km is not None:
        home = outward_code(outward)
        return (
            _("About %(km)s km from %(home)s") % {"km": f"{max(km, 1):.0f}", "home": home}
            if km
            else _("In %(home)s") % {"home": home}
        )
    if locate(outward) is None:
        return _("Check: how far it is from where the person lives")
    return _("How far it is: not known, ask")


def travel_cost(offer: Offer, case: Case) -> Findings:
    km = km_to(offer, case.person.outward)
    if not offer.needs_travel:
        yield Finding("travel_cost", FITS, _("No fare to pay"))
    elif "travel_help" in offer.kinds:
        yield Finding("travel_cost", FITS, _("Fares can be paid back"))
    elif km is not None and km > FAR_KM:
        yield Finding("travel_cost", MISFIT, _("A long way to pay a fare for"))
    else:
        yield Finding("travel_cost", ASK, _("Fares: ask who pays"))


def wait(offer: Offer, case: Case) -> Findings:
    """The provider's word, and beside it what referrals made here really waited: the longer of the two counts."""
    criterion = "wait_asked" if "wait" in case.person.hard else "wait"
    if (days := likely_wait(offer)) is None:
        yield Finding(criterion, ASK, _("Wait: not recorded, ask"))
    else:
        verdict, share = _sliding(days, LONG_WAIT_DAYS)
        yield Finding(criterion, verdict, _wait_words(offer.wait_days, offer.usual_wait_days or 0), share)


def likely_wait(offer: Offer) -> int | None:
    return max((days for days in (offer.wait_days, offer.usual_wait_days) if days is not None), default=None)


def _wait_words(said: int | None, usual: int) -> str:
    if said is None:
        words = ngettext(
            "Referrals from here start after about %(days)s day",
            "Referrals from here start after about %(days)s days",
            usual,
        )
        return words % {"days": usual}
    words = _("Can start straight away")
    if said > 0:
        words = ngettext("Starts in about %(days)s day", "Starts in about %(days)s days", said) % {"days": said}
    if usual <= said:
        return words
    return _("%(words)s, it says; referrals from here waited about %(usual)s") % {"words": words, "usual": usual}


def _sliding(value: float, limit: float) -> tuple[Verdict, float]:
    """Up to the limit it fits, the less the nearer to it; beyond, it does not, the more the farther.

    The shares run 1 → ½ and ½ → 1, so less is always worth more, with a step at the limit.
    """
    if value <= limit:
        return FITS, 1 - value / (2 * limit)
    return MISFIT, 1 - limit / (2 * value)


def room(offer: Offer, case: Case) -> Findings:
    if offer.capacity == Capacity.YES:
        yield Finding("room", FITS, _("Has room now"))
    elif offer.capacity == Capacity.WAITING_LIST:
        yield Finding("room", MISFIT, _("Has a waiting list"))
    else:
        yield Finding("room", ASK, _("Room: not known, ask"))


def access(offer: Offer, case: Case) -> Findings:
    """Steps, hearing and sight, where needed.

    Who said only that access is hard may mean any of the three: each is looked at, and counts a third.
    """
    person = case.person
    if offer.needs_travel:
        yield from _access(person, person.step_free, offer.step_free, _("Step-free"), _("Not step-free"))
    yield from _access(
        person, person.hearing, offer.hearing_support, _("Hearing support"), _("No hearing support")
    )
    yield from _access(person, person.sight, offer.sight_support, _("Sight support"), _("No sight support"))


def _access(person: Circumstances, need: bool | None, has: bool | None, yes: str, no: str) -> Findings:
    said_it_is_hard = need is None and "access" in person.hard
    if not need and not said_it_is_hard:
        return
    share = 1 / 3 if said_it_is_hard else 1.0
    if has is None:
        yield Finding("access", ASK, _("%(yes)s: not recorded, ask") % {"yes": yes}, share)
    else:
        yield Finding("access", FITS if has else MISFIT, yes if has else no, share)


def language_of(person: Circumstances) -> str:
    return (person.language or "").strip()


def language(offer: Offer, case: Case) -> Findings:
    wanted = language_of(case.person)
    name = _sentence(wanted)
    if not offer.languages:
        yield Finding("language", ASK, _("%(name)s: not recorded, ask") % {"name": name})
    elif any(spoken.casefold() == wanted.casefold() for spoken in offer.languages):
        yield Finding("language", FITS, _("In %(name)s") % {"name": name})
    else:
        yield Finding("language", MISFIT, _("Not in %(name)s: an interpreter is needed") % {"name": name})


def warm_handover(offer: Offer, case: Case) -> Findings:
    if offer.warm_handover:
        words = _("Someone can go along the first time")
        if 0 < len(offer.goes_along) <= WORDS_SHOWN:
            words = _("%(words)s: %(who)s") % {"words": words, "who": offer.goes_along}
        yield Finding("warm_handover", FITS, words)
    elif offer.warm_handover is None:
        yield Finding("warm_handover", ASK, _("Someone to go along: not recorded, ask"))
    else:
        yield Finding("warm_handover", MISFIT, _("Nobody there to go along: plan who will"))


def crowds(offer: Offer, case: Case) -> Findings:
    if offer.at_home or not offer.formats.isdisjoint(("one", "home", "phone")):
        yield Finding("crowds", FITS, _("Can be without a crowd"))
    elif not offer.formats.isdisjoint(("group", "dropin", "course")):
        yield Finding("crowds", MISFIT, _("Other people will be there, which is hard"))
    else:
        yield Finding("crowds", ASK, _("How many people are there: not recorded, ask"))


def caring(offer: Offer, case: Case) -> Findings:
    if offer.needs_travel and "phone" not in offer.formats:
        yield Finding("caring", ASK, _("Ask for a time that fits round caring"))
    else:
        yield Finding("caring", FITS, _("At home or by phone, so easier with caring"))


def times(offer: Offer, case: Case) -> Findings:
    known = _("Check the times: %(schedule)s") % {"schedule": offer.schedule}
    yield Finding("times", ASK, known if offer.schedule else _("Times: not recorded, ask"))


def cost(offer: Offer, case: Case) -> Findings:
    if offer.cost == FREE:
        yield Finding("cost", FITS, _("Free"))
    elif offer.cost:
        yield Finding("cost", MISFIT, _("Costs: %(cost)s") % {"cost": offer.cost})
    else:
        yield Finding("cost", ASK, _("Cost: not recorded, ask"))


def confirmed(offer: Offer, case: Case) -> Findings:
    if offer.verified_on is None:
        yield Finding("confirmed", ASK, _("Never confirmed by the provider, ask"))
    elif (days := (case.on - offer.verified_on).days) > CONFIRM_AFTER_DAYS:
        words = ngettext("Last confirmed %(days)s day ago, ask", "Last confirmed %(days)s days ago, ask", days)
        yield Finding("confirmed", ASK, words % {"days": days})


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
