"""The work with the person: what counts as contact, delivery, outcome, and not being able to reach them."""

from datetime import timedelta

import pytest

from accounts import clock
from accounts.errors import InvalidInput, NotPossibleNow
from referrals import actions
from referrals.models import FollowUp, Referral, Reminder
from tests.factories import evidence_for

pytestmark = pytest.mark.django_db


def test_voicemail_alone_does_not_start_anything(referral_in, bo):
    referral = referral_in("accepted")
    actions.log_contact(referral=referral, channel="call", result="voicemail", by=bo)
    with pytest.raises(InvalidInput, match="voicemail or a letter alone"):
        actions.act(referral=referral, action="start", by=bo, evidence={})


def test_contact_that_was_written_down_stands_for_itself(referral_in, bo):
    referral = referral_in("accepted")
    actions.log_contact(referral=referral, channel="call", result="spoke", by=bo)
    started = actions.act(referral=Referral.objects.get(pk=referral.pk), action="start", by=bo)
    assert started.status == "active"
    assert started.first_contact_at


def test_contact_before_it_was_accepted_does_not_start_it(referral_in, bo):
    referral = referral_in("accepted")
    actions.log_contact(
        referral=referral, channel="call", result="spoke", by=bo, happened_at=clock.now() - timedelta(days=3)
    )
    with pytest.raises(InvalidInput):
        actions.act(referral=referral, action="start", by=bo)


def test_warm_handover_asks_who_was_there(referral_in, bo):
    referral = referral_in("accepted", warm_handover=True)
    with pytest.raises(InvalidInput) as refusal:
        actions.act(referral=referral, action="start", by=bo, evidence={"successful_contact": "met"})
    assert "handover_present" in refusal.value.fields


def test_delivering_says_what_came_of_each_need(referral_in, bo):
    referral = referral_in("active")
    with pytest.raises(InvalidInput):
        actions.act(
            referral=referral, action="deliver", by=bo, evidence={"given": "A tablet", "need_outcomes": {}}
        )
    need = referral.needs.get()
    actions.act(
        referral=referral,
        action="deliver",
        by=bo,
        evidence={"given": "A tablet", "need_outcomes": {str(need.pk): "met"}},
    )
    assert referral.need_outcomes.get().outcome == "met"
    need.refresh_from_db()
    assert need.resolved_at is None, "only the person, at a review, closes a need"


def test_closing_keeps_outcome_and_whose_word_apart(referral_in, ash):
    closed = actions.act(
        referral=referral_in("delivered"),
        action="close",
        by=ash,
        evidence={"outcome": "partly_helped", "whose_word": "provider_only"},
    )
    outcome = closed.outcomes.get()
    assert (outcome.outcome, outcome.whose_word) == ("partly_helped", "provider_only")
    assert closed.ended_at
    assert not closed.action_with


def test_nothing_is_written_to_somebody_who_died(referral_in, ash):
    actions.act(
        referral=referral_in("delivered"),
        action="close",
        by=ash,
        evidence={"outcome": "died", "whose_word": "nobody"},
    )
    assert not Reminder.objects.owed().exists()
    assert not FollowUp.objects.open().filter(kind="tell_person").exists()


def try_to_reach(referral, bo, *tries):
    for days_ago, channel in tries:
        with clock.at(clock.now() - timedelta(days=days_ago)):
            actions.log_contact(referral=referral, channel=channel, result="no_answer", by=bo)


@pytest.mark.parametrize(
    ("tries", "sentence"),
    [
        ([(3, "call"), (2, "letter")], "three times"),
        ([(3, "letter"), (2, "letter"), (1, "letter")], "two different ways"),
        ([(1, "call"), (1, "letter"), (1, "call")], "two different days"),
        ([(3, "call"), (2, "text"), (1, "call")], "a letter or make a visit"),
    ],
)
def test_could_not_reach_asks_for_three_tries_two_ways_two_days_and_a_letter(referral_in, bo, tries, sentence):
    with clock.at(clock.now() - timedelta(days=10)):
        referral = referral_in("accepted")
    try_to_reach(referral, bo, *tries)
    with pytest.raises(NotPossibleNow, match=sentence):
        actions.act(
            referral=referral, action="could_not_reach", by=bo, evidence=evidence_for(referral, "could_not_reach")
        )


def test_could_not_reach_leaves_the_door_open(referral_in, bo, ash):
    with clock.at(clock.now() - timedelta(days=10)):
        referral = referral_in("accepted")
    try_to_reach(referral, bo, (3, "call"), (2, "call"), (1, "letter"))
    question = actions.ask_safety(referral=referral, clinician=ash, by=bo)
    actions.answer_safety(follow_up=question, answer="no_concern", by=ash)
    closed = actions.act(
        referral=referral, action="could_not_reach", by=bo, evidence=evidence_for(referral, "could_not_reach")
    )
    assert closed.outcomes.get().outcome == "could_not_reach"
    assert Reminder.objects.get(template="door_is_open").status == "queued"


def test_person_who_was_reached_in_between_has_to_be_tried_again(referral_in, bo):
    with clock.at(clock.now() - timedelta(days=10)):
        referral = referral_in("accepted")
    try_to_reach(referral, bo, (5, "call"), (4, "call"), (3, "letter"))
    actions.log_contact(referral=referral, channel="call", result="spoke", by=bo)
    with pytest.raises(NotPossibleNow, match="three times"):
        actions.act(
            referral=referral, action="could_not_reach", by=bo, evidence=evidence_for(referral, "could_not_reach")
        )
