"""Puts rows into matching's terms: an offer as it stands, and a person as far as they have told us."""

from datetime import date
from typing import NamedTuple

from django.utils import timezone
from screening.actions import answers_of

from directory.matching import Matches, NothingFits, nothing_fits_reason, recommend
from directory.models import SupportOffer
from directory.places import outward_code
from directory.terms import HARD, Circumstances, Eligibility, Offer
from people.models import ServiceUser
from screening import questionnaire
from screening.models import Need
from screening.questionnaire import Rule


def as_terms(offer: SupportOffer) -> Offer:
    """`offer` must come with its provider and location (select_related)."""
    place = offer.location
    return Offer(
        id=str(offer.pk),
        name=offer.name,
        provider=offer.provider.name,
        kinds=frozenset(offer.kinds),
        formats=frozenset(offer.formats),
        postcode=place.postcode if place else None,
        serves=frozenset(offer.serves),
        remote=offer.remote,
        at_home=offer.at_home,
        step_free=place.step_free if place else None,
        hearing_support=place.hearing_support if place else None,
        sight_support=place.sight_support if place else None,
        languages=frozenset(offer.languages),
        cost=offer.cost,
        eligibility=Eligibility(
            min_age=offer.min_age,
            max_age=offer.max_age,
            low_income=offer.low_income_only,
            benefits=offer.benefits_only,
        ),
        capacity=offer.capacity,
        wait_days=offer.wait_days,
        warm_handover=offer.warm_handover,
        schedule=offer.schedule,
        verified_on=offer.verified_on,
        accepts_referrals=offer.accepts_referrals,
    )


def age_on(birth: date | None, day: date) -> int | None:
    if birth is None:
        return None
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _ticked(answers: dict, item: str) -> frozenset[str]:
    value = answers.get(item)
    return frozenset(value) if isinstance(value, list) else frozenset()


def circumstances_of(person: ServiceUser, answers: dict, *, on: date) -> Circumstances:
    """`answers` in the instrument's form. What was not answered stays not known: it never rules an offer out."""
    return Circumstances(
        outward=outward_code(person.postcode),
        age=age_on(person.date_of_birth, on),
        prefers=_ticked(answers, "FA3"),
        hard=_ticked(answers, "FA4") & HARD,
        language=person.interpreter_language or None,
        step_free=True if "access" in _ticked(answers, "FA4") else None,
        slow=answers.get("MH4") == "most",
        warm_handover_wanted=bool(_ticked(answers, "FA4") & {"alone", "people"}),
    )


class Fit(NamedTuple):
    """What was found for one need: the rule whose support it asks for, and the offers for it."""

    rule: Rule
    matches: Matches
    nothing: NothingFits | None


def fit(need: Need, *, on: date | None = None) -> Fit:
    """Every local offer for the support that the need's rule names, ranked, and what is missing if none fits."""
    on = on or timezone.localdate()
    screening = need.screening
    definition = questionnaire.get(screening.definition, screening.definition_version)
    rule = definition.rule_for_need(need.code)
    person = circumstances_of(need.service_user, answers_of(screening.responses), on=on)
    rows = SupportOffer.objects.published().select_related("provider", "location")
    offers = [as_terms(row) for row in rows]
    return Fit(
        rule=rule,
        matches=recommend(rule.support, offers, person, on=on),
        nothing=nothing_fits_reason(rule.support, offers, person, on=on),
    )
