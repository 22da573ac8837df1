"""What takes an offer away, what only raises a question, and why nothing may be left."""

from dataclasses import replace

import pytest

from directory.matching import Circumstances, Eligibility, NothingFits, Offer, nothing_fits_reason, recommend
from directory.terms import FORMATS, HARD
from tests.directory.examples import ANYBODY, TODAY, make_offer, names, only, refused

# Hard rules


def test_offer_of_another_kind_is_neither_recommended_nor_rejected():
    matches = recommend("housing", [make_offer()], ANYBODY, on=TODAY)
    assert matches == ([], [])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"capacity": "full"}, "Full: no room now"),
        ({"accepts_referrals": False}, "Does not take referrals now"),
        ({"serves": frozenset({"CR"})}, "Only for people in CR"),
        ({"serves": frozenset({"SE15", "SE6"})}, "Only for people in SE6 and SE15"),
        ({"eligibility": Eligibility(areas=frozenset({"Croydon"}))}, "Only for people in Croydon"),
        ({"eligibility": Eligibility(min_age=65)}, "Only for people aged 65 and over"),
        ({"eligibility": Eligibility(max_age=25)}, "Only for people aged 25 and under"),
    ],
)
def test_offer_that_fails_a_hard_rule_is_rejected_with_the_reason(changes, reason):
    assert refused(make_offer(**changes)) == (reason,)


def test_income_and_benefits_refuse_only_a_known_no():
    offer = make_offer(eligibility=Eligibility(low_income=True, benefits=True))
    person = replace(ANYBODY, low_income=False, on_benefits=False)
    assert refused(offer, person) == (
        "Only for people on a low income",
        "Only for people who get certain benefits",
    )
    assert only(offer, replace(ANYBODY, low_income=True, on_benefits=True)).to_ask == ()


@pytest.mark.parametrize(("age", "allowed"), [(17, False), (18, True), (25, True), (26, False)])
def test_ages_are_inclusive(age, allowed):
    offer = make_offer(eligibility=Eligibility(min_age=18, max_age=25))
    assert bool(names([offer], replace(ANYBODY, age=age))) is allowed


def test_all_the_reasons_are_given_at_once():
    offer = make_offer(capacity="full", eligibility=Eligibility(min_age=65))
    assert refused(offer) == ("Only for people aged 65 and over", "Full: no room now")


def test_a_long_list_of_areas_is_cut_short():
    offer = make_offer(serves=frozenset({"SE1", "SE2", "SE3", "SE4", "SE6", "SE7"}))
    assert refused(offer) == ("Only for people in SE1, SE2, SE3 and 3 more areas",)


# What is not known


@pytest.mark.parametrize(
    ("eligibility", "question"),
    [
        (Eligibility(min_age=18), "Check: for people aged 18 and over"),
        (Eligibility(max_age=25), "Check: for people aged 25 and under"),
        (Eligibility(low_income=True), "Check: for people on a low income"),
        (Eligibility(benefits=True), "Check: for people who get certain benefits"),
        (Eligibility(areas=frozenset({"Lambeth"})), "Check: for people in Lambeth"),
    ],
)
def test_what_is_not_known_of_the_person_is_checked_and_does_not_exclude(eligibility, question):
    found = only(make_offer(eligibility=eligibility), Circumstances())
    assert question in found.to_ask
    assert question in found.reasons_against
    assert question not in found.reasons_for


def test_a_district_only_partly_in_the_borough_served_is_checked():
    assert "Check: for people in Southwark" in only(make_offer(serves=frozenset({"Southwark"}))).to_ask


def test_what_is_not_known_of_the_offer_is_asked_and_never_said_to_fit():
    bare = Offer(id="b", name="Bare", provider="P", kinds=frozenset({"first_steps"}))
    everything = Circumstances(
        outward="SE5",
        age=40,
        prefers=frozenset(FORMATS),
        hard=HARD - {"nothing"},
        language="Somali",
        step_free=True,
        hearing=True,
        sight=True,
        slow=True,
    )
    found = only(bare, everything)
    assert found.reasons_for == ()
    assert found.misfits == ()
    assert set(found.to_ask) >= {
        "Someone to go along: not recorded, ask",
        "Step-free: not recorded, ask",
        "Hearing support: not recorded, ask",
        "Sight support: not recorded, ask",
        "Somali: not recorded, ask",
        "Wait: not recorded, ask",
        "Room: not known, ask",
        "Cost: not recorded, ask",
        "How far it is: not known, ask",
        "On paper: not recorded, ask",
        "Times: not recorded, ask",
        "Never confirmed by the provider, ask",
    }


# Why nothing fits


@pytest.mark.parametrize(
    ("offers", "person", "reason"),
    [
        ([], {}, NothingFits.NO_OFFER_OF_KIND),
        ([{"kinds": frozenset({"housing"})}], {}, NothingFits.NO_OFFER_OF_KIND),
        ([{"serves": frozenset({"CR"})}], {}, NothingFits.NONE_NEAR),
        ([{"postcode": "CR0 0ZA"}], {}, NothingFits.NONE_NEAR),
        ([{"postcode": "CR0 0ZA", "remote": True}], {}, None),
        ([{"eligibility": Eligibility(min_age=65)}], {}, NothingFits.NONE_ELIGIBLE),
        ([{"serves": frozenset({"CR"}), "eligibility": Eligibility(min_age=65)}], {}, NothingFits.NONE_NEAR),
        ([{"capacity": "full", "eligibility": Eligibility(min_age=65)}], {}, NothingFits.NONE_ELIGIBLE),
        ([{"capacity": "full"}], {}, NothingFits.NONE_WITH_ROOM),
        ([{"accepts_referrals": False}], {}, NothingFits.NONE_WITH_ROOM),
        ([{}], {"prefers": frozenset({"home"})}, NothingFits.NONE_IN_FORMAT),
        ([{}], {"prefers": frozenset({"peer"})}, NothingFits.NONE_IN_FORMAT),
        ([{}], {"prefers": frozenset({"paper", "slow"})}, None),
        ([{"formats": frozenset()}], {"prefers": frozenset({"home", "peer"})}, None),
        # A full one here and an open one far away: what is missing here is room.
        ([{"capacity": "full"}, {"serves": frozenset({"CR"})}], {}, NothingFits.NONE_WITH_ROOM),
        ([{"capacity": "full"}, {}], {}, None),
        ([{"capacity": "full", "serves": frozenset({"CR"})}], {}, NothingFits.NONE_NEAR),
    ],
)
def test_the_reason_why_nothing_fits(offers, person, reason):
    listed = [make_offer(**changes) for changes in offers]
    assert nothing_fits_reason("first_steps", listed, replace(ANYBODY, **person), on=TODAY) == reason
