"""Asks the channels what became of texts and emails that have left, where nobody has told us yet."""

from datetime import datetime, timedelta

from accounts import clock
from referrals import fates
from referrals.channels import LookUpFailed, channel_for, outbox
from referrals.models import Reminder
from referrals.sending import Drivers

GIVE_UP_AFTER = timedelta(hours=72)
"""Networks try a phone that is switched off for up to three days."""


def collect(*, now: datetime | None = None, limit: int = 500, drivers: Drivers = channel_for) -> int:
    """How many came to an end: arrived, failed, or three days without a word."""
    now = now or clock.now()
    outbox.deliver(before=now)
    waiting = Reminder.objects.filter(status=Reminder.Status.SENT).exclude(channel=outbox.PAPER)
    return sum(_settled(reminder, now, drivers) for reminder in waiting.order_by("sent_at")[:limit])


def _settled(reminder: Reminder, now: datetime, drivers: Drivers) -> bool:
    try:
        fate = drivers(reminder.channel).look_up(reminder.pk)
    except LookUpFailed:
        fate = None
    if fate in ("delivered", "failed"):
        return fates.receive(reference=reminder.pk, fate=fate)
    silent = reminder.sent_at is not None and now - reminder.sent_at > GIVE_UP_AFTER
    return silent and fates.receive(reference=reminder.pk, fate="failed", reason="no_receipt")
