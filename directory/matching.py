"""Which offers suit a person for one kind of support, ranked, with reasons; and why the others do not.

Pure and deterministic. Hard rules (eligibility.py) take an offer away; soft ones (weighing.py) only rank it,
so what a person would like changes the pick and never hides a need. What is not known of the person is said
as "Check: …", what is not known of the offer as "…, ask"; neither takes an offer away.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import compress
from operator import attrgetter
from typing import Any, NamedTuple

from directory.criteria import Case, Finding, asked_format, km_to, peer_led
from directory.eligibility import refusals
from directory.terms import Capacity, Circumstances, Eligibility, NothingFits, Offer
from directory.weighing import CRITERIA, TRAVEL, Criterion, findings, worth
from directory.weights import ASK, FAR_KM, FITS, MISFIT, WEIGHTS, Verdict, Weight

__all__ = [
    "WEIGHTS",
    "Capacity",
    "Circumstances",
    "Eligibility",
    "Matches",
    "NothingFits",
    "Offer",
    "Recommendation",
    "Rejection",
    "nothing_fits_reason",
    "recommend",
]


REFUSED_BY = attrgetter("serves", "eligibility", "accepts_referrals", "capacity")
"""All that the hard rules look at in an offer."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """An offer that may be chosen. The reasons are looked up when somebody reads them."""

    offer: Offer
    score: float
    _weighed: "_Weighed" = field(compare=False, repr=False)

    @property
    def reasons_for(self) -> tuple[str, ...]:
        return self._said(FITS)

    @property
    def misfits(self) -> tuple[str, ...]:
        """Known not to suit."""
        return self._said(MISFIT)

    @property
    def to_ask(self) -> tuple[str, ...]:
        """Not known either way."""
        return self._said(ASK)

    @property
    def reasons_against(self) -> tuple[str, ...]:
        """All that does not speak for the offer: a page that shows one list must leave nothing out."""
        return self.misfits + self.to_ask

    @property
    def distance_km(self) -> float | None:
        km = km_to(self.offer, self._weighed.case.person.outward)
        return None if km is None else round(km, 1)

    def _said(self, verdict: Verdict) -> tuple[str, ...]:
        return tuple(one.words for one in self._weighed.findings(self.offer) if one.verdict is verdict)


class Rejection(NamedTuple):
    """An offer of the kind that cannot be chosen now, with every reason why."""

    offer: Offer
    reasons: tuple[str, ...]


class Matches(NamedTuple):
    recommended: list[Recommendation]
    rejected: list[Rejection]


def recommend(
    kind: str,
    offers: Iterable[Offer],
    circumstances: Circumstances,
    *,
    on: date,
    weights: Mapping[str, Weight] = WEIGHTS,
) -> Matches:
    """Every offer of the kind is in one of the two lists; offers of other kinds are in neither.

    Best first: by score, then the most lately confirmed, then name. Rejected offers go by name.
    """
    weighed = _Weighed(Case(kind, circumstances, on), weights)
    fitting, rejected = weighed.sieve([offer for offer in offers if kind in offer.kinds])
    recommended = [
        Recommendation(offer, score, weighed)
        for offer, score in zip(fitting, weighed.scores(fitting), strict=True)
    ]
    recommended.sort(key=_rank)
    rejected.sort(key=lambda rejection: (rejection.offer.name, rejection.offer.id))
    return Matches(recommended, rejected)


class _Weighed:
    """What is found for one case, rule by rule. Many offers are alike in what a rule reads, and are looked at once
    for it; sentences are built for those that somebody reads."""

    def __init__(self, case: Case, weights: Mapping[str, Weight]) -> None:
        self.case = case
        self.weights = weights

    def sieve(self, offers: list[Offer]) -> tuple[list[Offer], list[Rejection]]:
        """Those that may be chosen, and those that cannot be."""
        refused = _for_each_once(lambda offer: refusals(offer, self.case.person), REFUSED_BY, offers)
        fitting: list[Offer] = []
        rejected: list[Rejection] = []
        for offer, found in zip(offers, refused, strict=True):
            if found:
                rejected.append(Rejection(offer, tuple(refusal.words for refusal in found)))
            else:
                fitting.append(offer)
        return fitting, rejected

    def scores(self, offers: list[Offer]) -> list[float]:
        """Rounded, so that equal offers compare as equal whatever the order of adding."""
        asked = (criterion for criterion in CRITERIA if criterion.asked(self.case.person))
        columns = [self._points(criterion, offers) for criterion in asked]
        return [round(total, 6) for total in map(sum, zip(*columns, strict=True))]

    def _points(self, criterion: Criterion, offers: list[Offer]) -> list[float]:
        return _for_each_once(
            lambda offer: worth(criterion.find(offer, self.case), self.weights), criterion.reads, offers
        )

    def findings(self, offer: Offer) -> list[Finding]:
        return findings(offer, self.case)


def _for_each_once(
    answer: Callable[[Offer], Any], reads: Callable[[Offer], Any], offers: list[Offer]
) -> list[Any]:
    """`answer(offer)` for each, asked once of all that are alike in what it `reads`."""
    facts = list(map(reads, offers))
    known = {these: answer(offer) for these, offer in dict(zip(facts, offers, strict=True)).items()}
    return [known[these] for these in facts]


def _rank(recommendation: Recommendation) -> tuple[float, int, str, str]:
    offer = recommendation.offer
    confirmed = offer.verified_on.toordinal() if offer.verified_on else 0
    return (-recommendation.score, -confirmed, offer.name, offer.id)


def nothing_fits_reason(
    kind: str, offers: Iterable[Offer], circumstances: Circumstances, *, on: date
) -> NothingFits | None:
    """What is missing, for the record of an unmet need; None where an offer fits in all that was asked.

    The offers of the kind go through one sieve after another: near enough, eligible, with room, in the format
    asked for. The first sieve that leaves nothing is the reason. Call it where the list is empty, or where a
    clinician and the person looked at the list and found that nothing on it fits.
    """
    case = Case(kind, circumstances, on)
    left = [offer for offer in offers if kind in offer.kinds]
    if not left:
        return NothingFits.NO_OFFER_OF_KIND
    for sieve in SIEVES:
        left = _passing(sieve, left, case)
        if not left:
            return sieve.reason
    return None


def _passing(sieve: "Sieve", offers: list[Offer], case: Case) -> list[Offer]:
    return list(compress(offers, _for_each_once(lambda offer: sieve.passes(offer, case), sieve.reads, offers)))


def _is_near(offer: Offer, case: Case) -> bool:
    """Serves where the person lives, and is not farther than they can be asked to travel."""
    if _is_refused_as(NothingFits.NONE_NEAR, offer, case):
        return False
    if offer.at_home or offer.remote:
        return True
    km = km_to(offer, case.person.outward)
    return km is None or km <= FAR_KM


def _is_open_to(offer: Offer, case: Case) -> bool:
    return not _is_refused_as(NothingFits.NONE_ELIGIBLE, offer, case)


def _has_room(offer: Offer, case: Case) -> bool:
    return not _is_refused_as(NothingFits.NONE_WITH_ROOM, offer, case)


def _is_in_format(offer: Offer, case: Case) -> bool:
    said = [*asked_format(offer, case)]
    if "peer" in case.person.prefers:
        said += peer_led(offer, case)
    return all(finding.verdict is not MISFIT for finding in said)


def _is_refused_as(stage: NothingFits, offer: Offer, case: Case) -> bool:
    return any(refusal.stage is stage for refusal in refusals(offer, case.person))


class Sieve(NamedTuple):
    """`reads`: all that `passes` looks at in an offer."""

    reason: NothingFits
    passes: Callable[[Offer, Case], bool]
    reads: Callable[[Offer], Any]


SIEVES = (
    Sieve(NothingFits.NONE_NEAR, _is_near, attrgetter("serves", "eligibility", *TRAVEL)),
    Sieve(NothingFits.NONE_ELIGIBLE, _is_open_to, attrgetter("serves", "eligibility")),
    Sieve(NothingFits.NONE_WITH_ROOM, _has_room, REFUSED_BY),
    Sieve(NothingFits.NONE_IN_FORMAT, _is_in_format, attrgetter("formats", "at_home")),
)
