"""Runs web, worker and scheduler as one: starts and stops them together, and restarts what dies."""

import signal
import sys
import urllib.request
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections

from inclusion import starting
from inclusion.supervisor import Supervisor

# Celery warns root because messages could carry code (pickle); ours are JSON, and nothing else is accepted.
ROOT_IS_FINE = ["-W", "ignore:You're running the worker with superuser privileges"]
CELERY = [sys.executable, *ROOT_IS_FINE, "-m", "celery", "--quiet", "--app", "inclusion.celery"]


def commands(bind: str, reached_at: str) -> dict[str, list[str]]:
    quietly = ["--loglevel", "WARNING"]
    simulated = {"notify": simulator(reached_at)} if settings.NOTIFY.simulator else {}
    return {
        **simulated,
        "web": [sys.executable, "-m", "gunicorn", "-c", "python:inclusion.web_server", "--bind", bind],
        "worker": [*CELERY, "worker", *quietly, "--concurrency", "2", "--without-mingle"],
        "scheduler": [*CELERY, "beat", *quietly],
    }


def simulator(reached_at: str) -> list[str]:
    """The stand-in for GOV.UK Notify, which hands its receipts in here."""
    receipts = f"http://{reached_at}/notify/receipts/"
    return [sys.executable, "-m", "django", "notify_simulator", "--receipts-to", receipts]


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as response:  # noqa: S310 - our own address
            return response.status == 200
    except OSError:
        return False


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--prepare", action="store_true", help="run `manage.py prepare` first")

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # until the supervisor listens: no traceback for a Ctrl-C
        host, port = starting.address()
        starting.check_address_is_free(host, port)
        if options["prepare"]:
            call_command("prepare")
        else:
            starting.check_database()
            starting.check_redis()
        starting.empty_embedded_queue()
        connections.close_all()
        sys.exit(self.supervise(host, port))

    def supervise(self, host: str, port: int) -> int:
        reached_at = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - only compared
        reached = starting.display(reached_at, port)
        supervisor = Supervisor(commands(starting.display(host, port), reached), say=self.say)
        health = f"http://{reached}/healthz"
        return supervisor.run(is_up=lambda: answers(health), on_up=lambda: self.announce(host, port))

    def announce(self, host: str, port: int) -> None:
        self.say(f"Ready: http://{starting.display(host, port)}")
        if settings.DEMO_MODE:
            from inclusion.demo import DEMO_PASSWORD, SIGN_INS  # not part of a service that runs for real

            self.say(f"Everybody in it is made up. Sign in as one of these, with the password {DEMO_PASSWORD}")
            for person in SIGN_INS:
                self.say(f"  {person.email:<20} {person.name}. {person.does}")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
