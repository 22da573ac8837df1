"""A death that was recorded at the end of one referral, and what it means for all the others; and its undoing.

Nobody is asked to ring, write to or meet somebody who died. What the rest needs is for a person to do: whoever
referred ends it.
"""

from accounts import clock
from accounts.wording import gettext_lazy as _
from referrals import obligations, reminders
from referrals.actions.move import Move
from referrals.actions.taking_back import ahead, call_off
from referrals.deaths import DIED, has_died
from referrals.followup import add_working_days
from referrals.models import FollowUp, Referral, ReferralEvent, Reminder
from referrals.partner import news

Kind = FollowUp.Kind

SAID_TO_THEM = (
    Kind.TELL_PERSON,
    Kind.MESSAGE_FAILED,
    Kind.NOT_KNOWN,
    Kind.ASK_WHAT_GOT_IN_THE_WAY,
    Kind.CLINICIAN_CHECK,
    Kind.ASK_AGAIN,
    Kind.REVIEW,
    Kind.SCREENING_DUE,
    Kind.CHECK_ADDRESS,
    Kind.CHECK_NUMBER,
    Kind.CHOOSE_WAY,
    Kind.PAUSE_REVIEW,
    Kind.ASK_PERSON,
    Kind.SAFETY_QUESTION,
)
"""What is owed to the person by anybody. Clocks, and loans that end, are between staff, and go on."""


def follow_death(move: Move, event: ReferralEvent) -> None:
    """After any step: it may have recorded a death, or taken back the only record of one."""
    person = move.referral.service_user
    recorded = DIED in (event.reason_code, move.brought.get("outcome"))
    if recorded and has_died(person):
        _end_contact(move, event)
    elif event.step in ("reopen", "mark_error") and not has_died(person):
        _undo(move.referral)


def _end_contact(move: Move, event: ReferralEvent) -> None:
    person = move.referral.service_user
    obligations.close(FollowUp.objects.filter(service_user=person, kind__in=SAID_TO_THEM), DIED, by=move.by)
    reminders.cancel(Reminder.objects.filter(service_user=person), reason=DIED)
    for other in Referral.objects.filter(service_user=person):
        for appointment in ahead(other):
            call_off(appointment, str(_("The person has died.")), move)
    news.tell_of_death(person, event, move.by)
    if not FollowUp.objects.open().filter(service_user=person, kind=Kind.THEY_DIED).exists():
        _owe_the_rest(move.referral, event)


def _owe_the_rest(referral: Referral, event: ReferralEvent) -> None:
    obligations.owe(
        kind=Kind.THEY_DIED,
        key=f"event:{event.pk}",
        service_user=referral.service_user,
        referral=referral,
        team=referral.referring_team,
        what=_("The person died. End their other referrals and loans, and tell each provider. Do not ring them."),
        due_on=add_working_days(clock.today(), 1),
    )


def _undo(referral: Referral) -> None:
    """They are alive: what was owed to them is owed again. Messages and meetings do not come back by themselves,
    so that nobody is told of something that is over."""
    person = referral.service_user
    mine = FollowUp.objects.filter(service_user=person)
    if mine.filter(kind=Kind.THEY_DIED).exists():
        mine.filter(kind__in=SAID_TO_THEM, result=DIED).update(done_at=None, done_by=None, result="")
        obligations.close(mine.filter(kind=Kind.THEY_DIED), "recorded_in_error")
    news.take_death_back(person)
