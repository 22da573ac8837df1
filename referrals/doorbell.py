"""Rings for a worker when a message has been queued; nothing is lost if nobody hears it, the next beat will."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

SEND_QUEUED = "referrals.tasks.send_queued"
FORGET_AFTER = 60  # seconds: by then the beat has called


def ring_on_commit() -> None:
    transaction.on_commit(ring)


def ring() -> None:
    """A broker that is down must not fail what was already committed."""
    try:
        current_app.send_task(SEND_QUEUED, expires=FORGET_AFTER, retry=False)
    except (OperationalError, OSError):
        log.warning("the queue could not be reached: the scheduler will send what is due")
