"""Celery as clock and hands. The rows are the job: each task may be missed, late, killed or run twice at once."""

from collections.abc import Callable

from celery import Task, shared_task

from accounts import clock
from referrals import due, receipts, sending
from referrals.actions import run_clocks as ask_about_overdue


def job(function: Callable[[], None]) -> Task:
    """Acknowledged only when done, so that a worker's death rings the bell again; cut off when it hangs."""
    name = f"referrals.tasks.{function.__name__}"
    return shared_task(name=name, acks_late=True, soft_time_limit=90, time_limit=120)(function)


@job
def queue_due() -> None:
    """Opens what has become due without anybody acting."""
    due.queue_due()


@job
def send_queued() -> None:
    """First what became of the messages that left, then those that are due; the next beat goes on from here."""
    receipts.collect()
    sending.send_due()


@job
def run_clocks() -> None:
    """Asks somebody about what is overdue; no state changes."""
    ask_about_overdue(now=clock.now())
