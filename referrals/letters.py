"""One letter on paper: whether it may still be posted, marked as posted by whoever posted it, and as returned."""

from datetime import datetime

from django.db import transaction

from accounts import audit, clock
from accounts.errors import AlreadyChanged, NotAllowed, NotPossibleNow
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from people.safe_contact import may_contact
from referrals import fates, moment, reach, reminders
from referrals.channels.outbox import PAPER
from referrals.deaths import has_died
from referrals.doubts import is_address_in_doubt
from referrals.messages import NotFitToSend
from referrals.models import FollowUp, OutboxMessage, Outcome, Reminder
from referrals.obligations.owed import close
from referrals.obligations.telling import in_time
from referrals.sharing import is_over

POSTED = "letter_posted"
NO_LONGER_NEEDED = {
    "told_already",
    "appointment_gone",
    "entered_in_error",
    "referral_ended",
    "died",
    "too_late",
}
"""Nobody is owed this letter any more. Every other reason against one leaves the person to be told."""
RELATED = (
    "service_user__team__organisation",
    "service_user__organisation",
    "service_user__merged_into__team__organisation",
    "referral__named_worker__user",
    "referral__referring_team__organisation",
    "referral__provider",
    "appointment",
    "follow_up__team__organisation",
)


def is_ours(reminder: Reminder, membership: Membership) -> bool:
    """Whoever has the person to tell prints and posts; others see that there is a letter."""
    return fates.owner_of(reminder).organisation_id == membership.organisation_id


# --- May it be posted? --------------------------------------------------------------------------------------


def why_not(reminder: Reminder, now: datetime) -> str:
    """Why this letter may not be printed or posted at this instant, as a code; "" where it may.

    `reminder` as it is now, with what RELATED names. A row that is not waiting to be posted says its own reason.
    """
    if reminder.status != Reminder.Status.SENT:
        return reminder.reason or reminder.status
    reminder = reminders.as_kept(reminder)
    return _of_no_use(reminder, now) or _forbidden(reminder, now) or _nowhere_to_go(reminder)


def _of_no_use(reminder: Reminder, now: datetime) -> str:
    if reason := moment.no_longer_needed(reminder, died=has_died(reminder.service_user)):
        return reason
    if reminder.useful_until and reminder.useful_until <= now:
        return "too_late"
    return "" if in_time(PAPER, now, reminder.useful_until) else "no_time_left"


def _forbidden(reminder: Reminder, now: datetime) -> str:
    """The contact plan, a pause, or a provider that may be told nothing more. How many messages went lately
    does not count: this one was counted when it was put on paper."""
    person, referral = reminder.service_user, reminder.referral
    verdict = may_contact(reach.plan_of(person), PAPER, now, automatic=True, paused=person.paused_at is not None)
    if not verdict:
        return verdict.reason
    owner = fates.owner_of(reminder)
    by_provider = (
        referral is not None
        and owner.organisation_id == referral.provider_id
        and owner.pk != referral.referring_team_id
    )
    return "unshared" if referral and by_provider and is_over(referral) else ""


def _nowhere_to_go(reminder: Reminder) -> str:
    to = reach.recorded_address(reminder.service_user, PAPER)
    if not to:
        return "no_address"
    moved = Outcome.objects.filter(referral=reminder.referral_id, outcome="moved")
    if reminder.referral_id and moved.exists():
        return "moved_away"
    if is_address_in_doubt(reminder.service_user_id, to):
        return "bad_address"
    try:
        moment.words_of(reminder, reach.plan_of(reminder.service_user))
    except NotFitToSend as error:
        return error.code
    return ""


# --- What becomes of it -------------------------------------------------------------------------------------


@transaction.atomic
def mark_posted(*, reminder: Reminder, by: Membership) -> str:
    """The letter is in the post: from now on, and not before, the person counts as told. Gives "", or the code
    of why it may not be posted any more: then it is taken out instead."""
    _check(reminder, by, Reminder.Status.SENT, _("This letter is not waiting to be posted."))
    fresh = Reminder.objects.select_related(*RELATED).get(pk=reminder.pk)
    if reason := why_not(fresh, clock.now()):
        take_out(fresh, reason, by=by)
        return reason
    if not fates.arrived(reminder.pk, result=POSTED, by=by):
        raise AlreadyChanged(_("Somebody else has already dealt with this letter."))
    OutboxMessage.objects.filter(reference=reminder.pk).update(settled_as="delivered")
    audit.record("mark_letter_posted", by=by, subject=reminder)
    return ""


def take_out(reminder: Reminder, reason: str, *, by: Membership) -> None:
    """It is not posted, does not count as a message of its day, and is somebody's to tell where it still
    matters."""
    row = Reminder.objects.filter(pk=reminder.pk, status=Reminder.Status.SENT)
    if reason in NO_LONGER_NEEDED:
        reminders.cancel(row, reason=reason)
    elif fates.did_not_arrive(reminder.pk, reason, from_=[Reminder.Status.SENT]):
        Reminder.objects.filter(pk=reminder.pk).update(sent_on=None)
    posting = FollowUp.objects.filter(kind=FollowUp.Kind.TELL_PERSON, key=f"post:{reminder.pk}")
    close(posting, reason, by=by)
    OutboxMessage.objects.filter(reference=reminder.pk).update(settled_as="failed")
    audit.record("take_letter_out", by=by, subject=reminder, reason=reason)


@transaction.atomic
def mark_returned(*, reminder: Reminder, by: Membership) -> None:
    """The letter came back, perhaps weeks later: the person was not told after all, and somebody has to."""
    _check(reminder, by, Reminder.Status.DELIVERED, _("Only a letter that was posted can come back."))
    FollowUp.objects.filter(reminders=reminder, result=POSTED).update(done_at=None, done_by=None, result="")
    if not fates.did_not_arrive(reminder.pk, "returned", from_=[Reminder.Status.DELIVERED]):
        raise AlreadyChanged(_("Somebody else has already dealt with this letter."))
    OutboxMessage.objects.filter(reference=reminder.pk).update(settled_as="failed")
    audit.record("mark_letter_returned", by=by, subject=reminder)


def _check(reminder: Reminder, by: Membership, status: str, sentence: str) -> None:
    if not is_ours(reminder, by):
        raise NotAllowed(_("This letter belongs to another organisation, which posts it."))
    row = Reminder.objects.filter(pk=reminder.pk, channel=PAPER).values_list("status", flat=True).first()
    if row != status:
        raise NotPossibleNow(sentence, state=row or "", allowed=[])
