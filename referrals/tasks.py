"""Celery as clock and hands. The rows are the job: each task may be missed, late, killed or run twice at once."""

from celery import shared_task

from accounts import clock
from referrals import due, receipts, sending
from referrals.actions import run_clocks as ask_about_overdue

LIMITS = {"soft_time_limit": 90, "time_limit": 120, "acks_late": True, "ignore_result": True}


@shared_task(name="referrals.tasks.queue_due", **LIMITS)
def queue_due() -> None:
    """Opens what has become due without anybody acting."""
    due.queue_due()


@shared_task(name="referrals.tasks.send_queued", **LIMITS)
def send_queued() -> None:
    """First what became of the messages that left, then those that are due; the next beat goes on from here."""
    receipts.collect()
    sending.send_due()


@shared_task(name="referrals.tasks.run_clocks", **LIMITS)
def run_clocks() -> None:
    """Asks somebody about what is overdue; no state changes."""
    ask_about_overdue(now=clock.now())
