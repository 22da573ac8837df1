"""The end of a loan or a SIM is talked about with the person beforehand, by a person."""

from datetime import date

from django.db import transaction

from accounts import clock
from accounts.models import Team
from accounts.wording import gettext_lazy as _
from referrals.followup import LOAN_DAYS, loan_contacts
from referrals.messages import day_in_words
from referrals.models import FollowUp, Loan, Referral
from referrals.obligations.owed import Kind, close, owe
from referrals.obligations.telling import WORKS_WITH_PERSON
from referrals.support_steps import LoanStatus

LENT = {LoanStatus.HANDED_OVER, LoanStatus.DUE, LoanStatus.RENEWED}


@transaction.atomic
def loan_follow_ups(*, loan: Loan) -> list[FollowUp]:
    """A call 30 and 7 days before the loan ends; what was owed about an earlier end, or a loan over, is dropped.

    Of days that are past already only the last counts, and is due today.
    """
    about_it = FollowUp.objects.filter(kind=Kind.LOAN_ENDS, key__startswith=f"loan:{loan.pk}:")
    if loan.status not in LENT or loan.ends_on is None:
        close(about_it, "loan_over")
        return []
    prefix = f"loan:{loan.pk}:{loan.ends_on}:"
    close(about_it.exclude(key__startswith=prefix), "end_changed")
    due = dict(zip(LOAN_DAYS, loan_contacts(loan.ends_on), strict=True))
    today = clock.today()
    ahead = {lead: day for lead, day in due.items() if day >= today} or {min(due): today}
    return [_owe_call(loan, f"{prefix}{lead}", day) for lead, day in ahead.items()]


def _owe_call(loan: Loan, key: str, day: date) -> FollowUp:
    referral = loan.referral
    ends = day_in_words(loan.ends_on) if loan.ends_on else ""
    return owe(
        kind=Kind.LOAN_ENDS,
        key=key,
        service_user=referral.service_user,
        referral=referral,
        team=_talker(referral),
        what=_("%(item)s ends on %(ends)s: talk with the person about what comes next.")
        % {"item": loan.get_item_display(), "ends": ends},
        due_on=day,
    )


def _talker(referral: Referral) -> Team:
    """Whose part is over may not ring the person any more: from then on it is the referring team's to do."""
    theirs = referral.provider_team if referral.status in WORKS_WITH_PERSON else None
    return theirs or referral.referring_team


def hand_back_loans(referral: Referral) -> int:
    """The provider's part is over: how many talks about a loan's end went to the referring team."""
    theirs = FollowUp.objects.open().filter(referral=referral, kind=Kind.LOAN_ENDS)
    return theirs.exclude(team=_talker(referral)).update(team=_talker(referral))
