"""The checks are worth something: each fault planted here is found by a walk and the check it ends in; and after
the same walk without its fault all that must hold holds."""

import pytest

from accounts import clock, idempotency
from referrals import obligations
from referrals.actions import stepping
from referrals.models import Referral
from tests.referrals.must_hold import CHECKS
from tests.referrals.walking import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return World()


# --- Walks: each ends in a check, which alone may fail -----------------------------------------------------------


def must_hold(world, *names):
    with clock.at(world.now):
        for name in names:
            CHECKS[name](world)


def holds(name, *steps):
    """These steps, a day apart; then the check of that name."""

    def walk(world):
        world.steps(*steps)
        yield
        must_hold(world, name)

    return walk


def two_at_once(world):
    yield
    world.two_at_once()


def a_plan_tightened_before_the_hand_over(world):
    world.the_plan_allows_nothing_now()
    world.messages_go()
    yield
    must_hold(world, "nothing_left_against_a_plan_a_pause_or_consent")


def a_pause(world):
    world.the_person_is_paused()
    yield
    must_hold(world, "whoever_is_paused_is_looked_at_once_on_the_day")


def the_same_key_twice(world):
    yield
    world.the_same_key_twice()


# --- Faults ------------------------------------------------------------------------------------------------------


def no_new_day(monkeypatch):
    columns = stepping.columns

    def unset(move):
        kept = {"due_on": move.referral.due_on} if move.step.name == "accept" else {}
        return {**columns(move), **kept}

    monkeypatch.setattr(stepping, "columns", unset)


def messages_stay(monkeypatch):
    monkeypatch.setattr(obligations, "drop_messages", lambda **_about: 0)


def nobody_is_told(monkeypatch):
    monkeypatch.setattr(obligations, "tell_person", lambda **_about: None)


def nothing_is_owed(monkeypatch):
    monkeypatch.setattr(obligations, "owe", lambda **_about: None)


def an_event_that_says_another_state(monkeypatch):
    record = stepping.record

    def wrong(**about):
        return record(**{**about, "to_status": "sent" if about["step"] == "acknowledge" else about["to_status"]})

    monkeypatch.setattr(stepping, "record", wrong)


def the_last_one_wins(monkeypatch):
    def unguarded(move, _me):
        row = Referral.objects.filter(pk=move.referral.pk)
        row.update(version=move.referral.version + 1, **stepping.columns(move))

    monkeypatch.setattr(stepping, "_swap", unguarded)


def no_second_look_at_the_plan(monkeypatch):
    monkeypatch.setattr("referrals.moment.recheck", lambda *_about: None)


def nobody_looks_at_a_pause(monkeypatch):
    monkeypatch.setattr(obligations, "look_again", lambda _person: 0)


def keys_are_ignored(monkeypatch):
    monkeypatch.setattr(idempotency, "_stored", lambda *_about: None)
    monkeypatch.setattr(idempotency, "_keep", lambda *_about: None)


FAULTS = {
    no_new_day: holds("a_day_is_a_working_day_counted_from_the_last_step", "acknowledge", "accept"),
    messages_stay: holds("an_ended_referral_has_no_message_left_but_the_news_of_its_end", "withdraw"),
    nobody_is_told: holds("the_person_was_told_or_is_owed_it", "acknowledge", "decline"),
    nothing_is_owed: holds("every_decline_has_its_next_step", "acknowledge", "decline"),
    an_event_that_says_another_state: holds("the_states_are_what_the_events_say", "acknowledge"),
    the_last_one_wins: two_at_once,
    no_second_look_at_the_plan: a_plan_tightened_before_the_hand_over,
    nobody_looks_at_a_pause: a_pause,
    keys_are_ignored: the_same_key_twice,
}


@pytest.mark.parametrize("plant", FAULTS)
def test_a_planted_fault_is_found(world, monkeypatch, plant):
    plant(monkeypatch)
    walk = FAULTS[plant](world)
    next(walk)
    with pytest.raises(AssertionError):
        next(walk)


@pytest.mark.parametrize("plant", FAULTS)
def test_without_the_fault_the_same_walk_is_fine(world, plant):
    assert list(FAULTS[plant](world)) == [None]
    must_hold(world, *CHECKS)
