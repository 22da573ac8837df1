"""Messages are begun together and handed over one by one: whatever changes at any moment before that stops the one
that it is about, and no other."""

import time
from datetime import datetime, timedelta

import pytest

from accounts import clock
from people import actions as people
from people.london import LONDON
from people.models import ServiceUser
from referrals import actions, marks, moment, reminders, sending
from referrals.models import Appointment, Attempt, FollowUp, Outcome, Reminder
from referrals.obligations.doubted import doubt_address, doubt_number
from tests.factories import ConsentFactory, ContactPlanFactory, ServiceUserFactory
from tests.merging.records import merge
from tests.referrals.reaching import (
    WEDNESDAY,
    Network,
    appointment_of,
    message_to,
    read,
    referral_to,
    send,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning", "plan")]
SECOND = timedelta(seconds=1)


@pytest.fixture
def others(ash):
    """Four people whose messages are due before."""
    found = [ServiceUserFactory(created_by=ash, name="Somebody Else") for _ in range(4)]
    for one in found:
        ContactPlanFactory(service_user=one)
    return found


# --- What may change ----------------------------------------------------------------------------------------


class Case:
    """Somebody, and a message about a referral and an appointment that are theirs, which somebody owes them."""

    def __init__(self, person, offer, ash, bo, channel="text"):
        self.person, self.offer, self.ash, self.bo = person, offer, ash, bo
        self.consent = ConsentFactory(service_user=person)
        named = {"shared": {"name": person.name}, "named_worker": bo, "accepted_at": WEDNESDAY}
        self.referral = referral_to(offer, person, ash, consent=self.consent, **named)
        self.appointment = appointment_of(self.referral, bo, WEDNESDAY + timedelta(days=1))
        self.owed = FollowUp.objects.create(
            kind="tell_person", key="appointment:1:reminder:booked", service_user=person, team=ash.team,
            referral=self.referral, what="Tell them", due_on=WEDNESDAY.date(),
        )  # fmt: skip
        self.message = message_to(
            person, template="appointment_reminder", channel=channel, referral=self.referral,
            due_at=WEDNESDAY + SECOND, appointment=self.appointment, follow_up=self.owed,
            useful_until=WEDNESDAY + timedelta(days=1),
        )  # fmt: skip


def plan_tightened(case):
    ContactPlanFactory(service_user=case.person, answered=True, automatic=False, allowed=["call"])


def service_not_to_be_named(case):
    ContactPlanFactory(service_user=case.person, may_name_service=False)


def consent_taken_back(case):
    actions.withdraw_consent(consent=case.consent, how="Said so", by=case.ash)


def paused(case):
    case.person.refresh_from_db()
    until = WEDNESDAY.date() + timedelta(days=9)
    people.pause(service_user=case.person, reason="in_hospital", review_on=until, by=case.ash)


def died(case):
    ended = referral_to(case.offer, case.person, case.ash, "closed")
    Outcome.objects.create(referral=ended, outcome="died", whose_word="provider_only", recorded_by=case.bo)


def died_as_was_heard_of_a_referral_that_had_ended(case):
    Outcome.objects.create(referral=case.ended, outcome="died", whose_word="provider_only", recorded_by=case.bo)


def joined_to_a_record_that_is_paused(case):
    kept = ServiceUserFactory(created_by=case.ash, team=case.person.team)
    ContactPlanFactory(service_user=kept)
    until = WEDNESDAY.date() + timedelta(days=9)
    people.pause(service_user=kept, reason="in_hospital", review_on=until, by=case.ash)
    merge(kept, case.person, case.ash)


def referral_ended(case):
    type(case.referral).objects.filter(pk=case.referral.pk).update(
        status="withdrawn", action_with="", due_on=None, ended_at=WEDNESDAY
    )


def appointment_moved(case):
    Appointment.objects.filter(pk=case.appointment.pk).update(
        status="rearranged", outcome_at=WEDNESDAY, outcome_by=case.bo
    )


def told_already(case):
    FollowUp.objects.filter(pk=case.owed.pk).update(done_at=WEDNESDAY, result="told", done_by=case.bo)


def another_number(case):
    case.person.refresh_from_db()
    people.update(service_user=case.person, version=case.person.version, by=case.ash, phone="07700 900456")


def number_in_doubt(case):
    doubt_number(ServiceUser.objects.get(pk=case.person.pk), key="call:1")


def another_message_went_today(case):
    sent = {"status": "sent", "sent_at": WEDNESDAY, "sent_on": WEDNESDAY.date(), "due_at": WEDNESDAY}
    Reminder.objects.create(
        dedupe_key="other", service_user=case.other_record, template="accepted", channel="text", **sent
    )


def cancelled(case):
    Reminder.objects.filter(pk=case.message.pk).update(
        status="cancelled", reason="withdrawn", claim=None, claimed_until=None, settled_at=WEDNESDAY
    )


CHANGES = [
    plan_tightened,
    service_not_to_be_named,
    consent_taken_back,
    paused,
    died,
    died_as_was_heard_of_a_referral_that_had_ended,
    joined_to_a_record_that_is_paused,
    referral_ended,
    appointment_moved,
    told_already,
    another_number,
    number_in_doubt,
    another_message_went_today,
    cancelled,
]
GOES_ALL_THE_SAME = {service_not_to_be_named, another_number}
"""In other words, or to the new number."""


# --- When it may change -------------------------------------------------------------------------------------


def once(change):
    """`change`, the first time it is called."""
    done = []

    def call(*_about, **_more):
        if not done:
            done.append(True)
            change()

    return call


def after(monkeypatch, place, name, change):
    real, change = getattr(place, name), once(change)

    def call(*about, **more):
        found = real(*about, **more)
        change()
        return found

    monkeypatch.setattr(place, name, call)


def once_it_is_claimed(monkeypatch, network, change):
    after(monkeypatch, reminders, "claim", change)


def once_the_lease_is_renewed(monkeypatch, network, change):
    after(monkeypatch, reminders, "renew", change)


def while_it_is_looked_at(monkeypatch, network, change):
    after(monkeypatch, moment, "read", change)


def once_the_rules_are_known(monkeypatch, network, change):
    after(monkeypatch, moment, "know", change)


def once_it_is_written_down_as_tried(monkeypatch, network, change):
    after(monkeypatch, reminders, "start_attempts", change)


def once_its_begin_is_committed(monkeypatch, network, change):
    after(monkeypatch, sending, "_begin", change)


def while_the_first_is_handed_over(monkeypatch, network, change):
    network.before_send = once(change)


def while_the_one_before_it_is_handed_over(monkeypatch, network, change):
    change = once(change)
    network.before_send = lambda _message: change() if len(network.taken) == 3 else None


MOMENTS = [
    once_it_is_claimed,
    once_the_lease_is_renewed,
    while_it_is_looked_at,
    once_the_rules_are_known,
    once_it_is_written_down_as_tried,
    once_its_begin_is_committed,
    while_the_first_is_handed_over,
    while_the_one_before_it_is_handed_over,
]


@pytest.fixture
def case(person, offer, ash, bo, others):
    ContactPlanFactory(service_user=person, may_name_service=True)
    for other in others:
        message_to(other)
    case = Case(person, offer, ash, bo)
    case.ended = referral_to(offer, person, ash, "closed")
    case.other_record = ServiceUserFactory(created_by=ash)
    ServiceUser.objects.filter(pk=case.other_record.pk).update(merged_into=person)
    return case


def handed_over(case, network):
    return [one for one in network.taken if one.reference == case.message.pk]


@pytest.mark.parametrize("when", MOMENTS)
@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_before_the_hand_over_stops_the_message_whenever_it_changes(
    case, others, monkeypatch, change, when
):
    network = Network()
    when(monkeypatch, network, lambda: change(case))
    send(network)
    monkeypatch.undo()
    assert len(network.taken) - len(handed_over(case, network)) == len(others), "the others go"
    if change in GOES_ALL_THE_SAME:
        [gone] = handed_over(case, network)
        assert gone.to == ("+447700900456" if change is another_number else "+447700900123")
        return
    assert not handed_over(case, network)
    stays = read(case.message)
    assert stays.status not in {"sent", "delivered", "claimed"}
    assert (stays.sent_on, stays.tries) == (None, 0) or change is cancelled
    assert not Attempt.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize("change", sorted(set(CHANGES) - GOES_ALL_THE_SAME, key=lambda one: one.__name__))
def test_a_sender_that_does_not_ask_again_before_the_hand_over_is_found(case, monkeypatch, change):
    monkeypatch.setattr(marks, "of", lambda messages, today: dict.fromkeys(messages, ()))
    network = Network()
    while_the_one_before_it_is_handed_over(monkeypatch, network, lambda: change(case))
    send(network)
    assert handed_over(case, network), "else the test above shows nothing"


def test_without_a_change_all_go_and_each_is_tried_once(case, others):
    network = Network()
    send(network)
    assert len(network.taken) == len(others) + 1
    assert set(Attempt.objects.values_list("result", flat=True)) == {"accepted"}


def test_a_letter_to_an_address_that_comes_into_doubt_meanwhile_stays(person, offer, ash, bo, others, monkeypatch):
    ServiceUser.objects.filter(pk=person.pk).update(address="1 Example Road\nLondon", postcode="SE5 8AZ")
    case, network = Case(person, offer, ash, bo, channel="letter"), Network()
    Reminder.objects.filter(pk=case.message.pk).update(useful_until=None)
    fresh = ServiceUser.objects.get(pk=person.pk)
    once_its_begin_is_committed(monkeypatch, network, lambda: doubt_address(fresh, key="letter:1"))
    send(network)
    assert not handed_over(case, network)
    assert read(case.message).reason == "in_doubt"


def test_of_two_records_that_are_joined_between_look_and_hand_over_one_message_goes_today(
    person, ash, monkeypatch
):
    other = ServiceUserFactory(created_by=ash, team=person.team)
    ContactPlanFactory(service_user=other)
    both, network = [message_to(person), message_to(other)], Network()
    once_its_begin_is_committed(monkeypatch, network, lambda: merge(person, other, ash))
    send(network)
    assert len(network.taken) == 1
    assert sorted(read(message).status for message in both) == ["queued", "sent"]


def test_the_evening_that_begins_between_two_hand_overs_keeps_the_second(case, others):
    almost = datetime(2026, 11, 25, 19, 59, 59, 700_000, tzinfo=LONDON)
    Reminder.objects.update(due_at=almost - SECOND)
    network = Network()
    network.before_send = lambda _message: time.sleep(0.4)
    with clock.at(almost):
        sending.send_due(drivers=network)
    assert len(network.taken) == 1
    waiting = Reminder.objects.filter(status="queued")
    assert {one.due_at for one in waiting} == {datetime(2026, 11, 26, 9, 0, tzinfo=LONDON)}
