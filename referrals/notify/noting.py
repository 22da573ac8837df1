"""Writes down what GOV.UK Notify said about a message, each status once."""

import logging
from datetime import UTC, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from referrals.models import Receipt
from referrals.notify.statuses import meaning

log = logging.getLogger(__name__)


def moment(value: object) -> datetime | None:
    """Notify's times are UTC, with or without saying so. None for what is no time."""
    try:
        when = parse_datetime(value) if isinstance(value, str) else None
        if when is None:
            return None
        return when.replace(tzinfo=UTC) if timezone.is_naive(when) else when.astimezone(UTC)
    except (ValueError, OverflowError):  # the ends of the calendar have no place in UTC
        return None


def note(reference: UUID, channel: str, said: str, at: object, *, asked: bool) -> None:
    """A word that Notify does not document is not kept: it says nothing to anybody."""
    if meaning(channel, said) is None:
        log.warning("GOV.UK Notify says something of message %s that is not in its documentation", reference)
        return
    how = Receipt.How.ASKED if asked else Receipt.How.TOLD
    row = Receipt(reminder_id=reference, said=said, at=moment(at), how=how)
    Receipt.objects.bulk_create([row], ignore_conflicts=True)
