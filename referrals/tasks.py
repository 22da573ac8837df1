"""Celery as clock and hands. The rows are the job: each task may be missed, late, killed or run twice at once."""

from collections.abc import Callable

from celery import Task, shared_task

from accounts import clock, set_aside
from referrals import due, receipts, sending, waits
from referrals.actions import run_clocks as ask_about_overdue
from referrals.digests import queue_digests
from referrals.mail import sending as mail
from referrals.partner import door, links
from referrals.post.chasing import chase
from referrals.webhooks import sending as hooks


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


@job
def chase_letters() -> None:
    """Runs of letters that were printed and never marked become somebody's follow-up."""
    chase()


@job
def work_out_waits() -> None:
    """What referrals really waited, put beside the provider's own word in the directory."""
    waits.work_out_waits()


@job
def send_mail() -> None:
    """To staff and providers; the next beat goes on from here."""
    mail.send_due()


@job
def write_digests() -> None:
    """The morning email to staff, once a working day; those that are left are looked at by the next beat."""
    queue_digests()


@job
def send_hooks() -> None:
    """Events to other systems; the next beat goes on from here."""
    hooks.send_due()


@job
def answer_partners() -> None:
    """Codes that were asked for at a link, then what no longer opens and what no limit counts any more."""
    set_aside.all_of(door.answer_asked, door.note_refused, lambda: links.stop_shut(clock.now()), door.forget_tries)
