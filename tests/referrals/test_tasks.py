"""The jobs: on the beat, safe to run twice, and rung for without depending on the bell."""

import re
from datetime import timedelta

import pytest
from celery import current_app
from django.conf import settings
from django.db import OperationalError, connection, transaction
from kombu.exceptions import OperationalError as BrokerError

from accounts import clock
from inclusion.celery import app
from referrals import doorbell, moment, obligations, sending, tasks
from referrals.models import FollowUp, OutboxMessage, Reminder
from tests.factories import ConsentFactory, ContactPlanFactory, ServiceUserFactory
from tests.referrals.reaching import WEDNESDAY, event_of, message_to, referral_to

pytestmark = pytest.mark.usefixtures("wednesday_morning")
OURS = ("queue_due", "send_queued", "run_clocks")


@pytest.fixture
def referral(person, offer, ash):
    ContactPlanFactory(service_user=person)
    ConsentFactory(service_user=person)
    return referral_to(offer, person, ash)


@pytest.mark.parametrize("name", OURS)
def test_every_job_is_on_the_beat_and_bounded(name):
    task = app.tasks[f"referrals.tasks.{name}"]
    assert task.name in {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert task.acks_late
    assert 0 < task.soft_time_limit < task.time_limit <= 120


def test_no_job_is_put_off_with_a_countdown():
    """A due time is a column: a broker that delivers a long delay again would send again."""
    for app_name in ("accounts", "people", "screening", "directory", "referrals", "reports", "inclusion"):
        for path in (settings.BASE_DIR / app_name).rglob("*.py"):
            assert not re.search(r"\b(countdown|eta)=", path.read_text()), path


@pytest.mark.django_db
def test_each_job_run_twice_does_its_work_once(referral, bo):
    obligations.tell_person(referral=referral, event=event_of(referral, bo), template="accepted", by=bo)
    for _ in range(2):
        for name in OURS:
            getattr(tasks, name)()
    assert OutboxMessage.objects.count() == 1
    assert FollowUp.objects.exclude(kind="nudge").count() == 1


@pytest.mark.django_db
def test_news_is_told_by_the_beat_alone(referral, bo):
    follow_up = obligations.tell_person(
        referral=referral, event=event_of(referral, bo), template="accepted", by=bo
    )
    for beat in range(3):
        with clock.at(WEDNESDAY + beat * timedelta(seconds=30)):
            tasks.send_queued()
    follow_up.refresh_from_db()
    assert (follow_up.result, Reminder.objects.get().status) == ("delivered", "delivered")


@pytest.mark.django_db
def test_a_run_stops_at_its_limit_and_the_next_goes_on(ash):
    for _ in range(7):
        other = ServiceUserFactory(created_by=ash)
        ContactPlanFactory(service_user=other)
        message_to(other)
    assert sending.send_due(limit=4, batch=3) == 4
    assert sending.send_due(limit=4, batch=3) == 3


@pytest.mark.django_db
def test_a_run_stops_when_it_has_been_busy_for_long(person, monkeypatch):
    ContactPlanFactory(service_user=person)
    message_to(person)
    monkeypatch.setattr(sending, "BUSY_FOR", 0)
    assert sending.send_due() == 0


@pytest.mark.django_db
def test_a_database_that_fails_stops_the_run_and_loses_nothing(person, monkeypatch):
    ContactPlanFactory(service_user=person)
    message = message_to(person)

    def fail(reminder, plan):
        raise OperationalError

    with monkeypatch.context() as broken:
        broken.setattr(moment, "compose", fail)
        broken.setattr(connection, "is_usable", lambda: False)
        with pytest.raises(OperationalError):
            sending.send_due()
    with clock.at(WEDNESDAY + timedelta(minutes=3)):
        sending.send_due()
    assert OutboxMessage.objects.get().reference == message.pk


# --- The bell -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_bell_rings_once_the_news_is_committed(referral, bo, monkeypatch, django_capture_on_commit_callbacks):
    rung = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **_: rung.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        obligations.tell_person(referral=referral, event=event_of(referral, bo), template="accepted", by=bo)
        assert rung == []
    assert rung == ["referrals.tasks.send_queued"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [BrokerError, ConnectionRefusedError, TimeoutError])
def test_a_broker_that_is_down_fails_nothing(referral, bo, monkeypatch, error):
    def refuse(name, **_):
        raise error

    monkeypatch.setattr(current_app, "send_task", refuse)
    with transaction.atomic():
        obligations.tell_person(referral=referral, event=event_of(referral, bo), template="accepted", by=bo)
    assert Reminder.objects.get().status == "queued"


@pytest.mark.skipif(bool(settings.REDIS_URL), reason="looks into the embedded queue's folder")
def test_the_embedded_queue_carries_the_bell():
    folder = settings.VAR_DIR / "queue" / "messages"
    before = set(folder.iterdir())
    doorbell.ring()
    [message] = set(folder.iterdir()) - before
    assert "referrals.tasks.send_queued" in message.read_text()
    message.unlink()
