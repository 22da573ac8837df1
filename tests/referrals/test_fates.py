"""What became of a message: asked before any repeat, written down, and handed on to a person where it failed."""

from datetime import timedelta

import pytest

from accounts import clock
from referrals import fates, letters, moment, obligations, receipts, reminders
from referrals.channels.outbox import Outbox
from referrals.models import Attempt, FollowUp, OutboxMessage, Reminder
from tests.factories import ConsentFactory, ContactPlanFactory, ServiceUserFactory
from tests.referrals.reaching import (
    MINUTE,
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


# --- Failures -----------------------------------------------------------------------------------------------


def test_what_the_channel_rejects_goes_another_way_the_same_day_and_to_a_person(referral, bo, provider_team):
    follow_up, network = tell(referral, bo), Network("rejected")
    send(network)
    first = Reminder.objects.get(channel="text")
    assert (first.status, first.reason, first.sent_on) == ("failed", "bad_address", None)
    assert FollowUp.objects.get(kind="message_failed").team == provider_team
    assert [message.channel for message in network.taken] == ["letter"]
    assert FollowUp.objects.get(pk=follow_up.pk).done_at is None


def test_before_a_repeat_the_channel_is_asked_and_what_it_has_is_not_sent_again(person):
    message, network = message_to(person), Network("cut")
    send(network)
    assert (read(message).status, read(message).tries) == ("queued", 1)
    send(network, 3 * MINUTE)
    assert network.references == [message.pk]
    assert read(message).status == "sent"


def test_what_the_channel_never_had_is_sent_again(person):
    message, network = message_to(person), Network("lost")
    send(network)
    send(network, 3 * MINUTE)
    assert network.references == [message.pk]
    assert list(Attempt.objects.values_list("result", flat=True)) == ["not_reached", "accepted"]


def test_the_death_of_a_process_between_hand_over_and_record_sends_nothing_twice(person):
    message, network = message_to(person), Network("crash")
    with pytest.raises(KeyboardInterrupt):
        send(network)
    assert (read(message).status, Attempt.objects.get().ended_at) == ("claimed", None)
    send(network, 2 * MINUTE)  # the lease still holds
    assert read(message).status == "claimed"
    send(network, 4 * MINUTE)
    assert network.references == [message.pk]
    assert (read(message).status, Attempt.objects.get().result) == ("sent", "found")


def test_the_death_of_a_process_before_the_hand_over_loses_nothing(person):
    message, network = message_to(person), Network()
    network.before_send = lambda _: (_ for _ in ()).throw(KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        send(network)
    network.before_send = None
    send(network, 4 * MINUTE)
    assert network.references == [message.pk]


def run_for_two_days(network):
    for hour in range(48):
        send(network, MINUTE + timedelta(hours=hour))


def test_a_channel_that_cannot_be_reached_for_a_day_hands_over_to_a_person(person):
    message, network = message_to(person), Network(*["lost"] * 20)
    run_for_two_days(network)
    failed = read(message)
    assert (failed.status, failed.reason, failed.tries) == ("failed", "not_reached", 8)
    assert FollowUp.objects.get(key=f"reminder:{message.pk}").kind == "message_failed"


def test_what_nobody_can_look_up_is_not_repeated_and_a_person_decides(person):
    message, network = message_to(person), Network("cut")
    network.look_ups_fail = True
    run_for_two_days(network)
    assert network.references == [message.pk]
    assert (read(message).status, read(message).reason) == ("not_known", "no_answer")
    assert FollowUp.objects.get(key=f"reminder:{message.pk}").kind == "not_known"


def test_a_receipt_that_comes_after_all_settles_what_was_not_known(person):
    message, network = message_to(person), Network("cut")
    network.look_ups_fail = True
    run_for_two_days(network)
    assert fates.receive(reference=message.pk, fate="delivered")
    assert read(message).status == "delivered"
    assert not FollowUp.objects.open().exists()


def test_a_poison_message_never_blocks_the_others_and_ends_with_a_person(person, ash, monkeypatch):
    poison = message_to(person)
    others = [ServiceUserFactory(created_by=ash) for _ in range(30)]
    for other in others:
        ContactPlanFactory(service_user=other)
        message_to(other)
    compose = moment.compose

    def explode(reminder, plan):
        if reminder.pk == poison.pk:
            raise RuntimeError("poison")
        return compose(reminder, plan)

    monkeypatch.setattr(moment, "compose", explode)
    network = Network()
    send(network)
    assert len(network.taken) == 30
    run_for_two_days(network)
    assert (read(poison).status, read(poison).reason) == ("failed", "set_aside")
    assert FollowUp.objects.get(kind="message_failed").service_user == person


# --- After downtime, after a restore ------------------------------------------------------------------------


def test_after_a_week_off_what_is_of_use_goes_out_and_what_is_not_is_marked_so(person, referral, bo, ash):
    other = ServiceUserFactory(created_by=ash)
    ContactPlanFactory(service_user=other)
    news = tell(referral, bo)
    yesterday = appointment_of(referral, bo, WEDNESDAY + timedelta(days=6))
    obligations.remind_of_appointment(appointment=yesterday, by=bo)
    network = Network()
    send(network, timedelta(days=7))
    assert [message.reference for message in network.taken] == [news.reminders.get().pk]
    assert set(yesterday.reminders.values_list("status", flat=True)) == {"stale"}


def test_a_restored_backup_sends_nothing_again(person, ash):
    people = [person, *(ServiceUserFactory(created_by=ash) for _ in range(9))]
    for other in people[1:]:
        ContactPlanFactory(service_user=other)
    messages = [message_to(other) for other in people]
    before = list(Reminder.objects.values())
    network = Network()
    send(network)
    Attempt.objects.all().delete()
    for row in before:  # as they were when the backup was made
        Reminder.objects.filter(pk=row.pop("id")).update(**row)
    send(network, timedelta(hours=1))
    assert sorted(network.references) == sorted(message.pk for message in messages)
    assert not Reminder.objects.owed().exists()


# --- What became of it --------------------------------------------------------------------------------------


def test_a_text_arrives_at_the_next_beat_and_then_the_person_counts_as_told(referral, bo):
    follow_up = tell(referral, bo)
    send(lambda name: Outbox())
    with clock.at(WEDNESDAY + MINUTE):
        receipts.collect()
    assert FollowUp.objects.get(pk=follow_up.pk).done_at is None
    with clock.at(WEDNESDAY + 2 * MINUTE):
        assert receipts.collect() == 1
    told = FollowUp.objects.get(pk=follow_up.pk)
    assert (told.result, told.done_by) == ("delivered", None)


def test_receipts_may_repeat_and_come_in_any_order(referral, bo):
    message = tell(referral, bo).reminders.get()
    send(Network())
    assert fates.receive(reference=message.pk, fate="failed")
    assert not fates.receive(reference=message.pk, fate="failed")
    assert fates.receive(reference=message.pk, fate="delivered")
    assert not fates.receive(reference=message.pk, fate="failed")
    assert not fates.receive(reference=message.pk, fate="delivered")
    assert read(message).status == "delivered"
    assert not FollowUp.objects.open().exists()
    assert Reminder.objects.get(dedupe_key__endswith=":then:letter").status == "cancelled"


def test_a_text_without_a_receipt_for_three_days_is_handed_on(referral, bo):
    message, network = tell(referral, bo).reminders.get(), Network()
    send(network)
    with clock.at(WEDNESDAY + timedelta(hours=73)):
        assert receipts.collect(drivers=network) == 1
    assert (read(message).status, read(message).reason) == ("failed", "no_receipt")


@pytest.fixture
def letter(person, offer, ash, bo):
    ContactPlanFactory(service_user=person, preferred="letter", allowed=["letter", "text"])
    ConsentFactory(service_user=person)
    follow_up = tell(referral_to(offer, person, ash), bo)
    send(lambda name: Outbox())
    return follow_up.reminders.get()


def test_a_letter_counts_only_once_somebody_has_posted_it(letter, bo):
    with clock.at(WEDNESDAY + timedelta(days=5)):
        receipts.collect()
    assert (read(letter).status, letter.follow_up.done_at) == ("sent", None)
    letters.mark_posted(reminder=letter, by=bo)
    letter.follow_up.refresh_from_db()
    assert (read(letter).status, letter.follow_up.result, letter.follow_up.done_by) == (
        "delivered",
        "letter_posted",
        bo,
    )
    assert OutboxMessage.objects.get().settled_as == "delivered"


def test_a_letter_is_posted_once(letter, bo):
    letters.mark_posted(reminder=letter, by=bo)
    with pytest.raises(letters.NotPossibleNow):
        letters.mark_posted(reminder=letter, by=bo)


def test_a_letter_that_comes_back_is_owed_again_and_goes_another_way(letter, bo):
    letters.mark_posted(reminder=letter, by=bo)
    letters.mark_returned(reminder=letter, by=bo)
    letter.follow_up.refresh_from_db()
    assert letter.follow_up.done_at is None
    assert FollowUp.objects.filter(kind="message_failed", done_at=None).exists()
    network = Network()
    send(network, timedelta(days=1))
    assert [message.channel for message in network.taken] == ["text"]


def test_a_letter_that_was_not_posted_cannot_come_back(letter, bo):
    with pytest.raises(letters.NotPossibleNow):
        letters.mark_returned(reminder=letter, by=bo)


def test_a_letter_about_nothing_that_is_owed_still_has_somebody_to_post_it(person, team, ash):
    letter = message_to(person, channel="letter")
    send(lambda name: Outbox())
    posting = FollowUp.objects.get(key=f"post:{letter.pk}")
    assert posting.team == team
    letters.mark_posted(reminder=letter, by=ash)
    assert not FollowUp.objects.open().exists()


@pytest.mark.parametrize("end", ["told", "ended", "newer news"])
def test_a_letter_that_nobody_has_posted_yet_is_taken_out_of_the_pile(letter, bo, end):
    if end == "told":
        obligations.settle(follow_up=letter.follow_up, result="told_call", by=bo)
    elif end == "ended":
        obligations.drop_messages(referral=letter.referral, reason="withdrawn")
    else:
        tell(letter.referral, bo, "waiting_list", step="wait_list", target="waiting")
    assert (read(letter).status, read(letter).sent_on) == ("cancelled", None)
    with pytest.raises(letters.NotPossibleNow):
        letters.mark_posted(reminder=letter, by=bo)


def test_what_has_been_posted_is_not_taken_back(letter, bo):
    letters.mark_posted(reminder=letter, by=bo)
    assert obligations.drop_messages(referral=letter.referral, reason="withdrawn") == 0
    assert read(letter).status == "delivered"


def test_nobody_posts_a_letter_that_was_taken_out_of_the_pile(person, bo):
    letter = message_to(person, channel="letter")
    send(lambda name: Outbox())
    reminders.cancel(Reminder.objects.filter(pk=letter.pk), reason="withdrawn")
    assert not FollowUp.objects.open().exists()
