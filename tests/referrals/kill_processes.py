"""The processes of the kill test, forked from one that has everything loaded: killed and back within a moment.

Each is the real thing (Celery's worker and scheduler, the whole of Django behind a port, GOV.UK Notify's
simulator); only the times are shortened, so that a day of waiting fits into a minute.
"""

import os
import random
import signal
import socket
import sys
import time
from contextlib import suppress
from contextvars import ContextVar
from datetime import datetime, timedelta
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import get_resolver
from django.utils import timezone

from accounts import clock, set_aside
from inclusion.celery import app
from people.london import LONDON
from referrals import moment, reminders, sending
from referrals.notify import driver
from referrals.notify.record import Record
from referrals.notify.running import server_for
from referrals.notify.simulator import Faults, Simulator

WEDNESDAY = datetime(2026, 11, 25, 10, 0, tzinfo=LONDON)
LEASE = timedelta(seconds=6)
TIMEOUT = 1.5
"""Seconds that Notify's client waits; the lease outlasts it, as 120 seconds outlast 15 in earnest."""
FAULTS = {"cut": 0.10, "hang": 0.03, "error": 0.10, "busy": 0.05}


def shorten_times(offset: timedelta) -> None:
    """For this process and all that are forked from it: a Wednesday morning, and seconds for minutes and hours."""
    _ = get_resolver().url_patterns  # loaded once, as gunicorn does: no process waits for it after each kill
    clock._moved = ContextVar("moved", default=offset)
    reminders.WAITS[:] = [timedelta(seconds=0.5)] * len(reminders.WAITS)
    set_aside.WAITS[:] = [timedelta(seconds=0.5)] * len(set_aside.WAITS)
    sending.send_due.__kwdefaults__["lease"] = LEASE
    driver.TIMEOUT = TIMEOUT
    for entry in app.conf.beat_schedule.values():
        seconds = 0.3 if entry["task"].endswith("send_queued") else 2.0
        entry.update(schedule=seconds, options={"expires": 2 * seconds})


def plant(fault: str) -> None:
    """A sender with a fault, which the test must find."""
    if fault == "repeats":
        driver.Notify.look_up = lambda self, reference: None
    elif fault == "gives-up":
        driver.Notify.look_up = lambda self, reference: "sent"
    elif fault == "ignores-plans":
        moment.recheck = lambda reminder, known, now: None
    elif fault:
        raise SystemExit(f"no such fault: {fault}")


def _fork(run) -> int:
    connections.close_all()
    if pid := os.fork():
        return pid
    os.setsid()
    log = os.open(os.environ["KILL_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    random.seed(os.getpid())
    try:
        run()
    finally:
        os._exit(1)


def worker() -> int:
    name = f"w{time.monotonic_ns()}@test"
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "ERROR"]
    return _fork(lambda: app.worker_main(["worker", "--pool", "solo", "--hostname", name, *quiet]))


def scheduler() -> int:
    return _fork(lambda: app.Beat(loglevel="ERROR", quiet=True, pidfile=None).run())


class _Web(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64

    def server_bind(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        super().server_bind()


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        """The test looks at rows, not at lines."""


def web(port: int) -> int:
    def run():
        server = _Web(("127.0.0.1", port), _Quiet)
        server.set_app(get_wsgi_application())
        server.serve_forever()

    return _fork(run)


def simulator(path: str, port: int, *, faulty: bool) -> int:
    """Never killed: it is the world outside."""

    def run():
        faults = Faults(FAULTS if faulty else {}, hang_for=TIMEOUT + 1, delay=0.03)
        one = Simulator(
            api_key=settings.NOTIFY.api_key,
            templates=settings.NOTIFY.templates,
            record=Record(path),
            faults=faults,
            settle_after=0.5,
        )
        server_for(one, port).serve_forever()

    return _fork(run)


def client(run) -> int:
    return _fork(run)


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(pid, 0)


def flush_queue() -> None:
    """What a broker that restarts without a disk leaves: nothing."""
    if settings.REDIS_URL:
        from redis import Redis

        Redis.from_url(settings.REDIS_URL).flushdb()
    else:
        for file in Path(settings.VAR_DIR, "queue", "messages").iterdir():
            file.unlink(missing_ok=True)


def morning() -> timedelta:
    return WEDNESDAY - timezone.now()


def say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
