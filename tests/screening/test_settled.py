"""What a screening asked about, so that it may say that a need is gone."""

import pytest
from hypothesis import given

from screening import scoring
from screening.settled import asked_about, is_settled
from tests.screening.examples import CASES, GETTING_ONLINE, any_answers, whole_answers, without

NEEDS = [need.code for need in GETTING_ONLINE.needs]


def asked(answers, need):
    return asked_about(GETTING_ONLINE, scoring.resolve(GETTING_ONLINE, answers), need)


@given(whole_answers())
def test_whole_answers_ask_about_every_need(answers):
    assert all(asked(answers, need) for need in NEEDS)


@pytest.mark.parametrize("need", NEEDS)
def test_nothing_answered_asks_about_nothing(need):
    assert not asked({}, need)


def test_a_need_of_another_questionnaire_is_not_asked_about():
    assert not asked(CASES["no-barriers"], "NO_SUCH_NEED")


def test_one_gap_on_the_way_leaves_a_need_open():
    answers = CASES["no-barriers"]
    assert asked(answers, "SURV")
    assert not asked(without(answers, "MH3"), "SURV")
    assert not asked({**answers, "MH3": {"state": "prefer_not"}}, "SURV")


def test_a_question_left_aside_because_of_a_gap_is_not_settled():
    """Nobody was asked about a device, so nobody was asked whether it is shared."""
    answers = without(CASES["shares-a-phone"], "AC2")
    responses = scoring.resolve(GETTING_ONLINE, answers)
    assert responses["AC2a"].state == "skipped"
    assert not is_settled(GETTING_ONLINE, responses, "AC2a")
    assert not asked(answers, "DEVICE_SHARED")


def test_a_question_left_aside_because_of_an_answer_is_settled():
    answers = CASES["no-barriers"]
    assert scoring.resolve(GETTING_ONLINE, answers)["AC2a"].state == "skipped"
    assert asked(answers, "DEVICE_SHARED")


@given(any_answers(), whole_answers())
def test_a_need_that_was_asked_about_and_not_raised_stays_so_whatever_fills_the_gaps(answers, filler):
    """The point of it: nothing that is still missing could have raised what we call gone."""
    responses = scoring.resolve(GETTING_ONLINE, answers)
    raised = scoring.score(GETTING_ONLINE, answers).because
    gone = [need for need in NEEDS if need not in raised and asked_about(GETTING_ONLINE, responses, need)]
    gaps = {code: filler[code] for code, response in responses.items() if response.is_gap and code in filler}
    # A filled gap may bring questions that were left aside for want of it; they were not settled either.
    later = scoring.score(GETTING_ONLINE, {**answers, **gaps}).because
    assert not set(gone) & set(later)
