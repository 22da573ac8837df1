"""Letters on paper: marked as posted by whoever posted them, and as returned when they come back."""

from django.db import transaction

from accounts import audit
from accounts.errors import AlreadyChanged, NotAllowed, NotPossibleNow
from accounts.models import Membership
from referrals import fates
from referrals.channels.outbox import PAPER
from referrals.models import FollowUp, OutboxMessage, Reminder

POSTED = "letter_posted"


def is_ours(reminder: Reminder, membership: Membership) -> bool:
    """Whoever has the person to tell prints and posts; others see that there is a letter."""
    return fates.owner_of(reminder).organisation_id == membership.organisation_id


@transaction.atomic
def mark_posted(*, reminder: Reminder, by: Membership) -> None:
    """The letter is in the post: from now on, and not before, the person counts as told."""
    _check(reminder, by, Reminder.Status.SENT, "This letter is not waiting to be posted.")
    if not fates.arrived(reminder.pk, result=POSTED, by=by):
        raise AlreadyChanged("Somebody else has already dealt with this letter.")
    OutboxMessage.objects.filter(reference=reminder.pk).update(settled_as="delivered")
    audit.record("mark_letter_posted", by=by, subject=reminder)


@transaction.atomic
def mark_returned(*, reminder: Reminder, by: Membership) -> None:
    """The letter came back, perhaps weeks later: the person was not told after all, and somebody has to."""
    _check(reminder, by, Reminder.Status.DELIVERED, "Only a letter that was posted can come back.")
    FollowUp.objects.filter(reminders=reminder, result=POSTED).update(done_at=None, done_by=None, result="")
    if not fates.did_not_arrive(reminder.pk, "returned", from_=[Reminder.Status.DELIVERED]):
        raise AlreadyChanged("Somebody else has already dealt with this letter.")
    OutboxMessage.objects.filter(reference=reminder.pk).update(settled_as="failed")
    audit.record("mark_letter_returned", by=by, subject=reminder)


def _check(reminder: Reminder, by: Membership, status: str, sentence: str) -> None:
    if not is_ours(reminder, by):
        raise NotAllowed("This letter belongs to another organisation, which posts it.")
    row = Reminder.objects.filter(pk=reminder.pk, channel=PAPER).values_list("status", flat=True).first()
    if row != status:
        raise NotPossibleNow(sentence, state=row or "", allowed=[])
