"""Asks the channels what became of messages that have left, where nobody has told us yet."""

from datetime import datetime, timedelta
from time import monotonic

from django.db.models import Q

from accounts import clock, set_aside
from accounts.set_aside import What
from referrals import fates
from referrals.channels import LookUpFailed, channel_for, outbox
from referrals.models import Reminder
from referrals.models.contact import ON_PAPER
from referrals.sending import Drivers

GIVE_UP_AFTER = timedelta(hours=72)
"""Networks try a phone that is switched off for up to three days."""
LETTER_GIVEN_UP_AFTER = timedelta(days=10)
"""Printed on the next working day as a rule; but a fault there is mended before anything is said."""
ASK_FIRST, ASK_AGAIN = timedelta(minutes=5), timedelta(minutes=30)
"""A carrier tells us by itself as a rule: it is asked later, and seldom."""
BUSY_FOR = 15
"""Seconds after which no more are asked about: sending comes next in the same task."""


def collect(*, now: datetime | None = None, limit: int = 500, drivers: Drivers = channel_for) -> int:
    """How many came to an end: arrived, failed, or days without a word. Asked about longest ago comes first."""
    now = now or clock.now()
    outbox.deliver(before=now)
    waiting = Reminder.objects.filter(_to_be_asked(now), status=Reminder.Status.SENT).exclude(ON_PAPER)
    free = waiting.exclude(pk__in=set_aside.resting(What.RECEIPT)).select_related("service_user")
    known = set_aside.keys(What.RECEIPT)
    settled, stop_at = 0, monotonic() + BUSY_FOR
    for reminder in free.order_by("asked_at", "sent_at")[:limit]:
        if monotonic() >= stop_at:
            break
        settled += set_aside.attempt(
            What.RECEIPT,
            reminder,
            lambda reminder: _settled(reminder, now, drivers),
            organisation_id=reminder.service_user.organisation_id,
            known=known,
            in_transaction=False,
        )
    return settled


def _to_be_asked(now: datetime) -> Q:
    never, lately = Q(asked_at=None, sent_at__lte=now - ASK_FIRST), Q(asked_at__lte=now - ASK_AGAIN)
    return Q(carrier="") | never | lately


def _settled(reminder: Reminder, now: datetime, drivers: Drivers) -> bool:
    """Noted as asked before it is: one that makes trouble goes to the end of the line."""
    if reminder.carrier:
        Reminder.objects.filter(pk=reminder.pk).update(asked_at=now)
    try:
        fate = drivers(reminder.channel).look_up(reminder.pk)
    except LookUpFailed:
        fate = None
    if fate and fate != "sent":
        return fates.receive(reference=reminder.pk, fate=fate)
    patience = LETTER_GIVEN_UP_AFTER if reminder.channel == outbox.PAPER else GIVE_UP_AFTER
    silent = reminder.sent_at is not None and now - reminder.sent_at > patience
    return silent and fates.receive(reference=reminder.pk, fate="failed", reason="no_receipt")
