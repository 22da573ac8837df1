"""Paper says what is true when it goes, and no pile of it is forgotten because somebody ticked a box."""

from datetime import timedelta

import pytest

from accounts import clock
from accounts.errors import NotPossibleNow
from people import actions as people
from referrals import actions, fates, reminders
from referrals.models import FollowUp, Referral, Reminder
from referrals.post import runs, waiting
from referrals.post.chasing import chase
from tests.factories import ContactPlanFactory, MembershipFactory
from tests.referrals.posting import letters_for
from tests.referrals.reaching import WEDNESDAY, Network, appointment_of, message_to, send
from tests.referrals.test_letter_runs import mark

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning")]


@pytest.fixture
def two(offer, ash, bo):
    return letters_for(2, offer, ash, bo)


@pytest.fixture
def run(two, bo):
    batch = runs.make(chosen=[one.pk for one in two], both_sides=False, by=bo)
    runs.print_run(batch=batch, by=bo)
    return batch


# --- Words that changed -------------------------------------------------------------------------------------


def another_name(letter, ash, bo):
    person = letter.service_user
    people.update(service_user=person, version=person.version, by=ash, preferred_name="Max")


def another_worker(letter, ash, bo):
    zed = MembershipFactory(user__name="Zed Zimmer", team=bo.team, role="support_worker")
    actions.assign(referral=Referral.objects.get(pk=letter.referral_id), to=zed, by=bo)


@pytest.mark.parametrize("event", [another_name, another_worker], ids=lambda one: one.__name__)
@pytest.mark.parametrize("moment", ["printing", "marking"])
def test_a_letter_whose_words_have_changed_is_printed_anew(two, ash, bo, event, moment):
    batch = runs.make(chosen=[one.pk for one in two], both_sides=False, by=bo)
    if moment == "printing":
        event(two[0], ash, bo)
    runs.print_run(batch=batch, by=bo)
    if moment == "marking":
        event(two[0], ash, bo)
    assert mark(batch, bo).posted == 1
    letter = batch.letters.get(reminder=two[0])
    assert (letter.status, letter.reason) == ("dropped", "words_changed")
    assert list(waiting.waiting(bo)) == [two[0]]
    again = runs.make(chosen=[two[0].pk], both_sides=False, by=bo)
    assert {"another_name": "Max", "another_worker": "Zed"}[event.__name__] in again.letters.get().body


# --- Not ticked away ----------------------------------------------------------------------------------------


def test_a_pile_that_is_not_marked_cannot_be_ticked_away(run, bo):
    with clock.at(WEDNESDAY + timedelta(days=5)):
        chase()
        owed = FollowUp.objects.open().get(kind="letters_waiting")
        with pytest.raises(NotPossibleNow, match="not marked yet"):
            actions.complete_follow_up(follow_up=owed, result="done", by=bo)
        mark(run, bo)
        owed.refresh_from_db()
        assert owed.done_at is not None


def test_a_pile_that_somebody_took_for_done_is_asked_about_again(run, bo):
    with clock.at(WEDNESDAY + timedelta(days=5)):
        chase()
        FollowUp.objects.filter(kind="letters_waiting").update(done_at=clock.now(), result="done")
        assert (chase(), chase()) == (1, 0)
        assert FollowUp.objects.open().filter(kind="letters_waiting").count() == 1


def test_old_piles_that_are_known_do_not_hide_a_newer_one(two, bo):
    for one in two:
        runs.make(chosen=[one.pk], both_sides=False, by=bo)
    with clock.at(WEDNESDAY + timedelta(days=5)):
        assert (chase(limit=1), chase(limit=1), chase(limit=1)) == (1, 1, 0)


# --- Told meanwhile -----------------------------------------------------------------------------------------


@pytest.fixture
def set_aside(person, offer, ash, bo, referral):
    ContactPlanFactory(service_user=person)
    booked = appointment_of(referral, bo, WEDNESDAY + timedelta(days=7))
    message = message_to(person, template="appointment_reminder", referral=referral, appointment=booked)
    Reminder.objects.filter(pk=message.pk).update(
        status="failed", reason="set_aside", settled_at=clock.now(), tries=8
    )
    message.refresh_from_db()
    fates._hand_on(message, "set_aside", "message_failed")
    return message


def test_a_message_is_not_taken_up_again_after_somebody_told_the_person(set_aside, ash):
    owed = FollowUp.objects.open().get(kind="message_failed")
    actions.complete_follow_up(follow_up=owed, result="told_call", by=ash)
    assert reminders.take_up_again(set_aside.pk) == 0
    net = Network()
    send(net)
    assert net.taken == []


def test_a_message_taken_up_again_goes_where_nobody_told_the_person_and_not_once_somebody_has(set_aside, ash):
    assert reminders.take_up_again(set_aside.pk) == 1
    owed = FollowUp.objects.open().get(kind="message_failed")
    actions.complete_follow_up(follow_up=owed, result="told_call", by=ash)
    net = Network()
    send(net)
    assert net.taken == []
