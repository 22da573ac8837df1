"""A letter that was in the post before anybody knew that it should not go: what it did, and who looks at it."""

from contextlib import suppress

from django.db import IntegrityError, transaction

from accounts import audit, clock
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from people.london import london_day
from referrals import fates, letters
from referrals.followup import add_working_days
from referrals.models import BatchLetter, FollowUp, OutboxMessage, Reminder
from referrals.obligations.owed import close, owe
from referrals.post.reasons import NOT_THERE
from referrals.post.words import why


def went(letter: BatchLetter, reminder: Reminder, reason: str, *, by: Membership) -> bool:
    """Posted, with the reason against it kept; False where somebody else was first. The person's own team looks
    whether it does harm. Inside the caller's transaction."""
    if not letter.settle(BatchLetter.Status.POSTED, by=by, reason=reason[:40]):
        return False
    if reminder.status == Reminder.Status.CANCELLED:
        _restore(reminder)
    elif reminder.status == Reminder.Status.SENT:
        _count(reminder, reason, by)
    _owe_a_look(letter, reminder, reason)
    audit.record("letter_went_although", by=by, subject=letter, reason=reason)
    return True


def _count(reminder: Reminder, reason: str, by: Membership) -> None:
    if reason not in NOT_THERE:
        fates.arrived(reminder.pk, result=letters.POSTED, by=by)
        _settle_paper(reminder, "delivered")
        return
    fates.did_not_arrive(reminder.pk, "bad_address", from_=[Reminder.Status.SENT])
    close(FollowUp.objects.filter(kind=FollowUp.Kind.TELL_PERSON, key=f"post:{reminder.pk}"), reason, by=by)
    _settle_paper(reminder, "failed")


def _restore(reminder: Reminder) -> None:
    """A message that was stopped, and had left: it counts as one of its day again, where no other has taken it."""
    row = Reminder.objects.filter(pk=reminder.pk, status=Reminder.Status.CANCELLED)
    row.update(status=Reminder.Status.DELIVERED, settled_at=clock.now())
    _settle_paper(reminder, "delivered")
    if reminder.sent_at:
        with suppress(IntegrityError), transaction.atomic():
            Reminder.objects.filter(pk=reminder.pk).update(sent_on=london_day(reminder.sent_at))


def _settle_paper(reminder: Reminder, settled_as: str) -> None:
    OutboxMessage.objects.filter(reference=reminder.pk).update(settled_as=settled_as)


def _owe_a_look(letter: BatchLetter, reminder: Reminder, reason: str) -> None:
    person = reminder.service_user
    owe(
        kind=FollowUp.Kind.LETTER_WENT,
        key=f"letter:{letter.pk}",
        service_user=person,
        referral=None,
        team=person.team,
        what=_("A letter went although it should not (%(why)s): look whether that does harm.")
        % {"why": why(reason)},
        due_on=add_working_days(clock.today(), 1),
    )
