"""Rings for a worker when the reading of a feed has been started; nothing is lost if nobody hears it."""

import logging

from celery import current_app
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

READ_FEEDS = "directory.tasks.read_feeds"
FORGET_AFTER = 60  # seconds: by then the beat has called


def ring() -> None:
    """A broker that is down must not fail what was already committed."""
    try:
        current_app.send_task(READ_FEEDS, expires=FORGET_AFTER, retry=False)
    except (OperationalError, OSError):
        log.warning("the queue could not be reached: the scheduler will read the feeds")
