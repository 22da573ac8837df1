"""Receipts come to a door that only the token opens; repeated, late, unordered or made up, they do no harm."""

import json
import logging
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from inclusion.environment import Notify
from referrals.models import FollowUp, OutboxMessage, Receipt, Reminder
from tests.referrals.reaching import MINUTE, WEDNESDAY, Network, message_to, read, send, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning", "plan")]
HERE, RETURNED = reverse("notify:receipt"), reverse("notify:returned_letter")


def post(body, token="", where=HERE, **more):
    raw = body if isinstance(body, bytes | str) else json.dumps(body)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    client = Client(enforce_csrf_checks=True)
    return client.post(where, raw, content_type="application/json", headers=headers, **more)


def receipt(reference, status="delivered", **more):
    """As Notify sends it."""
    return {
        "id": str(uuid4()),
        "reference": reference if reference is None else str(reference),
        "to": "07700900123",
        "status": status,
        "created_at": "2026-11-25T10:00:01.000000Z",
        "completed_at": "2026-11-25T10:02:00.000000Z",
        "sent_at": "2026-11-25T10:00:02.000000Z",
        "notification_type": "sms",
        "template_id": str(uuid4()),
        "template_version": 1,
    } | more


@pytest.fixture
def left(referral, bo):
    """A text about news that is owed; it has left."""
    message = tell(referral, bo).reminders.get()
    send(Network())
    return message


# --- The door -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", [HERE, RETURNED])
def test_without_a_token_in_the_settings_there_is_no_door(where):
    assert post(receipt(uuid4()), token="anything", where=where).status_code == 404


@pytest.mark.parametrize("where", [HERE, RETURNED])
@pytest.mark.parametrize(
    "wrong", ["x", "é", "a-token-that-only-these-tests-kno", "a-token-that-only-these-tests-know2"]
)
def test_a_wrong_token_is_refused_and_changes_nothing(token, left, wrong, where):
    headers = {"HTTP_AUTHORIZATION": f"Bearer {wrong}"}
    answer = Client().post(where, json.dumps(receipt(left.pk)), content_type="application/json", **headers)
    assert answer.status_code == 403
    assert read(left).status == "sent"
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("header", ["", "Basic abc", "Bearer", "Bearer "])
def test_no_token_is_asked_for_one(token, header):
    headers = {"HTTP_AUTHORIZATION": header} if header else {}
    answer = Client().post(HERE, "{}", content_type="application/json", **headers)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_the_token_is_compared_in_constant_time(token, monkeypatch):
    from referrals.notify import receiving

    compared = []
    monkeypatch.setattr(receiving.hmac, "compare_digest", lambda *both: compared.append(both) or True)
    post(receipt(uuid4()), token="guess")
    assert compared == [(b"guess", token.encode())]


def test_it_is_not_shown_to_a_browser(token):
    assert Client().get(HERE).status_code == 405


MALFORMED = {
    "empty": "",
    "no JSON": "{",
    "not text": b"\xff\xfe",
    "a list": "[]",
    "a word": '"delivered"',
    "deep": "[" * 9000,
    "long": json.dumps(receipt(uuid4(), note="x" * 10_000)),
    "no status": json.dumps({"reference": str(uuid4())}),
    "no reference": json.dumps({"status": "delivered"}),
    "status a number": json.dumps(receipt(uuid4(), status=1)),
    "status a list": json.dumps(receipt(uuid4(), status=["delivered"])),
    "status too long": json.dumps(receipt(uuid4(), status="d" * 201)),
    "reference an object": json.dumps({"status": "delivered", "reference": {}}),
    "reference with a zero": json.dumps({"status": "delivered", "reference": "\0"}),
    "time a number": json.dumps(receipt(uuid4(), completed_at=12)),
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_what_is_not_a_receipt_is_said_to_be_none(token, body):
    answer = post(body, token)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["status"] == 400


# --- What they do -------------------------------------------------------------------------------------------


def test_a_text_that_arrived_counts_as_told(token, left):
    assert post(receipt(left.pk), token).status_code == 204
    told = FollowUp.objects.get(kind="tell_person")
    assert (read(left).status, told.result, told.done_by) == ("delivered", "delivered", None)
    noted = Receipt.objects.get()
    assert (noted.said, noted.how, noted.at.isoformat()) == ("delivered", "told", "2026-11-25T10:02:00+00:00")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("permanent-failure", "bad_address"),
        ("temporary-failure", "unavailable"),
        ("technical-failure", "technical"),
    ],
)
def test_a_text_that_failed_is_a_persons_with_the_reason(token, left, said, reason):
    assert post(receipt(left.pk, said), token).status_code == 204
    assert (read(left).status, read(left).reason) == ("failed", reason)
    assert FollowUp.objects.filter(kind="message_failed", done_at=None).count() == 1
    assert Reminder.objects.get(dedupe_key__endswith=":then:letter").status == "queued"


ORDERS = [
    (["delivered", "delivered"], "delivered"),
    (["temporary-failure", "delivered"], "delivered"),
    (["delivered", "temporary-failure"], "delivered"),
    (["delivered", "sending", "created"], "delivered"),
    (["sending", "pending", "delivered", "permanent-failure", "sending"], "delivered"),
    (["temporary-failure", "temporary-failure", "sending"], "failed"),
    (["sending", "nonsense", "pending"], "sent"),
]


@pytest.mark.parametrize(("said", "end"), ORDERS, ids=["-".join(said) for said, _ in ORDERS])
def test_they_may_repeat_and_come_in_any_order(token, left, said, end):
    for one in said:
        assert post(receipt(left.pk, one), token).status_code == 204
    assert read(left).status == end
    known = {one for one in said if one != "nonsense"}
    assert sorted(Receipt.objects.values_list("said", flat=True)) == sorted(known)
    assert FollowUp.objects.filter(kind="message_failed", done_at=None).count() == (1 if end == "failed" else 0)


@pytest.mark.parametrize(
    "reference", [None, "", "12345678", "batch of Monday", "4a70f8e5-fb7a-4541-bdd2-ac92ae3eac79"]
)
def test_a_reference_that_is_not_ours_makes_nothing(token, left, reference):
    before = Reminder.objects.count()
    body = receipt(reference)
    expected = 400 if reference == "" else 204
    assert post(body, token).status_code == expected
    assert (Reminder.objects.count(), Receipt.objects.count()) == (before, 0)


def test_one_that_comes_before_the_hand_over_was_written_down_is_not_lost(token, referral, bo):
    message, network = tell(referral, bo).reminders.get(), Network()
    network.before_send = lambda _: post(receipt(message.pk), token)
    send(network)
    assert read(message).status == "delivered"
    assert not FollowUp.objects.open().exists()


def test_a_receipt_for_a_message_that_was_cancelled_changes_nothing(token, person):
    message = message_to(person)
    Reminder.objects.update(status="cancelled", reason="withdrawn", settled_at=WEDNESDAY)
    assert post(receipt(message.pk), token).status_code == 204
    assert read(message).status == "cancelled"


def test_nothing_is_answered_before_it_is_written_down(token, left, monkeypatch):
    from referrals.notify import receiving

    def fail(**_):
        raise RuntimeError

    monkeypatch.setattr(receiving.fates, "receive", fail)
    client = Client(raise_request_exception=False)
    headers = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    answer = client.post(HERE, json.dumps(receipt(left.pk)), content_type="application/json", **headers)
    assert answer.status_code == 500
    assert not Receipt.objects.exists()


def test_nothing_personal_is_logged(token, left, caplog):
    caplog.set_level(logging.DEBUG)
    post(receipt(left.pk, "nonsense", to="0770 MARKERTO"), token)
    post(receipt("MARKERREF", to="0770 MARKERTO"), token)
    post(receipt(left.pk, status=["MARKERSTATUS"]), token)
    assert "MARKER" not in caplog.text
    assert token not in caplog.text


# --- Letters ------------------------------------------------------------------------------------------------


def returned(reference):
    return {
        "notification_id": str(uuid4()),
        "reference": reference and str(reference),
        "date_sent": "2026-11-25T10:00:00.000000Z",
        "sent_by": "API",
        "template_name": "Letter",
        "template_id": str(uuid4()),
        "template_version": 1,
        "spreadsheet_file_name": None,
        "spreadsheet_row_number": None,
        "upload_letter_file_name": None,
    }


@pytest.fixture
def letter(left):
    """As if it had been a letter that Notify took."""
    Reminder.objects.filter(pk=left.pk).update(channel="letter", carrier="notify")
    return left


def test_a_letter_printed_and_posted_counts_as_told_and_one_that_comes_back_is_owed_again(token, letter):
    assert post(receipt(letter.pk, "received"), token).status_code == 204
    told = FollowUp.objects.get(kind="tell_person")
    assert (read(letter).status, told.result) == ("delivered", "delivered")
    for _ in range(2):
        assert post(returned(letter.pk), token, RETURNED).status_code == 204
    told.refresh_from_db()
    assert (read(letter).status, read(letter).reason, told.done_at) == ("failed", "returned", None)
    assert FollowUp.objects.filter(kind="message_failed", done_at=None).count() == 1


def test_that_it_was_posted_is_no_news_of_a_letter_that_came_back(token, letter):
    post(returned(letter.pk), token, RETURNED)
    post(receipt(letter.pk, "received"), token)
    assert (read(letter).status, read(letter).reason) == ("failed", "returned")


def test_what_another_message_told_stays_told_when_a_letter_comes_back(token, letter, person):
    told = FollowUp.objects.get(kind="tell_person")
    text = message_to(person, follow_up=told)
    Reminder.objects.filter(pk=text.pk).update(status="sent", sent_at=WEDNESDAY)
    post(receipt(letter.pk, "received"), token)
    post(receipt(text.pk, "delivered"), token)
    post(returned(letter.pk), token, RETURNED)
    told.refresh_from_db()
    assert told.done_at is not None


def test_a_text_cannot_come_back_as_a_letter(token, left):
    post(receipt(left.pk), token)
    assert post(returned(left.pk), token, RETURNED).status_code == 204
    assert read(left).status == "delivered"


def test_the_door_needs_no_way_out(token):
    assert isinstance(Notify(receipts_token=token).templates, dict)
    assert not OutboxMessage.objects.exists()
    with clock.at(WEDNESDAY + MINUTE):
        assert post(receipt(uuid4()), token).status_code == 204
