"""From due to arrived through the real driver: nothing twice, nothing lost, and our own faults are ours."""

import logging
from datetime import timedelta
from random import Random

import pytest

from accounts import clock
from referrals import failures, moment, receipts, reminders
from referrals.channels import channel_for
from referrals.models import Attempt, FollowUp, OutboxMessage, Receipt, Reminder
from referrals.notify import driver
from referrals.notify.running import Postman
from referrals.notify.simulator import Faults
from tests.factories import ContactPlanFactory, ServiceUserFactory
from tests.processes import wait_until
from tests.referrals.reaching import MINUTE, WEDNESDAY, message_to, read, referral_to, send, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning", "plan", "notify")]
HOUR = timedelta(hours=1)


def run(after=MINUTE):
    return send(channel_for, after)


def collect(after):
    with clock.at(WEDNESDAY + after):
        return receipts.collect()


def test_a_text_leaves_with_its_own_id_as_reference(notify, person):
    message = message_to(person)
    run()
    assert notify.record.counts() == {str(message.pk): 1}
    assert (read(message).status, read(message).carrier) == ("sent", "notify")
    assert not OutboxMessage.objects.exists()


def test_the_lease_outlasts_a_hand_over_and_a_lost_answer_waits_a_minute_before_the_look_up():
    assert reminders.LEASE.total_seconds() == 120
    assert reminders.WAITS[0].total_seconds() == 60


@pytest.mark.parametrize("fault", ["cut", "hang", "odd"])
def test_what_was_taken_before_the_line_was_cut_is_found_and_not_sent_again(notify, person, fault):
    message = message_to(person)
    notify.next.append(fault)
    run()
    assert (read(message).status, read(message).tries) == ("queued", 1)
    assert run(MINUTE + timedelta(seconds=59)) == 0
    run(3 * MINUTE)
    assert (read(message).status, notify.record.counts()) == ("sent", {str(message.pk): 1})


@pytest.mark.parametrize("fault", ["lost", "error", "down"])
def test_what_was_never_taken_is_sent_again(notify, person, fault):
    message = message_to(person)
    notify.next.append(fault)
    run()
    run(3 * MINUTE)
    assert (read(message).status, notify.record.counts()) == ("sent", {str(message.pk): 1})


@pytest.mark.parametrize(
    ("fault", "code"), [("key", "key"), ("trial", "not_set_up"), ("limit", "limit"), ("busy", "busy")]
)
def test_our_own_set_up_makes_a_message_wait_and_says_so(notify, person, fault, code):
    message = message_to(person)
    notify.next.append(fault)
    run()
    waiting = read(message)
    assert (waiting.status, waiting.reason, waiting.sent_on) == ("queued", code, None)
    assert not FollowUp.objects.filter(kind="message_failed").exists()
    run(3 * MINUTE)
    assert (read(message).status, read(message).reason) == ("sent", "")


def test_one_refusal_for_all_spares_the_others_the_same_question(notify, person, ash):
    people = [person, *(ServiceUserFactory(created_by=ash) for _ in range(5))]
    for other in people[1:]:
        ContactPlanFactory(service_user=other)
    messages = [message_to(other) for other in people]
    notify.next.append("key")
    run()
    assert notify.record.answers() == {"key": 1}
    assert {read(message).reason for message in messages} == {"key"}
    run(3 * MINUTE)
    assert len(notify.record.counts()) == len(messages)


def test_one_that_is_refused_alone_stands_in_nobodys_way(notify, person, ash):
    other = ServiceUserFactory(created_by=ash)
    ContactPlanFactory(service_user=other)
    first, second = message_to(person), message_to(other)
    notify.next.append("trial")
    run()
    assert (read(first).reason, read(second).status) == ("not_set_up", "sent")


def test_after_a_day_of_our_own_fault_a_person_takes_over_and_reads_why(notify, person):
    message = message_to(person)
    for hour in range(48):
        notify.next.extend(["key"] * 3)
        run(MINUTE + hour * HOUR)
    failed = read(message)
    assert (failed.status, failed.reason) == ("failed", "key")
    assert "does not accept this service’s key" in FollowUp.objects.get(key=f"reminder:{message.pk}").what


def test_a_dead_line_costs_three_time_outs_a_run_and_no_more(notify, person, ash):
    people = [person, *(ServiceUserFactory(created_by=ash) for _ in range(7))]
    for other in people[1:]:
        ContactPlanFactory(service_user=other)
    for other in people:
        message_to(other)
    notify.next.extend(["lost"] * 8)
    run()
    assert notify.record.answers() == {"lost": 3}
    assert set(Reminder.objects.values_list("status", flat=True)) == {"queued"}


def test_a_bad_number_fails_the_message_and_tries_another_way(notify, person):
    person.email = "robin@example.org"
    person.save()
    ContactPlanFactory(service_user=person, allowed=["email", "text"], preferred="email")
    person.email = "not an address"
    person.save()
    message = message_to(person, channel="email")
    run()
    assert (read(message).status, read(message).reason) == ("failed", "bad_address")
    assert [row["kind"] for row in notify.record.latest()] == ["sms"]


# --- What became of it, asked -------------------------------------------------------------------------------


def test_where_no_receipt_came_notify_is_asked_and_seldom(notify, referral, bo):
    follow_up = tell(referral, bo)
    run()
    asked = notify.record._run
    assert collect(2 * MINUTE) == 0
    assert asked("SELECT * FROM asked WHERE what = 'GET'") == []
    collect(10 * MINUTE)
    collect(20 * MINUTE)
    assert len(asked("SELECT * FROM asked WHERE what = 'GET'")) == 1
    notify.settle_after = 0
    assert collect(50 * MINUTE) == 1
    follow_up.refresh_from_db()
    assert follow_up.result == "delivered"


def test_a_failure_found_by_asking_has_its_own_reason(notify, person, referral, bo):
    person.phone = "07700 900002"
    person.save()
    message = tell(referral, bo).reminders.get()
    run()
    notify.settle_after = 0
    assert collect(10 * MINUTE) == 1
    assert read(message).reason == "bad_address"


def test_what_the_outbox_took_before_notify_was_set_up_stays_there(notify, person, settings):
    message = message_to(person)
    notify_settings, settings.NOTIFY = settings.NOTIFY, type(settings.NOTIFY)()
    run()
    settings.NOTIFY = notify_settings
    assert collect(2 * MINUTE) == 1
    assert (read(message).status, notify.record.counts()) == ("delivered", {})


# --- Letters ------------------------------------------------------------------------------------------------


@pytest.fixture
def letter(person, referral, bo):
    ContactPlanFactory(service_user=person, preferred="letter", allowed=["letter", "text"])
    follow_up = tell(referral, bo)
    run()
    return follow_up.reminders.get()


def test_a_letter_by_notify_is_nobodys_to_post_and_counts_once_it_was_dispatched(notify, letter, bo):
    assert (letter.status, letter.carrier) == ("sent", "notify")
    assert not Reminder.objects.to_post_by(bo).exists()
    assert not FollowUp.objects.filter(key__startswith="post:").exists()
    collect(10 * MINUTE)
    assert read(letter).status == "sent"
    notify.settle_after = 0
    assert collect(HOUR) == 1
    assert (read(letter).status, FollowUp.objects.get(kind="tell_person").result) == ("delivered", "delivered")


def test_a_letter_that_notify_has_is_not_taken_out_of_a_pile_that_it_is_not_in(letter):
    assert reminders.cancel(Reminder.objects.filter(pk=letter.pk), reason="withdrawn") == 0
    assert read(letter).status == "sent"


def test_a_letter_of_which_nothing_is_heard_for_ten_days_is_asked_about(notify, letter):
    collect(timedelta(days=9))
    assert read(letter).status == "sent"
    assert collect(timedelta(days=11)) == 1
    assert read(letter).reason == "no_receipt"


# --- Logs ---------------------------------------------------------------------------------------------------


def test_what_could_not_be_put_together_is_logged_without_its_words(person, monkeypatch, caplog):
    message, secret = message_to(person), f"MARKERWORDS of {person.name}"

    def explode(*_):
        raise ValueError(secret)

    monkeypatch.setattr(moment, "compose", explode)
    caplog.set_level(logging.DEBUG)
    run()
    assert f"{message.pk} set aside after ValueError" in caplog.text
    assert "MARKERWORDS" not in caplog.text
    assert person.name not in caplog.text


def test_time_outs_are_shorter_than_the_lease(monkeypatch):
    monkeypatch.undo()
    assert reminders.LEASE.total_seconds() > 2 * driver.TIMEOUT
    assert failures.HELD_UP <= failures.THE_CHANNEL_IS_AT_FAULT


def test_an_attempt_that_was_held_up_says_so(notify, person):
    message_to(person)
    notify.next.append("key")
    run()
    assert Attempt.objects.get().result == "held_up"


# --- The whole way round ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("times", "shuffled"), [(1, False), (3, True)])
def test_receipts_come_back_over_the_line_once_or_thrice_and_the_person_counts_as_told(
    notify, person, offer, ash, bo, live_server, settings, times, shuffled
):
    ContactPlanFactory(service_user=person)
    token = settings.NOTIFY.receipts_token
    notify.on_end = Postman(f"{live_server.url}/notify/receipts/", token, times=times, shuffled=shuffled)
    notify.settle_after = 0.1
    follow_up = tell(referral_to(offer, person, ash), bo)
    run()
    assert wait_until(lambda: Receipt.objects.count() == 1 + shuffled, 10)
    # In memory, SQLite gives this thread the server's own connection: it sees the row before the transaction ends.
    assert wait_until(lambda: FollowUp.objects.get(pk=follow_up.pk).result == "delivered", 10)
    assert Reminder.objects.get(channel="text").status == "delivered"
    assert Receipt.objects.filter(how="told").count() == 1 + shuffled


@pytest.mark.django_db(transaction=True)
def test_with_every_fault_at_once_each_message_is_taken_in_once(notify, person, ash, offer):
    everybody = [person, *(ServiceUserFactory(created_by=ash) for _ in range(59))]
    for one in everybody:
        ContactPlanFactory(service_user=one)
        message_to(one)
    shares = {"cut": 0.1, "odd": 0.05, "error": 0.1, "busy": 0.05, "lost": 0.1}
    notify.faults = Faults(shares, chance=Random(20261125))
    for minute in range(1, 200, 2):
        run(minute * MINUTE)
    assert set(notify.record.counts().values()) == {1}
    assert len(notify.record.counts()) == len(everybody)
    assert {"cut", "odd", "error", "busy", "lost", "201"} <= set(notify.record.answers())
    assert set(Reminder.objects.values_list("status", flat=True)) == {"sent"}
