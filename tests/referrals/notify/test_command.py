"""The simulator as a program of its own: part of the demo where that is asked for; its record outlives it."""

import os
import signal
import subprocess
import sys
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from inclusion.environment import SIMULATED, Notify
from inclusion.management.commands.serve import commands
from referrals.channels import Message, NotReached, channel_for
from referrals.notify.record import Record
from tests.processes import free_port, wait_until

pytestmark = pytest.mark.django_db


def test_the_demo_starts_it_where_one_variable_says_so_and_not_by_itself(settings):
    assert "notify" not in commands("127.0.0.1:8000", "127.0.0.1:8000")
    settings.NOTIFY = Notify(simulator=8025)
    assert commands("0.0.0.0:8000", "127.0.0.1:8000")["notify"][-2:] == [
        "--receipts-to",
        "http://127.0.0.1:8000/notify/receipts/",
    ]


def test_it_does_not_start_where_nothing_points_to_it():
    with pytest.raises(CommandError, match="Set NOTIFY_SIMULATOR to a port"):
        call_command("notify_simulator")


@pytest.mark.slow
def test_what_it_took_in_is_still_there_when_it_was_killed(tmp_path, settings, monkeypatch):
    port, file = free_port(), tmp_path / "asked.sqlite3"
    environment = os.environ | {"NOTIFY_SIMULATOR": str(port), "DEMO_MODE": "1", "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "notify_simulator", "--record", str(file), "--cut", "100"]
    process = subprocess.Popen(
        command, cwd=django_settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline() == f"GOV.UK Notify is simulated at http://127.0.0.1:{port}\n"
        settings.NOTIFY = Notify(SIMULATED["key"], f"http://127.0.0.1:{port}", {"text": SIMULATED["text"]})
        reference = uuid4()
        with pytest.raises(NotReached):
            channel_for("text").send(Message(reference, uuid4(), "text", "07700900123", "", "Hello"))
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
    assert wait_until(lambda: process.poll() is not None, 5)
    record = Record(str(file))
    assert (record.counts(), record.answers()) == ({str(reference): 1}, {"cut": 1})
    record.close()
