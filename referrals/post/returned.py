"""Letters that came back: found by the printed reference, and the person is owed telling in another way."""

from datetime import date

from django.db import transaction

from accounts import audit, clock
from accounts.errors import AlreadyChanged, InvalidInput, NotPossibleNow
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from referrals import letters
from referrals.followup import add_working_days
from referrals.models import BatchLetter, FollowUp, OutboxMessage, Reminder
from referrals.obligations.owed import broken, owe
from referrals.post import references

Status = BatchLetter.Status


@transaction.atomic
def came_back(*, reference: str, returned_on: date, reason: str, by: Membership, words: str = "") -> BatchLetter:
    """A letter is in the hand that was posted, by the reference printed on it; where its posting told the person,
    that is owed again. One that was taken out, spoiled or not sent has evidently gone all the same: another paper
    or another way took its place, and only the address may be in doubt."""
    letter = _posted(reference, by)
    words = words.strip()
    wrong = {}
    if reason not in BatchLetter.Returned:
        wrong["reason"] = _("Say why it came back.")
    if reason == BatchLetter.Returned.OTHER and not words:
        wrong["words"] = _("Say why in a few words.")
    if returned_on > clock.today():
        wrong["returned_on"] = _("This day is still to come.")
    if wrong:
        raise InvalidInput.in_fields(wrong)
    if letter.status == Status.POSTED:
        _not_told(letter, by)
    said = {"returned_on": returned_on, "returned_reason": reason, "words": words[:300]}
    if not letter.settle(Status.RETURNED, by=by, only_from=letter.status, **said):
        raise AlreadyChanged(_("Somebody else has already said that this letter came back."))
    if reason in BatchLetter.DOUBTFUL:
        _check_address(letter)
    audit.record("letter_came_back", by=by, subject=letter, reason=reason)
    return letter


def _not_told(letter: BatchLetter, by: Membership) -> None:
    """What nobody was to be told any more when it went is not owed to anybody because it came back."""
    reminder = letter.reminder
    if reminder.status != Reminder.Status.DELIVERED:
        return
    if reminder.reason or letter.reason in letters.NO_LONGER_NEEDED:
        row = Reminder.objects.filter(pk=reminder.pk, status=Reminder.Status.DELIVERED)
        row.update(status=Reminder.Status.FAILED, reason="returned", settled_at=clock.now())
        OutboxMessage.objects.filter(reference=reminder.pk).update(settled_as="failed")
        return
    letters.mark_returned(reminder=reminder, by=by)


def is_owed(letter: BatchLetter) -> bool:
    """Somebody has to tell the person in another way, because it did not arrive."""
    return broken([letter.reminder_id]).filter(done_at=None).exists()


def _posted(reference: str, by: Membership) -> BatchLetter:
    """Of one's own organisation: whoever opens the post need not have printed it."""
    rows = BatchLetter.objects.filter(batch__organisation_id=by.organisation_id)
    related = ("reminder__service_user__team", "reminder__referral__referring_team", "reminder__follow_up__team")
    letter = rows.select_related(*related, "batch").filter(reference=references.read(reference)).first()
    if letter is None:
        sentence = _("No letter of yours has this reference. Look at each letter and figure again.")
        raise InvalidInput.in_fields({"reference": sentence})
    if letter.status == Status.RETURNED:
        raise AlreadyChanged(_("It is written down already that this letter came back."), state=letter.status)
    if letter.status == Status.PRINTED:
        sentence = _("This letter is not marked as posted. Say first what became of its run, %(code)s.")
        raise NotPossibleNow(sentence % {"code": letter.batch.code}, state=letter.status)
    return letter


def _check_address(letter: BatchLetter) -> None:
    """Until somebody has, no other letter goes there: others may live there now."""
    person = letter.reminder.service_user
    owe(
        kind=FollowUp.Kind.CHECK_ADDRESS,
        key=f"letter:{letter.pk}",
        service_user=person,
        referral=None,
        team=person.team,
        what=_("A letter came back (%(why)s): check the address with the person before another one goes.")
        % {"why": letter.get_returned_reason_display().lower()},
        due_on=add_working_days(clock.today(), 2),
    )
