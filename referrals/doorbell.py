"""Rings for a worker when a message has been queued; nothing is lost if nobody hears it, the next beat will."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

SEND_QUEUED = "referrals.tasks.send_queued"
SEND_MAIL = "referrals.tasks.send_mail"
SEND_HOOKS = "referrals.tasks.send_hooks"
ANSWER_PARTNERS = "referrals.tasks.answer_partners"
FORGET_AFTER = 60  # seconds: by then the beat has called


def ring_on_commit(task: str = SEND_QUEUED) -> None:
    transaction.on_commit(partial(ring, task))


def ring(task: str = SEND_QUEUED) -> None:
    """A broker that is down must not fail what was already committed."""
    try:
        current_app.send_task(task, expires=FORGET_AFTER, retry=False)
    except (OperationalError, OSError):
        log.warning("the queue could not be reached: the scheduler will send what is due")
