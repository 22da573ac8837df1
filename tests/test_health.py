"""Whether the service does its work, and why not, in words: for who watches it and for the admin."""

import json
from datetime import timedelta

import pytest
from django.db import OperationalError
from kombu import Connection

from accounts import clock
from accounts.models import Heartbeat
from accounts.tasks import beat
from inclusion import beat as scheduler
from inclusion import health
from inclusion.celery import app
from referrals import reminders
from referrals.models import Reminder
from tests import factories
from tests.referrals.reaching import message_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(tmp_path, monkeypatch):
    """An embedded queue of its own."""
    for name in ("messages", "control"):
        (tmp_path / name).mkdir()
    options = {
        "data_folder_in": str(tmp_path / "messages"),
        "data_folder_out": str(tmp_path / "messages"),
        "control_folder": str(tmp_path / "control"),
    }
    broker(monkeypatch, "filesystem://localhost", transport_options=options)


def broker(monkeypatch, url, **options):
    monkeypatch.setattr(app, "connection_for_write", lambda **_: Connection(url, **options))


def ask(client):
    answer = client.get("/readyz")
    return answer.status_code, answer.json()


def test_ready_when_all_answer_and_nothing_is_owed_for_long(client, queue):
    beat("one:1")
    status, said = ask(client)
    assert status == 200, said
    assert (said["status"], said["why"]) == ("ready", [])
    assert (said["last_scheduler"], said["schedulers"], said["queue_depth"]) == ("one:1", 1, 0)
    assert said["oldest_owed_seconds"] is None


def test_no_scheduler_at_all(client, queue):
    status, said = ask(client)
    assert (status, said["why"]) == (503, ["No scheduler has been heard of yet."])


@pytest.mark.parametrize(("minutes", "status"), [(4, 200), (6, 503)])
def test_a_scheduler_that_stopped_is_missed_after_five_minutes(client, queue, minutes, status):
    beat("one:1")
    with clock.at(clock.now() + timedelta(minutes=minutes)):
        answered, said = ask(client)
    assert answered == status
    assert said["why"] == (
        [] if status == 200 else ["No scheduler has been heard of for 6 minutes. Nothing is sent meanwhile."]
    )


def test_two_schedulers_are_seen_and_are_no_failure(client, queue):
    beat("one:1")
    beat("two:2")
    status, said = ask(client)
    assert (status, said["schedulers"]) == (200, 2)
    assert said["notes"] == ["2 schedulers are running. Nothing is sent twice, but one is enough."]


def test_one_that_took_over_from_another_is_one(client, queue):
    beat("one:1")
    with clock.at(clock.now() + timedelta(minutes=2)):
        beat("two:2")
        assert health.now().schedulers == 1
    with clock.at(clock.now() + timedelta(days=2)):
        beat("two:2")
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"scheduler", "scheduler two:2"}


@pytest.mark.parametrize(("minutes", "status"), [(4, 200), (6, 503)])
def test_what_has_been_due_for_five_minutes_is_said(client, queue, person, minutes, status):
    factories.ContactPlanFactory(service_user=person)
    message_to(person, due_at=clock.now())
    with clock.at(clock.now() + timedelta(minutes=minutes)):
        beat("one:1")
        answered, said = ask(client)
    assert answered == status, said
    assert said["oldest_owed_seconds"] >= minutes * 60
    if status == 503:
        assert said["why"] == ["A message has been due for 6 minutes and no worker has taken it."]
    assert person.name not in json.dumps(said)


def test_a_message_in_somebodys_hands_is_not_waiting(person):
    message_to(person, due_at=clock.now() - timedelta(hours=1))
    reminders.claim(now=clock.now())
    assert health.now().oldest_owed is None
    with clock.at(clock.now() + timedelta(hours=1)):
        assert health.now().oldest_owed == Reminder.objects.get().claimed_until


def test_calls_that_wait_for_a_worker_are_counted(queue):
    for _ in range(2):
        app.send_task("accounts.tasks.beat", connection=app.connection_for_write())
    assert health.queue_depth() == 2


def test_a_broker_that_is_not_there_is_no_empty_queue(client, monkeypatch):
    broker(monkeypatch, "redis://127.0.0.1:1/0")
    beat("one:1")
    status, said = ask(client)
    assert (status, said["queue"], said["queue_depth"]) == (503, "failing", None)


def test_a_database_that_is_not_there_is_said_and_nothing_else_is_claimed(client, queue, monkeypatch):
    def fail():
        raise OperationalError

    monkeypatch.setattr(health, "_database_answers", fail)
    status, said = ask(client)
    assert (status, said["why"], said["set_aside"]) == (503, ["The database does not answer."], None)


def test_a_scheduler_signs_its_beat():
    schedule = scheduler.DueAtOnce(app, lazy=True)
    schedule.setup_schedule()
    signed = [entry.kwargs for entry in schedule.schedule.values() if entry.task == scheduler.SIGN_OF_LIFE]
    assert signed == [{"scheduler": scheduler.name()}]


def test_an_admin_reads_why(as_dee, queue):
    shown = as_dee.get("/system/").content.decode()
    assert "No scheduler has been heard of yet." in shown
    beat("one:1")
    assert ">Working<" in as_dee.get("/system/").content.decode()
