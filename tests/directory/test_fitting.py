"""Rows into matching's terms: what the answers say of a person, and which offers a need is shown."""

from datetime import date, timedelta

import pytest

from accounts import clock
from accounts.errors import NotPossibleNow
from directory.fitting import age_on, as_terms, circumstances_of, fit
from directory.models import SupportOffer
from directory.terms import Circumstances, NothingFits
from screening import questionnaire
from tests import factories

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (None, TODAY, None),
        (date(2008, 11, 24), TODAY, 18),
        (date(2008, 11, 25), TODAY, 17),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_age_turns_on_the_birthday(born, day, age):
    assert age_on(born, day) == age


def circumstances(values, **person):
    return circumstances_of(
        factories.ServiceUserFactory.build(created_by=None, team=None, organisation=None, **person),
        values,
        on=TODAY,
    )


def test_nobody_asked_is_not_known_and_never_rules_an_offer_out():
    nothing_known = circumstances({}, postcode="", date_of_birth=None)
    assert nothing_known == Circumstances()


def test_what_was_answered_is_what_matching_hears():
    heard = circumstances(
        {"how_to_learn": ["one", "home"], "what_makes_it_hard": ["alone", "access", "wait"], "energy": "most"},
        postcode="SE5 8AZ",
        date_of_birth=date(1971, 5, 4),
        interpreter_language="Somali",
    )
    assert heard == Circumstances(
        outward="SE5",
        age=55,
        prefers=frozenset({"one", "home"}),
        hard=frozenset({"alone", "access", "wait"}),
        language="Somali",
        step_free=True,
        slow=True,
        warm_handover_wanted=True,
    )


def test_no_preference_is_not_a_preference():
    assert circumstances({"how_to_learn": ["none"]}).prefers == frozenset()


@pytest.mark.django_db
def test_an_offer_is_told_whole_and_what_nobody_recorded_stays_unknown():
    row = factories.SupportOfferFactory(
        location=None,
        at_home=True,
        formats=[],
        languages=[],
        cost="",
        min_age=18,
        capacity="not_known",
        wait_days=None,
    )
    terms = as_terms(SupportOffer.objects.select_related("provider", "location").get(pk=row.pk))
    assert (terms.postcode, terms.step_free, terms.cost, terms.wait_days) == (None, None, "", None)
    assert terms.eligibility.min_age == 18
    assert terms.at_home


@pytest.fixture
def need(person):
    return factories.NeedFactory(screening__service_user=person, code="SKILLS_FIRST", agreed=True)


@pytest.mark.django_db
def test_a_need_is_shown_the_offers_of_its_rules_support_and_no_others(need):
    fits = factories.SupportOfferFactory(kinds=["first_steps", "device"])
    factories.SupportOfferFactory(kinds=["device"])
    found = fit(need)
    assert found.rule.id == "R12"
    assert [one.offer.id for one in found.matches.recommended] == [str(fits.pk)]
    assert found.nothing is None


@pytest.mark.django_db
def test_an_offer_that_ended_is_not_shown(need, offer):
    factories.SupportOfferFactory(kinds=["first_steps"], ended=True)
    found = fit(need)
    assert found.matches.recommended == []
    assert found.nothing == NothingFits.NO_OFFER_OF_KIND


@pytest.mark.django_db
def test_a_listing_that_nobody_has_confirmed_for_half_a_year_is_matched_to_nobody(need):
    old = factories.SupportOfferFactory(kinds=["first_steps"], verified_on=clock.today() - timedelta(days=181))
    assert fit(need).nothing == NothingFits.NO_OFFER_OF_KIND
    type(old).objects.update(verified_on=clock.today() - timedelta(days=180))
    assert [one.offer.id for one in fit(need).matches.recommended] == [str(old.pk)]


@pytest.mark.django_db
def test_an_offer_for_other_ages_is_rejected_with_the_reason(need):
    factories.SupportOfferFactory(kinds=["first_steps"], min_age=65)
    found = fit(need, on=TODAY)
    (rejection,) = found.matches.rejected
    assert "65" in " ".join(rejection.reasons)
    assert found.nothing == NothingFits.NONE_ELIGIBLE


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["SAFEGUARD", "SAFE_CONTACT", "CLIN_NOW", "SURV", "REACH", "NOT_NOW"])
def test_what_the_team_does_itself_has_no_offers_to_choose(person, code):
    need = factories.NeedFactory(screening__service_user=person, code=code, agreed=True)
    with pytest.raises(NotPossibleNow, match="your own team"):
        fit(need)


@pytest.mark.django_db
def test_every_need_that_is_not_the_teams_own_finds_its_rule(person):
    definition = questionnaire.latest("getting-online")
    own = {code for rule in definition.rules if rule.type == "action" for code in rule.needs}
    screening = factories.ScreeningFactory(service_user=person, submitted=True)
    for need in definition.needs:
        if need.code not in own:
            row = factories.NeedFactory(screening=screening, service_user=person, code=need.code)
            assert need.code in fit(row).rule.needs


@pytest.mark.django_db
def test_support_that_the_screening_held_back_says_why(person):
    answers = {"AC2": ["landline"], "FA2": "not_now", "FA2a": "happy", "MH3": "no", "CT2": "fine"}
    screening = factories.ScreeningFactory(service_user=person, answers=answers, submitted=True)
    assert fit(screening.needs.get(code="DEVICE")).hold == "not_now"


@pytest.mark.django_db
def test_support_that_was_not_held_back_has_nothing_to_say(need):
    assert fit(need).hold is None
