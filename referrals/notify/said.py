"""What GOV.UK Notify said about a message, in words and with its times; and why our set-up makes messages wait."""

from typing import NamedTuple

from django.db.models import Count

from accounts.models import Membership
from referrals.failures import SET_UP
from referrals.messages import time_in_words
from referrals.models import Receipt, Reminder
from referrals.notify.statuses import meaning


class Said(NamedTuple):
    """One receipt. `when`: Notify's own time, else when we heard of it."""

    words: str
    when: str
    how: str


def newest_first(reminder: Reminder) -> list[Said]:
    """The newest by Notify's own times: they come in any order."""
    receipts = sorted(reminder.receipts.all(), key=lambda receipt: (receipt.at or receipt.heard_at, receipt.pk))
    return [_said(receipt, reminder.channel) for receipt in reversed(receipts)]


def _said(receipt: Receipt, channel: str) -> Said:
    means = meaning(channel, receipt.said)
    when = time_in_words(receipt.at or receipt.heard_at)
    return Said(means.words if means else receipt.said, when, receipt.get_how_display())


class Problem(NamedTuple):
    words: str
    messages: int


def set_up_problems(membership: Membership) -> list[Problem]:
    """Why messages that this membership sees wait, though nothing is wrong with them; the most first."""
    waiting = Reminder.objects.visible_to(membership).filter(status=Reminder.Status.QUEUED, reason__in=SET_UP)
    counts = (
        waiting.order_by().values_list("reason").annotate(messages=Count("pk")).order_by("-messages", "reason")
    )
    return [Problem(SET_UP[reason], messages) for reason, messages in counts]
