"""From due to handed over: all is looked at again in the moment before, and the attempt is written down first."""

from datetime import date, datetime, time, timedelta

import pytest

from accounts.models import AuditEvent
from people.london import LONDON
from referrals.models import Attempt, FollowUp, Outcome
from tests.factories import ContactPlanFactory
from tests.referrals.reaching import (
    WEDNESDAY,
    Network,
    appointment_of,
    message_to,
    read,
    referral_to,
    send,
    tell,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning", "plan")]


# --- Handed over --------------------------------------------------------------------------------------------


def test_what_is_due_is_handed_over_with_its_own_id_as_reference(person):
    message, network = message_to(person), Network()
    send(network)
    assert network.references == [message.pk]
    assert network.taken[0].to == "+447700900123"
    sent = read(message)
    assert (sent.status, sent.sent_on, sent.tries) == ("sent", WEDNESDAY.date(), 1)
    assert Attempt.objects.get().result == "accepted"
    assert AuditEvent.objects.get(action="send_message").subject_id == str(message.pk)


def test_the_attempt_is_written_down_before_the_hand_over(person):
    message_to(person)
    network = Network()
    seen = []
    network.before_send = lambda _: seen.append(Attempt.objects.filter(ended_at=None).count())
    send(network)
    assert seen == [1]


def test_nothing_is_handed_over_inside_a_transaction(person, transactional_db):
    from django.db import connection

    ContactPlanFactory(service_user=person)
    message_to(person)
    network, inside = Network(), []
    network.before_send = lambda _: inside.append(connection.in_atomic_block)
    send(network)
    assert inside == [False]


def test_one_message_a_day_and_the_next_waits_for_tomorrow(person):
    first, second = message_to(person), message_to(person)
    network = Network()
    send(network)
    assert network.references == [first.pk]
    waiting = read(second)
    assert (waiting.status, waiting.tries) == ("queued", 0)
    assert waiting.due_at == datetime(2026, 11, 26, 9, 0, tzinfo=LONDON)


def test_three_messages_a_week_and_no_more(person):
    messages = [message_to(person) for _ in range(5)]
    network = Network()
    for day in range(6):
        send(network, timedelta(days=day, hours=1))
    assert len(network.taken) == 3
    send(network, timedelta(days=7, hours=1))
    assert network.references == [message.pk for message in messages[:4]]


def test_not_at_this_hour_is_no_refusal(person):
    message, network = message_to(person), Network()
    send(network, timedelta(hours=11))  # nine in the evening
    waiting = read(message)
    assert (waiting.status, waiting.due_at) == ("queued", datetime(2026, 11, 26, 9, 0, tzinfo=LONDON))
    assert not network.taken
    assert not FollowUp.objects.exists()


def test_nothing_goes_on_a_sunday(person):
    message_to(person)
    network = Network()
    send(network, timedelta(days=4))
    assert not network.taken


def test_the_persons_own_hours_hold(person):
    ContactPlanFactory(service_user=person, hours_from=time(14), hours_to=time(16))
    message, network = message_to(person), Network()
    send(network)
    assert read(message).due_at == datetime(2026, 11, 25, 14, 0, tzinfo=LONDON)
    send(network, timedelta(hours=4, minutes=1))
    assert network.references == [message.pk]


# --- Looked at again in the moment before -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("safety", "reason"),
    [
        ({"answered": False, "automatic": False}, "not_answered"),
        ({"automatic": False}, "not_automatic"),
        ({"allowed": ["call"]}, "channel_not_allowed"),
    ],
)
def test_a_plan_tightened_since_refuses_and_somebody_has_it_to_do(person, team, safety, reason):
    message, network = message_to(person), Network()
    ContactPlanFactory(service_user=person, **safety)
    send(network)
    refused = read(message)
    assert (refused.status, refused.reason) == ("refused", reason)
    assert not network.taken
    owed = FollowUp.objects.get(kind="message_failed")
    assert (owed.team, owed.due_on) == (team, date(2026, 11, 26))


def test_a_pause_refuses(person, ash):
    message, network = message_to(person), Network()
    person.paused_at, person.paused_by, person.pause_reason = WEDNESDAY, ash, "in_hospital"
    person.pause_review_on = date(2027, 1, 1)
    person.save()
    send(network)
    assert read(message).reason == "paused"
    assert FollowUp.objects.filter(kind="message_failed").exists()


@pytest.mark.parametrize("status", ["closed", "withdrawn", "cancelled", "rerouted", "entered_in_error"])
def test_nothing_is_sent_about_a_referral_that_has_ended(person, offer, ash, status):
    referral = referral_to(offer, person, ash, status)
    message, network = message_to(person, referral=referral, template="accepted"), Network()
    send(network)
    assert read(message).status == "cancelled"
    assert not network.taken
    assert not FollowUp.objects.exists()


def test_news_of_the_end_itself_is_sent(person, offer, ash, bo):
    follow_up = tell(referral_to(offer, person, ash, "closed"), ash, "closed", source="delivered", target="closed")
    network = Network()
    send(network)
    assert network.references == [follow_up.reminders.get().pk]


def test_nothing_is_sent_to_somebody_who_has_died(person, offer, ash, bo):
    ended = referral_to(offer, person, ash, "closed")
    Outcome.objects.create(referral=ended, outcome="died", whose_word="provider_only", recorded_by=bo)
    message, network = message_to(person), Network()
    send(network)
    assert (read(message).reason, network.taken) == ("died", [])


def test_nothing_is_sent_about_an_appointment_that_was_moved(person, referral, bo):
    appointment = appointment_of(referral, bo, WEDNESDAY + timedelta(days=1))
    message = message_to(person, referral=referral, appointment=appointment, template="appointment_reminder")
    appointment.status, appointment.outcome_at, appointment.outcome_by = "rearranged", WEDNESDAY, bo
    appointment.save()
    network = Network()
    send(network)
    assert (read(message).reason, network.taken) == ("appointment_gone", [])


def test_nothing_is_sent_once_somebody_has_told_the_person(referral, bo):
    follow_up = tell(referral, bo)
    FollowUp.objects.filter(pk=follow_up.pk).update(done_at=WEDNESDAY, result="told", done_by=bo)
    network = Network()
    send(network)
    assert (follow_up.reminders.get().status, network.taken) == ("cancelled", [])


def test_what_comes_too_late_is_marked_so_and_not_sent(person):
    message, network = message_to(person, useful_until=WEDNESDAY + timedelta(hours=1)), Network()
    send(network, timedelta(hours=2))
    assert read(message).status == "stale"
    assert not network.taken


def test_a_message_that_can_never_go_in_time_becomes_a_persons(person):
    message = message_to(person, useful_until=WEDNESDAY + timedelta(hours=20))  # six in the morning
    network = Network()
    send(network, timedelta(hours=11))
    assert (read(message).status, read(message).reason) == ("refused", "no_time_left")
    assert FollowUp.objects.filter(kind="message_failed").exists()


def test_no_number_becomes_a_persons_and_the_next_channel_is_tried(person):
    message, network = message_to(person), Network()
    person.phone = ""
    person.save()
    send(network)
    assert read(message).reason == "no_address"
    assert FollowUp.objects.filter(kind="message_failed").exists()
    assert [message.channel for message in network.taken] == ["letter"]


def test_a_message_that_could_give_away_does_not_go(person, referral, bo):
    appointment = appointment_of(referral, bo, WEDNESDAY + timedelta(days=1))
    appointment.where = "Mental Health Unit, Example Road"
    appointment.save()
    message = message_to(person, referral=referral, appointment=appointment, template="appointment_reminder")
    network = Network()
    send(network)
    assert (read(message).reason, network.taken) == ("words", [])
    assert FollowUp.objects.filter(kind="message_failed").exists()
