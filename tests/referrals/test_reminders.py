"""A message as a row: queued once, claimed by one, leased for a time, cancelled or left with its reason."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from referrals import reminders
from referrals.models import Reminder
from tests.factories import ServiceUserFactory
from tests.referrals.reaching import WEDNESDAY, message_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning")]
SECOND = timedelta(seconds=1)


def claim(later=SECOND, **more):
    return reminders.claim(now=WEDNESDAY + later, **more)


def test_the_same_thing_is_queued_once_whatever_the_channel(person):
    first = message_to(person, key="about this", channel="text")
    assert message_to(person, key="about this", channel="letter") == first
    assert Reminder.objects.count() == 1


def test_what_is_due_is_claimed_by_one_and_by_nobody_else(person):
    message = message_to(person)
    assert claim() == [message]
    assert claim() == []


def test_what_is_not_due_yet_is_not_claimed(person):
    message_to(person, due_at=WEDNESDAY + timedelta(hours=1))
    assert claim() == []


def test_the_longest_due_are_claimed_first_and_no_more_than_asked_for(person):
    late = message_to(person, due_at=WEDNESDAY - timedelta(hours=2))
    later = message_to(person, due_at=WEDNESDAY - timedelta(hours=3))
    message_to(person)
    assert claim(batch=2) == [later, late]


def test_a_lease_that_ran_out_is_claimed_by_another_and_the_first_has_lost_it(person):
    message_to(person)
    [first] = claim()
    [second] = claim(reminders.LEASE + 2 * SECOND)
    assert first.pk == second.pk
    assert first.claim != second.claim
    assert not reminders.renew([first], until=WEDNESDAY + timedelta(hours=1))
    assert not reminders.leave(first, status="sent", sent_at=WEDNESDAY)
    assert reminders.leave(second, status="sent", sent_at=WEDNESDAY)


def test_a_renewed_lease_is_not_claimed(person):
    message_to(person)
    [mine] = claim()
    assert reminders.renew([mine], until=WEDNESDAY + timedelta(minutes=10))
    assert claim(timedelta(minutes=5)) == []


@pytest.mark.parametrize("status", ["sent", "delivered", "failed", "refused", "stale", "cancelled", "not_known"])
def test_what_has_met_its_fate_is_never_claimed_again(person, status):
    message_to(person)
    [mine] = claim()
    reminders.leave(mine, status=status, reason="because", sent_at=WEDNESDAY)
    assert claim(timedelta(days=30)) == []


def test_two_messages_to_one_person_on_one_day_are_refused_by_the_database(person):
    message_to(person)
    message_to(person)
    first, second = claim()
    reminders.start_attempts([first], now=WEDNESDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        reminders.start_attempts([second], now=WEDNESDAY + timedelta(hours=3))
    reminders.start_attempts([second], now=WEDNESDAY + timedelta(days=1))


def test_two_people_may_be_written_to_on_one_day(person, ash):
    message_to(person)
    message_to(ServiceUserFactory(created_by=ash))
    for reminder in claim():
        reminders.start_attempts([reminder], now=WEDNESDAY)
    assert Reminder.objects.filter(sent_on=WEDNESDAY.date()).count() == 2


def test_a_cancelled_message_is_taken_from_whoever_claimed_it(person):
    message = message_to(person)
    [mine] = claim()
    assert reminders.cancel(Reminder.objects.filter(pk=message.pk), reason="withdrawn") == 1
    assert not reminders.renew([mine], until=WEDNESDAY)


def test_the_waits_grow_and_with_a_night_make_up_a_day():
    night = timedelta(hours=13)
    assert timedelta(hours=22) < sum(reminders.WAITS, night) < timedelta(hours=27)
    assert reminders.WAITS[:-1] == sorted(reminders.WAITS[:-1])
    assert reminders.MAX_TRIES == 8
    assert reminders.wait_after(1) == timedelta(minutes=1)
    assert reminders.wait_after(99) == reminders.WAITS[-1]
