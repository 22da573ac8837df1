"""Our client and GOV.UK Notify as documented, over real HTTP: every way out, every status, every fault."""

import logging
from uuid import uuid4

import pytest

from inclusion.environment import SIMULATED, Notify
from referrals import failures
from referrals.channels import HeldUp, LookUpFailed, Message, NotReached, Outbox, Rejected, carrier_of, channel_for
from referrals.models import Receipt
from referrals.notify import statuses
from referrals.notify.simulator import ERRORS
from tests.referrals.reaching import message_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("notify")]

TO = {
    "text": "+447700900123",
    "email": "robin@example.org",
    "letter": "Robin Example\n1 Example Road\nExampletown\nSE1 1AA",
}
WORDS = "Hello Robin. Markerword."


def message(channel="text", **more):
    fields = {"to": TO[channel], "subject": "A message from Your support team", "body": WORDS} | more
    return Message(reference=uuid4(), service_user_id=uuid4(), channel=channel, **fields)


@pytest.mark.parametrize("channel", TO)
def test_each_way_out_hands_over_whom_and_what_with_our_reference(notify, channel):
    handed = message(channel)
    channel_for(channel).send(handed)
    (taken,) = notify.record.by_reference(str(handed.reference))
    assert taken["body"] == WORDS
    assert taken["template"] == SIMULATED[channel]
    assert taken["recipient"] == TO[channel]
    assert taken["subject"] == ("" if channel == "text" else handed.subject)


def test_what_was_never_handed_over_is_not_found():
    assert channel_for("text").look_up(uuid4()) is None


def test_a_channel_without_a_template_stays_in_the_outbox(settings):
    settings.NOTIFY = Notify(SIMULATED["key"], settings.NOTIFY.base_url, {"text": SIMULATED["text"]})
    assert isinstance(channel_for("letter"), Outbox)
    assert carrier_of(channel_for("text")) == "notify"


def test_without_a_key_everything_stays_in_the_outbox(settings):
    settings.NOTIFY = Notify()
    assert all(isinstance(channel_for(channel), Outbox) for channel in TO)


# --- Every status -------------------------------------------------------------------------------------------

EVERY = [(channel, said) for channel, table in statuses.STATUSES.items() for said in table]


@pytest.mark.parametrize(("channel", "said"), EVERY)
def test_every_status_is_found_by_reference_and_kept_once(notify, person, channel, said):
    reminder = message_to(person, channel=channel)
    notify.settle_after = 0
    handed = message(channel)
    channel_for(channel).send(Message(**{**vars(handed), "reference": reminder.pk}))
    notify.record._run("UPDATE taken SET outcome = ?", said)
    means = statuses.STATUSES[channel][said]
    for _ in range(2):
        assert channel_for(channel).look_up(reminder.pk) == (means.reason or means.fate)
    noted = Receipt.objects.get(reminder=reminder)
    assert (noted.said, noted.how) == (said, "asked")
    assert noted.at is not None


@pytest.mark.parametrize(("channel", "said"), EVERY)
def test_every_status_has_words_and_every_failure_a_reason_that_a_worker_reads(channel, said):
    means = statuses.STATUSES[channel][said]
    assert means.words
    assert (means.fate == "failed") == bool(means.reason)
    assert not means.reason or means.reason in failures.WORDS


DOCUMENTED = {
    "text": "created sending pending sent delivered permanent-failure temporary-failure technical-failure",
    "email": "created sending delivered permanent-failure temporary-failure technical-failure",
    "letter": "accepted received cancelled technical-failure permanent-failure pending-virus-check "
    "virus-scan-failed validation-failed",
}


@pytest.mark.parametrize("channel", DOCUMENTED)
def test_no_documented_status_is_missing(channel):
    assert set(DOCUMENTED[channel].split()) <= set(statuses.STATUSES[channel])


def test_a_status_that_is_new_to_us_leaves_the_message_under_way(notify, person):
    reminder = message_to(person)
    notify.settle_after = 0
    channel_for("text").send(Message(**{**vars(message()), "reference": reminder.pk}))
    notify.record._run("UPDATE taken SET outcome = 'beamed'")
    assert channel_for("text").look_up(reminder.pk) == "sent"
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(
    ("channel", "to", "fate"),
    [
        ("text", "07700900003", "unavailable"),
        ("text", "07700900002", "bad_address"),
        ("text", "07700900123", "delivered"),
        ("email", "temp-fail@simulator.notify", "unavailable"),
        ("email", "perm-fail@simulator.notify", "bad_address"),
        ("email", "robin@example.org", "delivered"),
        ("text", "07700900000", None),  # answered, and forgotten
        ("text", "07700900111", None),
        ("email", "simulate-delivered-2@notifications.service.gov.uk", None),
    ],
)
def test_the_documented_test_recipients_end_as_documented(notify, person, channel, to, fate):
    notify.settle_after = 0
    reminder = message_to(person, channel=channel)
    channel_for(channel).send(Message(**{**vars(message(channel, to=to)), "reference": reminder.pk}))
    assert channel_for(channel).look_up(reminder.pk) == fate


# --- Every fault --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["cut", "hang", "odd", "error", "down", "lost"])
def test_an_answer_that_leaves_it_open_is_not_reached_and_the_look_up_knows(notify, person, fault):
    reminder = message_to(person)
    notify.next.append(fault)
    with pytest.raises(NotReached):
        channel_for("text").send(Message(**{**vars(message()), "reference": reminder.pk}))
    taken = fault in {"cut", "hang", "odd"}
    assert channel_for("text").look_up(reminder.pk) == ("sent" if taken else None)


@pytest.mark.parametrize(
    ("fault", "code", "for_all"),
    [
        ("busy", "busy", True),
        ("limit", "limit", True),
        ("key", "key", True),
        ("trial", "not_set_up", False),
    ],
)
def test_what_is_our_own_set_up_is_never_the_persons_fault(notify, fault, code, for_all):
    notify.next.append(fault)
    with pytest.raises(HeldUp) as refused:
        channel_for("text").send(message())
    assert (refused.value.code, refused.value.for_all) == (code, for_all)
    assert code in failures.HELD_UP


def test_every_fault_that_answers_is_tried_here():
    assert set(ERRORS) == {"busy", "limit", "error", "down", "trial", "key"}


@pytest.mark.parametrize(
    ("channel", "to"),
    [
        ("text", "07700"),
        ("email", "robin at home"),
        ("letter", "Robin Example\nSE1 1AA"),
        ("letter", "Robin Example\n1 Example Road\nExampletown"),
    ],
)
def test_a_bad_number_or_address_is_rejected_for_good(notify, channel, to):
    with pytest.raises(Rejected) as refused:
        channel_for(channel).send(message(channel, to=to))
    assert refused.value.code == "bad_address"


def test_a_text_that_notify_would_refuse_is_never_sent_there(notify):
    with pytest.raises(Rejected) as refused:
        channel_for("text").send(message(body="a" * 919))
    assert refused.value.code == "too_long"
    assert notify.record.answers() == {}


def wrong_key(settings, **more):
    key = "other-" + SIMULATED["key"].removeprefix("simulator-").replace("002", "003")
    settings.NOTIFY = Notify(key, settings.NOTIFY.base_url, settings.NOTIFY.templates | more)


def test_a_wrong_key_is_our_own_set_up_also_when_looking_up(settings):
    wrong_key(settings)
    with pytest.raises(HeldUp) as refused:
        channel_for("text").send(message())
    assert refused.value.code == "key"
    with pytest.raises(LookUpFailed) as failed:
        channel_for("text").look_up(uuid4())
    assert failed.value.code == "key"


def test_a_template_that_is_gone_is_our_own_set_up(settings):
    settings.NOTIFY = Notify(SIMULATED["key"], settings.NOTIFY.base_url, {"text": str(uuid4())})
    with pytest.raises(HeldUp) as refused:
        channel_for("text").send(message())
    assert refused.value.code == "not_set_up"


def test_a_channel_that_is_down_cannot_look_up(notify, settings):
    notify.look_ups_fail = True
    with pytest.raises(LookUpFailed) as failed:
        channel_for("text").look_up(uuid4())
    assert failed.value.code == ""


def test_nobody_listening_is_not_reached(settings):
    settings.NOTIFY = Notify(SIMULATED["key"], "http://127.0.0.1:9", settings.NOTIFY.templates)
    with pytest.raises(NotReached):
        channel_for("text").send(message())
    with pytest.raises(LookUpFailed):
        channel_for("text").look_up(uuid4())


@pytest.mark.parametrize("fault", [*ERRORS, "cut", "odd", ""])
def test_nothing_about_the_person_gets_into_a_log(notify, caplog, fault):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("notifications_python_client").propagate = True
    if fault:
        notify.next.append(fault)
    for channel in TO:
        try:
            channel_for(channel).send(message(channel))
            channel_for(channel).send(message(channel, to="0770 MARKERTO"))
        except (Rejected, HeldUp, NotReached):
            pass
    assert not {word for word in ("Markerword", "MARKERTO", "900123", "Example") if word in caplog.text}
