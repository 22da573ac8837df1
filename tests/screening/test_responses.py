"""Merging what two people, or two tabs, answered: nothing is written over, nothing is lost."""

from hypothesis import given
from hypothesis import strategies as st

from screening.responses import NO_TIME, answers_of, merge, response_to, same, with_the_rest_not_asked
from tests.screening.examples import GETTING_ONLINE, any_answers


def kept(answers, version=1):
    return {
        code: response_to(answer, at="2026-05-04T10:00:00+00:00", version=version)
        for code, answer in answers.items()
    }


def merged(standing, answers, *, seen, version):
    return merge(standing, answers, seen=seen, version=version, at="2026-05-04T10:42:00+00:00")


@given(any_answers())
def test_kept_responses_give_the_answers_back(answers):
    assert answers_of(kept(answers)) == answers


@given(any_answers())
def test_saving_the_same_again_changes_nothing(answers):
    standing = kept(answers)
    again = merged(standing, answers, seen=1, version=2)
    assert (again.changed, again.conflicts, again.responses) == ((), (), standing)


@given(any_answers(), any_answers())
def test_one_person_alone_always_gets_the_last_word(first, second):
    outcome = merged(kept(first), second, seen=1, version=2)
    assert answers_of(outcome.responses).keys() == first.keys() | second.keys()
    assert all(same(answers_of(outcome.responses)[code], answer) for code, answer in second.items())
    assert outcome.conflicts == ()


@given(any_answers(), any_answers())
def test_what_somebody_else_answered_meanwhile_is_never_written_over(theirs, mine):
    standing = kept(theirs, version=2)
    outcome = merged(standing, mine, seen=1, version=3)
    assert all(outcome.responses[code] == standing[code] for code in standing)
    differ = {code for code in theirs.keys() & mine.keys() if not same(theirs[code], mine[code])}
    assert {conflict.item for conflict in outcome.conflicts} == differ
    assert set(outcome.changed) == mine.keys() - theirs.keys()


@given(st.permutations(["call", "text", "letter"]))
def test_ticks_in_another_order_are_the_same_answer(ticks):
    assert same(["call", "text", "letter"], ticks)


def test_a_conflict_shows_both_answers():
    outcome = merged(kept({"AC1": "daily"}, version=5), {"AC1": "never"}, seen=4, version=6)
    (conflict,) = outcome.conflicts
    assert (conflict.item, conflict.theirs, conflict.mine) == ("AC1", "daily", "never")


def test_the_short_form_says_that_the_rest_was_not_asked_for_want_of_time():
    standing = kept({"AC1": "daily", "OC1": "own"})
    full = answers_of(with_the_rest_not_asked(GETTING_ONLINE, standing, at="…", version=2))
    assert full["OC1"] == "own"
    assert full["FA3"] == NO_TIME
    assert "KN1" not in full
