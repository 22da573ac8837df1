"""A process that dies among messages that are handed over together, or one of them that breaks, takes none with
it; and how many go beside each other follows what the channel says."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import audit, clock
from accounts.models import AuditEvent, SetAside
from referrals import fates
from referrals.channels import HeldUp, NotReached
from referrals.models import Attempt, Reminder
from tests.factories import ContactPlanFactory, ServiceUserFactory
from tests.referrals.reaching import MINUTE, WEDNESDAY, Network, message_to, read, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning")]


@pytest.fixture
def waiting(ash):
    """Five people, and a message due to each."""
    return messages_to(5, ash)


def messages_to(number, by):
    made = []
    for _ in range(number):
        one = ServiceUserFactory(created_by=by)
        ContactPlanFactory(service_user=one)
        made.append(message_to(one))
    return made


# --- Leases, deaths and trouble -----------------------------------------------------------------------------


def test_where_hand_overs_are_slow_none_begins_late_in_the_lease(waiting):
    """The rest of it they have to end in: else another worker would take up what is still on its way."""
    network, began = Network(), []

    def slowly(message):
        row = read(message)
        left = row.claimed_until - clock.now()
        began.append(left)
        time.sleep(0.15)

    network.before_send = lambda message: slowly(Reminder(pk=message.reference))
    send(network, lease=timedelta(seconds=1))
    assert len(set(network.references)) == len(network.taken) == len(waiting)
    assert min(began) > timedelta(seconds=0.7)
    assert Attempt.objects.filter(result="not_begun").exists()
    assert set(Reminder.objects.values_list("status", "tries")) == {("sent", 1)}


def test_a_process_that_dies_in_the_middle_has_them_all_looked_up_and_none_sent_twice(waiting):
    network = Network("ok", "ok", "crash")
    with pytest.raises(KeyboardInterrupt):
        send(network)
    assert Attempt.objects.filter(ended_at=None).count() == len(waiting)
    send(network, 5 * MINUTE)
    assert len(set(network.references)) == len(network.taken) == len(waiting)
    assert Attempt.objects.filter(result="found").count() == 3
    assert AuditEvent.objects.filter(action="send_message").count() == len(waiting)


def test_one_that_cannot_be_written_down_as_sent_is_set_aside_alone_and_not_sent_twice(waiting, monkeypatch):
    record, network = audit.record_each, Network()

    def break_for_one(action, *, by, about):
        about = list(about)
        if any(one.pk == waiting[2].pk for one, _organisation, _details in about):
            raise ValueError
        record(action, by=by, about=about)

    with monkeypatch.context() as broken:
        broken.setattr(audit, "record_each", break_for_one)
        send(network)
    assert SetAside.objects.get().key == str(waiting[2].pk)
    assert read(waiting[2]).status == "queued"
    assert AuditEvent.objects.filter(action="send_message").count() == len(waiting) - 1, (
        "no audit, no trace of it sent"
    )
    send(network, 10 * MINUTE)
    assert read(waiting[2]).status == "sent"
    assert len(set(network.references)) == len(network.taken) == len(waiting)
    assert not SetAside.objects.exists()


def test_a_receipt_that_comes_before_it_is_written_down_as_sent_counts_and_the_audit_is_whole(waiting):
    network = Network()
    network.before_send = lambda message: fates.receive(reference=message.reference, fate="delivered")
    send(network)
    assert set(Reminder.objects.values_list("status", flat=True)) == {"delivered"}
    assert AuditEvent.objects.filter(action="send_message").count() == len(network.taken)
    assert set(Attempt.objects.values_list("result", flat=True)) == {"accepted"}


def test_one_message_more_costs_one_question_more(ash):
    """Asked whether all still stands; everything else is asked once for all of them."""

    def questions(number):
        messages_to(number, ash)
        with CaptureQueriesContext(connection) as asked:
            send(Network())
        return len(asked)

    questions(1)
    assert questions(40) - questions(10) == 30


# --- Beside each other --------------------------------------------------------------------------------------


class Lanes(Network):
    """A channel that takes four at once, slowly."""

    at_once = 4

    def __init__(self, *answers):
        super().__init__(*answers)
        self.groups, self._here, self._lock, self.clocks = [], 0, threading.Lock(), set()

    def send(self, message):
        with self._lock:
            self._here += 1
            answer = self.answers.pop(0) if self.answers else "ok"
            self.clocks.add(clock.today())
        time.sleep(0.05)
        with self._lock:
            self.groups.append(self._here)
            self._here -= 1
        if answer == "key":
            raise HeldUp("key", for_all=True)
        if answer == "lost":
            raise NotReached
        self.taken.append(message)


@pytest.fixture
def twelve(ash):
    return messages_to(12, ash)


@pytest.mark.usefixtures("twelve")
def test_a_channel_that_is_slow_is_given_more_and_more_at_once():
    lanes = Lanes()
    send(lanes)
    assert len(lanes.taken) == 12
    assert max(lanes.groups) == 4
    assert lanes.clocks == {WEDNESDAY.date()}
    assert set(Reminder.objects.values_list("status", flat=True)) == {"sent"}


@pytest.mark.usefixtures("twelve")
def test_the_first_goes_alone_and_its_answer_may_be_for_all():
    lanes = Lanes("key")
    send(lanes)
    assert (lanes.groups, lanes.taken) == ([1], [])
    assert set(Reminder.objects.values_list("reason", flat=True)) == {"key"}


@pytest.mark.usefixtures("twelve")
def test_after_one_that_was_lost_they_go_one_by_one_again():
    lanes = Lanes("ok", "lost", "ok", "ok")
    send(lanes)
    assert len(lanes.taken) == 11
    assert Reminder.objects.filter(status="queued", tries=1).count() == 1
