"""May a message be tried now? One that perhaps went already is looked up first."""

from datetime import timedelta

from accounts import clock
from referrals import fates, reminders
from referrals.channels import Channel, LookUpFailed, carrier_of
from referrals.channels.run import Run
from referrals.failures import HELD_UP
from referrals.models import Reminder
from referrals.reminders import MAX_TRIES

Status = Reminder.Status

LATE = timedelta(minutes=5)
"""A message this late was perhaps sent before a backup was restored: the channel is asked first."""


def is_ready(reminder: Reminder, channel: Channel, run: Run) -> bool:
    """Is it to be begun now? If not, why not is written down here."""
    if run.is_over():
        reminders.put_back(reminder, due_at=reminder.due_at)
    elif code := run.closed.get(reminder.channel):
        fates.spared(reminder, code)
    elif _perhaps_sent(reminder) and not _look_up(reminder, channel, run):
        return False
    elif reminder.tries >= MAX_TRIES:
        fates.fail(reminder, status=Status.FAILED, reason=_why_given_up(reminder))
    else:
        return True
    return False


def _why_given_up(reminder: Reminder) -> str:
    if reminder.reason in HELD_UP:
        return reminder.reason
    return "not_reached" if reminder.sent_on else "set_aside"


def _perhaps_sent(reminder: Reminder) -> bool:
    return reminder.sent_on is not None or clock.now() - reminder.due_at > LATE


def _look_up(reminder: Reminder, channel: Channel, run: Run) -> bool:
    """True if the channel never had it, so that it may be sent; else its fate is written down here."""
    try:
        fate = channel.look_up(reminder.pk)
    except LookUpFailed as error:
        if error.code:
            run.closed[reminder.channel] = error.code
        else:
            run.silences += 1
        if reminder.tries >= MAX_TRIES:
            fates.fail(reminder, status=Status.NOT_KNOWN, reason="no_answer")
        else:
            fates.try_again(reminder, counted=False, reason=error.code)
        return False
    if fate:
        fates.found(reminder, fate, carrier_of(channel))
    else:
        fates.never_taken(reminder)
    return not fate
