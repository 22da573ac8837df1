"""Which offers suit a person for one kind of support, ranked, with reasons; and why the others do not.

Pure and deterministic. Hard rules (eligibility.py) take an offer away; soft ones (weighing.py) only rank it,
so what a person would like changes the pick and never hides a need. What is not known of the person is said
as "Check: …", what is not known of the offer as "…, ask"; neither takes an offer away.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from directory.eligibility import refusals
from directory.places import distance_km
from directory.terms import Capacity, Circumstances, Eligibility, NothingFits, Offer
from directory.weighing import Case, asked_format, findings, peer_led, worth
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


@dataclass(frozen=True, slots=True)
class Recommendation:
    """An offer that may be chosen. `misfits` are known not to suit; `to_ask` are not known either way."""

    offer: Offer
    score: float
    reasons_for: tuple[str, ...]
    misfits: tuple[str, ...]
    to_ask: tuple[str, ...]
    distance_km: float | None

    @property
    def reasons_against(self) -> tuple[str, ...]:
        """All that does not speak for the offer: a page that shows one list must leave nothing out."""
        return self.misfits + self.to_ask


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
    matches = Matches([], [])
    case = Case(kind, circumstances, on)
    for offer in offers:
        if kind not in offer.kinds:
            continue
        if refused := refusals(offer, circumstances):
            matches.rejected.append(Rejection(offer, tuple(refusal.words for refusal in refused)))
        else:
            matches.recommended.append(_weigh(offer, case, weights))
    matches.recommended.sort(key=_rank)
    matches.rejected.sort(key=lambda rejection: (rejection.offer.name, rejection.offer.id))
    return matches


def _weigh(offer: Offer, case: Case, weights: Mapping[str, Weight]) -> Recommendation:
    found = findings(offer, case)
    said: dict[Verdict, list[str]] = {FITS: [], MISFIT: [], ASK: []}
    for finding in found:
        said[finding.verdict].append(finding.words)
    km = distance_km(case.person.outward, offer.postcode)
    return Recommendation(
        offer=offer,
        score=worth(found, weights),
        reasons_for=tuple(said[FITS]),
        misfits=tuple(said[MISFIT]),
        to_ask=tuple(said[ASK]),
        distance_km=None if km is None else round(km, 1),
    )


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
    for reason, passes in SIEVES:
        left = [offer for offer in left if passes(offer, case)]
        if not left:
            return reason
    return None


def _is_near(offer: Offer, case: Case) -> bool:
    """Serves where the person lives, and is not farther than they can be asked to travel."""
    if _is_refused_as(NothingFits.NONE_NEAR, offer, case):
        return False
    if offer.at_home or offer.remote:
        return True
    km = distance_km(case.person.outward, offer.postcode)
    return km is None or km <= FAR_KM


def _is_open_to(offer: Offer, case: Case) -> bool:
    return not _is_refused_as(NothingFits.NONE_ELIGIBLE, offer, case)


def _has_room(offer: Offer, case: Case) -> bool:
    return not _is_refused_as(NothingFits.NONE_WITH_ROOM, offer, case)


def _is_in_format(offer: Offer, case: Case) -> bool:
    said = (*asked_format(offer, case), *peer_led(offer, case))
    return all(finding.verdict is not MISFIT for finding in said)


def _is_refused_as(stage: NothingFits, offer: Offer, case: Case) -> bool:
    return any(refusal.stage is stage for refusal in refusals(offer, case.person))


SIEVES: tuple[tuple[NothingFits, Callable[[Offer, Case], bool]], ...] = (
    (NothingFits.NONE_NEAR, _is_near),
    (NothingFits.NONE_ELIGIBLE, _is_open_to),
    (NothingFits.NONE_WITH_ROOM, _has_room),
    (NothingFits.NONE_IN_FORMAT, _is_in_format),
)
