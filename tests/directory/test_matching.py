"""Which offer suits whom, and why: one sentence a case."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from directory.matching import WEIGHTS, Circumstances, Eligibility, recommend
from directory.places import Point
from directory.terms import FORMATS
from tests.directory.examples import ANYBODY, TODAY, demo_offers, make_offer, names, only


@pytest.mark.parametrize(
    ("changes", "person", "reason"),
    [
        ({}, {"prefers": frozenset({"one"})}, "One to one, as asked"),
        ({"at_home": True}, {"prefers": frozenset({"home"})}, "At home, as asked"),
        ({"formats": frozenset({"slow"})}, {"slow": True}, "In small steps, at the person's pace"),
        (
            {"formats": frozenset({"dropin", "course"})},
            {"slow": True},
            "Drop-in, so there is no course to keep up with",
        ),
        (
            {"formats": frozenset({"peer"})},
            {"prefers": frozenset({"peer"})},
            "Led by someone who has been unwell too, as asked",
        ),
        ({}, {}, "One to one, the usual way for this"),
        ({}, {}, "In SE5"),
        ({}, {"outward": "se15 0za"}, "About 2 km from SE15"),
        ({"at_home": True}, {}, "Comes to the person's home"),
        ({"remote": True, "postcode": None}, {}, "From a distance, so no travel is needed"),
        ({"remote": True}, {"outward": "CR0"}, "From a distance, so no travel is needed"),
        ({"wait_days": 9}, {}, "Starts in about 9 days"),
        ({"wait_days": 1}, {}, "Starts in about 1 day"),
        ({"wait_days": 0}, {}, "Can start straight away"),
        ({}, {}, "Has room now"),
        ({}, {}, "Free"),
        ({"step_free": True}, {"step_free": True}, "Step-free"),
        ({"sight_support": True}, {"hard": frozenset({"access"})}, "Sight support"),
        ({"languages": frozenset({"Somali"})}, {"language": "somali"}, "In Somali"),
        (
            {"warm_handover": True},
            {"hard": frozenset({"alone"})},
            "Someone can go along the first time",
        ),
        (
            {"warm_handover": True},
            {"warm_handover_wanted": True},
            "Someone can go along the first time",
        ),
        ({"at_home": True}, {"hard": frozenset({"cost"})}, "No fare to pay"),
        (
            {"kinds": frozenset({"first_steps", "travel_help"})},
            {"hard": frozenset({"cost"})},
            "Fares can be paid back",
        ),
        (
            {"formats": frozenset({"phone"})},
            {"hard": frozenset({"care"})},
            "At home or by phone, so easier with caring",
        ),
        ({}, {"hard": frozenset({"people"})}, "Can be without a crowd"),
        ({"eligibility": Eligibility(min_age=18)}, {}, "For people aged 18 and over"),
        ({"eligibility": Eligibility(diagnosis=False)}, {}, "No diagnosis is asked for"),
        (
            {"warm_handover": True, "goes_along": "a volunteer"},
            {"hard": frozenset({"alone"})},
            "Someone can go along the first time: a volunteer",
        ),
        ({"point": Point(51.47, -0.09), "postcode": "SE15 0ZA"}, {}, "About 1 km from SE5"),
        ({"usual_wait_days": 3}, {}, "Starts in about 7 days"),
        ({"wait_days": None, "usual_wait_days": 9}, {}, "Referrals from here start after about 9 days"),
    ],
)
def test_what_suits_is_said(changes, person, reason):
    assert reason in only(make_offer(**changes), replace(ANYBODY, **person)).reasons_for


@pytest.mark.parametrize(
    ("changes", "person", "reason"),
    [
        ({}, {"prefers": frozenset({"home"})}, "At home: asked for, not offered here"),
        (
            {},
            {"prefers": frozenset({"group", "dropin"})},
            "Small group or drop-in: asked for, not offered here",
        ),
        ({}, {"prefers": frozenset({"peer"})}, "Not led by someone who has been unwell"),
        ({"formats": frozenset({"course"})}, {"slow": True}, "A course: drop-in suits better just now"),
        ({}, {"outward": "CR0"}, "About 11 km from CR0"),
        ({}, {"outward": "CR0", "hard": frozenset({"cost"})}, "A long way to pay a fare for"),
        ({"wait_days": 40}, {}, "Starts in about 40 days"),
        ({"usual_wait_days": 31}, {}, "Starts in about 7 days, it says; referrals from here waited about 31"),
        ({"capacity": "waiting_list"}, {}, "Has a waiting list"),
        ({"step_free": False}, {"step_free": True}, "Not step-free"),
        ({"hearing_support": False}, {"hearing": True}, "No hearing support"),
        ({"languages": frozenset({"English"})}, {"language": "Somali"}, "Not in Somali: an interpreter is needed"),
        ({"warm_handover": False}, {"hard": frozenset({"alone"})}, "Nobody there to go along: plan who will"),
        (
            {"formats": frozenset({"group"})},
            {"hard": frozenset({"people"})},
            "Other people will be there, which is hard",
        ),
        ({"cost": "£2 a class"}, {}, "Costs: £2 a class"),
    ],
)
def test_what_does_not_suit_is_said_and_does_not_hide_the_offer(changes, person, reason):
    assert reason in only(make_offer(**changes), replace(ANYBODY, **person)).misfits


def test_one_tick_of_several_that_are_alternatives_is_enough():
    found = only(make_offer(), replace(ANYBODY, prefers=frozenset({"one", "group", "place", "home"})))
    assert "One to one, as asked" in found.reasons_for
    assert "At a library or local place, as asked" in found.reasons_for
    assert found.misfits == ()


def test_no_stated_preference_is_not_a_preference():
    for code in FORMATS:
        found = only(make_offer(formats=frozenset({code})), kind="first_steps")
        assert not [reason for reason in (*found.reasons_for, *found.reasons_against) if "asked" in reason]


def test_one_to_one_is_the_usual_start_unless_a_group_was_asked_for():
    alone, group = make_offer(name="Alone"), make_offer(name="Group", formats=frozenset({"group"}))
    assert names([group, alone]) == ["Alone", "Group"]
    assert names([group, alone], replace(ANYBODY, prefers=frozenset({"group"}))) == ["Group", "Alone"]


def test_english_needs_no_mention():
    found = only(make_offer(), replace(ANYBODY, language="English"))
    assert not [reason for reason in (*found.reasons_for, *found.reasons_against) if "English" in reason]


def test_nothing_is_asked_about_access_where_the_person_needs_none():
    found = only(make_offer(), replace(ANYBODY, step_free=False, hard=frozenset({"nothing"})))
    assert not [reason for reason in found.reasons_against if "Step-free" in reason]


@pytest.mark.parametrize("way", [{"at_home": True}, {"remote": True, "postcode": None}])
def test_no_steps_matter_where_nobody_has_to_travel(way):
    found = only(make_offer(step_free=False, **way), replace(ANYBODY, step_free=True))
    assert "Not step-free" not in found.misfits


def test_a_wait_weighs_more_where_the_person_said_that_waiting_is_hard():
    near_later = make_offer(name="Near, later", wait_days=30)
    far_sooner = make_offer(name="Farther, sooner", postcode="SE15 0ZA", wait_days=3)
    assert names([near_later, far_sooner], replace(ANYBODY, hard=frozenset({"wait"})))[0] == "Farther, sooner"
    asked = only(near_later, replace(ANYBODY, hard=frozenset({"wait"}))).score
    assert asked < only(near_later).score


def test_a_near_place_comes_before_a_home_visit_unless_home_was_asked_for():
    place, visit = make_offer(name="Place"), make_offer(name="Visit", at_home=True, postcode=None)
    assert names([visit, place]) == ["Place", "Visit"]
    assert names([visit, place], replace(ANYBODY, prefers=frozenset({"home"}))) == ["Visit", "Place"]


def test_help_that_can_also_come_to_the_person_is_never_worse_than_the_place_alone():
    for way in ({"at_home": True}, {"remote": True}):
        both, place_alone = make_offer(name="Both", **way), make_offer(name="Place")
        assert only(both).score >= only(place_alone).score
    assert "In SE5" in only(make_offer(remote=True)).reasons_for


def test_three_guesses_at_what_is_hard_about_access_weigh_no_more_than_one_known_need():
    offer = make_offer(step_free=True, hearing_support=True, sight_support=True)
    guessed = only(offer, replace(ANYBODY, hard=frozenset({"access"}))).score
    known = only(offer, replace(ANYBODY, step_free=True)).score
    assert guessed == known > only(offer).score


def test_offers_worth_the_same_for_other_reasons_tie_exactly():
    facts = ("step_free", "hearing_support", "sight_support")
    person = replace(ANYBODY, hard=frozenset({"access"}))
    scores = {
        only(make_offer(**dict(zip(facts, values, strict=True))), person).score
        for values in permutations((True, None, False))
    }
    assert len(scores) == 1


def test_distance_is_given_in_kilometres_to_one_place():
    assert only(make_offer(postcode="SE15 0ZA")).distance_km == 2.0
    assert only(make_offer(postcode=None, remote=True)).distance_km is None


def test_a_listing_long_unconfirmed_ranks_lower_and_says_so():
    old = make_offer(name="A old", verified_on=TODAY - timedelta(days=91))
    new = make_offer(name="B new", verified_on=TODAY - timedelta(days=90))
    assert names([old, new]) == ["B new", "A old"]
    assert only(old).to_ask == ("Last confirmed 91 days ago, ask",)
    assert only(new).to_ask == ()


def test_ties_go_to_the_most_lately_confirmed_then_by_name():
    offers = [
        make_offer(name="Bee", verified_on=TODAY - timedelta(days=3)),
        make_offer(name="Cee", verified_on=TODAY),
        make_offer(name="Ant", verified_on=TODAY - timedelta(days=3)),
    ]
    assert names(offers) == ["Cee", "Ant", "Bee"]


def test_another_table_of_weights_changes_the_order_and_nothing_else():
    near, sooner = make_offer(name="Near", wait_days=14), make_offer(name="Sooner", postcode="SE17", wait_days=0)
    impatient = {**WEIGHTS, "wait": WEIGHTS["wait"]._replace(fits=50.0)}
    assert names([near, sooner]) == ["Near", "Sooner"]
    tried = recommend("first_steps", [near, sooner], ANYBODY, on=TODAY, weights=impatient).recommended
    assert [one.offer.name for one in tried] == ["Sooner", "Near"]


def test_the_demo_person_gets_believable_first_steps():
    person = Circumstances(
        outward="SE5",
        age=58,
        prefers=frozenset({"one", "place"}),
        hard=frozenset({"alone"}),
        language="Somali",
    )
    first, *_ = recommend("first_steps", demo_offers(), person, on=TODAY).recommended
    assert first.offer.name == "First steps, one to one"
    assert first.misfits == ()
    assert set(first.reasons_for) >= {
        "One to one, as asked",
        "About 2 km from SE5",
        "Starts in about 11 days",
        "In Somali",
        "Someone can go along the first time",
    }
