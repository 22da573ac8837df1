"""What a person last said, whichever screening asked it."""

import pytest

from screening import actions, questionnaire
from screening.last_said import goal_of, last_said
from tests.factories import ScreeningFactory

NAMES = ["how_to_learn", "what_makes_it_hard", "energy"]


@pytest.fixture
def said(person, ash):
    def submit(answers, **more):
        return ScreeningFactory(service_user=person, started_by=ash, answers=answers, submitted=True, **more)

    return submit


def test_an_earlier_answer_stands_where_a_later_screening_did_not_ask(person, said):
    said({"FA3": ["one"], "FA4": ["access"], "MH4": "most"})
    said({"FA3": ["group"], "FA4": {"state": "not_asked", "reason": "ran_out_of_time"}})
    assert last_said(person, NAMES) == {
        "how_to_learn": ["group"],
        "what_makes_it_hard": ["access"],
        "energy": "most",
    }


@pytest.mark.parametrize("state", ["prefer_not", "dont_know"])
def test_what_the_person_would_not_repeat_is_not_taken_from_before(person, said, state):
    said({"FA3": ["one"], "FA1": ["people"]})
    said({"FA3": {"state": state}, "FA1": {"state": state}})
    assert last_said(person, NAMES) == {}
    assert goal_of(person) == ""


def test_an_answer_to_a_question_that_did_not_apply_says_nothing(person, said):
    """The reason is asked only of somebody who does not want to do more."""
    said({"FA2": "lot", "FA2a": "cost"})
    assert last_said(person, ["main_reason"]) == {}


def test_as_it_stood_with_an_earlier_screening(person, said):
    first = said({"FA3": ["one"]})
    said({"FA3": ["group"]})
    assert last_said(person, NAMES, by=first) == {"how_to_learn": ["one"]}


def test_the_goal_in_their_own_words_comes_before_what_was_ticked(person, said):
    said({"FA1": ["people"]})
    assert goal_of(person) == "Talk to family or friends"
    said({"FA1": ["people"]}, goal_in_words="To see my granddaughter")
    assert goal_of(person) == "To see my granddaughter"


def test_what_was_corrected_or_void_says_nothing(person, ash, said):
    wrong = said({"FA3": ["one"]}, goal_in_words="Not mine")
    actions.void(screening=wrong, reason="Somebody else's", by=ash)
    assert (last_said(person, NAMES), goal_of(person)) == ({}, "")


def test_a_review_that_leaves_the_goal_out_has_not_changed_it(person, ash, said):
    said({"FA1": ["people"]}, goal_in_words="To see my granddaughter")
    review = questionnaire.latest("review-12-weeks")
    actions.record(service_user=person, answers={"FU2": "partly"}, by=ash, asked=review, submit=True)
    assert goal_of(person) == "To see my granddaughter"
    changed = {"FU2": "changed", "FA1": ["money"]}
    actions.record(service_user=person, answers=changed, by=ash, asked=review, submit=True)
    assert goal_of(person) == "Bank or benefits"
