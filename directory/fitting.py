"""Puts rows into matching's terms: an offer as it stands, and a person as far as they have told us."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from accounts import clock
from accounts.errors import NotPossibleNow
from accounts.wording import gettext_lazy as _
from directory.matching import Matches, NothingFits, nothing_fits_reason, recommend
from directory.models import SupportOffer
from directory.places import outward_code
from directory.terms import FORMATS, HARD, Circumstances, Eligibility, Offer
from people.models import ServiceUser
from screening.last_said import last_said
from screening.models import Need, Screening
from screening.questionnaire import Questionnaire, Rule
from screening.sitting import definition_of
from screening.terms import ENERGY, HOW_TO_LEARN, WHAT_MAKES_IT_HARD, RuleType, When

ASKED = (HOW_TO_LEARN, WHAT_MAKES_IT_HARD, ENERGY)
Values = Mapping[str, Any]


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
        point=place.point if place else None,
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
            diagnosis=offer.needs_diagnosis,
        ),
        capacity=offer.capacity,
        wait_days=offer.wait_days,
        usual_wait_days=offer.usual_wait_days,
        warm_handover=offer.warm_handover,
        goes_along=offer.goes_along,
        schedule=offer.schedule,
        verified_on=offer.verified_on,
        accepts_referrals=offer.accepts_referrals,
    )


def age_on(birth: date | None, day: date) -> int | None:
    if birth is None:
        return None
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def circumstances_of(person: ServiceUser, values: Values, *, on: date) -> Circumstances:
    """`values` maps the name of an item to what counts. What was not answered stays not known: it never rules an
    offer out."""
    hard = _ticked(values, WHAT_MAKES_IT_HARD)
    return Circumstances(
        outward=outward_code(person.postcode),
        age=age_on(person.date_of_birth, on),
        prefers=_ticked(values, HOW_TO_LEARN) & FORMATS.keys(),
        hard=hard & HARD,
        language=person.interpreter_language or None,
        step_free=True if "access" in hard else None,
        slow=values.get(ENERGY) == "most",
        warm_handover_wanted=bool(hard & {"alone", "people"}),
    )


def _ticked(values: Values, item: str) -> frozenset[str]:
    return frozenset(values.get(item) or ())


class Fit(NamedTuple):
    """What was found for one need: the rule whose support it asks for, and the offers for it.

    `need` is its title, `rows` are the offers by id, and `hold` is the code of the reason why the screening held
    this support back.
    """

    need: str
    rule: Rule
    rows: dict[str, SupportOffer]
    matches: Matches
    nothing: NothingFits | None
    hold: str | None

    @property
    def travels_along(self) -> bool:
        """An adjustment goes with every referral: it needs no offer of its own, though there may be one."""
        return self.rule.type == RuleType.ADJUSTMENT


def fit(need: Need, *, on: date | None = None) -> Fit:
    """Every local offer for the support that the need's rule names, ranked, and what is missing if none fits.

    NotPossibleNow where the rule asks for something that the clinical team does itself.
    """
    on = on or clock.today()
    definition = definition_of(need.screening)
    rule = _rule_for(definition, need)
    person = circumstances_of(need.service_user, last_said(need.service_user, ASKED, by=need.screening), on=on)
    current = SupportOffer.objects.current(on).of_kind(rule.support)
    rows = {str(row.pk): row for row in current.select_related("provider__profile", "location")}
    offers = [as_terms(row) for row in rows.values()]
    return Fit(
        need=definition.need_title(need.code),
        rule=rule,
        rows=rows,
        matches=recommend(rule.support, offers, person, on=on),
        nothing=nothing_fits_reason(rule.support, offers, person, on=on),
        hold=_hold(need.screening, rule),
    )


def _rule_for(definition: Questionnaire, need: Need) -> Rule:
    """The first rule, in the order of suggesting, that serves the need; every need has one, or loading fails."""
    rule = next(rule for rule in definition.rules if need.code in rule.needs)
    if rule.type == RuleType.ACTION:
        raise NotPossibleNow(_("This is for your own team to do, so there is no offer to choose for it."))
    return rule


def _hold(screening: Screening, rule: Rule) -> str | None:
    suggestions = (screening.result or {}).get("suggestions", [])
    held = (one for one in suggestions if one["rule"] == rule.id and one["when"] == When.HELD)
    return next((one["hold"] for one in held), None)
