"""The outbox says what GOV.UK Notify said, in words and with the time, and why our set-up makes messages wait."""

import pytest
from django.urls import reverse

from accounts import clock
from referrals import sending
from referrals.models import Reminder
from referrals.notify.noting import note
from tests.factories import ConsentFactory
from tests.referrals.reaching import MINUTE, WEDNESDAY, Network, message_to, referral_to, send, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning", "plan")]
LIST = reverse("referrals:outbox")


def text_of(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def page(message):
    return reverse("referrals:outbox_message", args=[message.pk])


@pytest.fixture
def left(person, offer, ash, bo):
    ConsentFactory(service_user=person)
    referral = referral_to(offer, person, ash, shared={"name": person.name}, named_worker=bo)
    message = tell(referral, bo).reminders.get()
    send(Network())
    Reminder.objects.update(carrier="notify")
    return message


@pytest.mark.parametrize("who", ["as_bo", "as_dee"])
def test_a_messages_page_says_each_thing_that_notify_said_with_its_time_newest_first(left, who, request):
    client = request.getfixturevalue(who)
    note(left.pk, "text", "delivered", "2026-11-25T14:32:00.000000Z", asked=False)
    note(left.pk, "text", "sending", "2026-11-25T10:01:00.000000Z", asked=True)
    text = text_of(client.get(page(left)))
    assert text.index("It arrived") < text.index("Sent on; waiting to hear")
    assert "Wednesday 25 November at 2:32pm, it told us" in text
    assert "Wednesday 25 November at 10:01am, we asked" in text
    assert "kept at GOV.UK Notify" in text


def test_the_list_says_the_last_word_of_each(left, as_bo):
    note(left.pk, "text", "delivered", "2026-11-25T14:32:00.000000Z", asked=False)
    note(left.pk, "text", "sending", "2026-11-25T10:01:00.000000Z", asked=True)
    text = text_of(as_bo.get(LIST))
    assert "GOV.UK Notify says: it arrived (Wednesday 25 November at 2:32pm)" in text
    assert "waiting to hear" not in text


def test_a_receipt_without_a_time_of_its_own_has_ours(left, as_bo):
    with clock.at(WEDNESDAY + 7 * MINUTE):
        note(left.pk, "text", "delivered", None, asked=False)
    assert "Wednesday 25 November at 10:07am" in text_of(as_bo.get(page(left)))


@pytest.mark.parametrize("nonsense", ["yesterday", "2026-13-45T99:00:00Z", 7, None])
def test_a_time_that_is_none_is_no_time(left, nonsense):
    note(left.pk, "text", "delivered", nonsense, asked=False)
    assert left.receipts.get().at is None


@pytest.mark.parametrize(("status", "word"), [("sent", "With GOV.UK Notify"), ("delivered", "Printed and posted")])
def test_a_letter_there_is_not_to_be_printed_here(left, as_bo, status, word):
    Reminder.objects.update(channel="letter", status=status)
    for address in (page(left), LIST):
        text = text_of(as_bo.get(address))
        assert word in text
        assert "To print and post" not in text
        assert "Mark as posted" not in text


def test_an_outbox_page_asks_the_database_as_often_for_many_as_for_one(
    person, as_bo, left, django_assert_max_num_queries
):
    note(left.pk, "text", "delivered", None, asked=False)
    with django_assert_max_num_queries(40) as first:
        as_bo.get(LIST)
    for number in range(5):
        other = message_to(person, key=f"more:{number}", referral=left.referral)
        note(other.pk, "text", "delivered", None, asked=False)
    with django_assert_max_num_queries(len(first.captured_queries)):
        as_bo.get(LIST)


# --- Our set-up ---------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(notify, person):
    message = message_to(person)
    notify.next.append("key")
    sending.send_due()
    return message


def test_a_fault_of_our_set_up_stands_above_the_list_with_how_many_wait(waiting, as_dee):
    text = text_of(as_dee.get(LIST))
    assert "Messages wait because of how this service is set up" in text
    assert "GOV.UK Notify does not accept this service’s key: 1 message waits" in text
    assert person_of(waiting) in text_of(as_dee.get(LIST, {"show": "set_up"}))


def person_of(message):
    return message.service_user.name


def test_it_is_not_told_to_strangers(waiting, as_cam):
    stranger = as_cam.membership
    stranger.role = "admin"
    stranger.save()
    assert "how this service is set up" not in text_of(as_cam.get(LIST))


def test_it_is_gone_once_the_messages_have_left(waiting, as_dee):
    with clock.at(WEDNESDAY + 3 * MINUTE):
        sending.send_due()
    assert "how this service is set up" not in text_of(as_dee.get(LIST))
    assert "No message waits because of how" in text_of(as_dee.get(LIST, {"show": "set_up"}))
