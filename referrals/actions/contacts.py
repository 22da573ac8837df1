"""Tries to reach the person, as they were made; a contact both ways may also be how the person was told."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from referrals import obligations
from referrals.actions.activity import keep_moving, reached
from referrals.actions.recording import when
from referrals.lifecycle import Status
from referrals.models import ContactAttempt, FollowUp, Referral
from referrals.standing import working

NOT_YET = {Status.DRAFT, Status.ENTERED_IN_ERROR}


@transaction.atomic
def log_contact(
    *,
    referral: Referral,
    channel: str,
    result: str,
    by: Membership,
    happened_at: datetime | None = None,
    words: str = "",
    told: bool = False,
) -> ContactAttempt:
    """What was tried, also where the plan did not allow it: what happened is written down as it happened.

    `told`: the person was reached and heard the news, so that nobody owes it to them any more.
    """
    working(referral, by)
    if referral.status in NOT_YET:
        raise NotPossibleNow(_("Contacts are written down once the referral was sent."), state=referral.status)
    _check(channel, result, told)
    at = when(happened_at)
    attempt = ContactAttempt.objects.create(
        referral=referral,
        channel=channel,
        result=result,
        happened_at=at,
        words=words.strip()[:300],
        recorded_by=by,
    )
    audit.record("log_contact", by=by, subject=referral, channel=channel, result=result)
    if attempt.reached:
        reached(referral, at)
    keep_moving(referral)
    if told:
        _told(referral, f"told_{channel}", by)
    return attempt


def _check(channel: str, result: str, told: bool) -> None:
    wrong = {}
    if channel not in ContactAttempt.Channel:
        wrong["channel"] = _("Choose how you tried to reach the person.")
    if result not in ContactAttempt.Result:
        wrong["result"] = _("Choose what came of it.")
    elif told and result not in ContactAttempt.REACHED:
        wrong["told"] = _("Nobody was told if nobody was reached. A voicemail or a letter alone does not count.")
    if wrong:
        raise InvalidInput.in_fields(wrong)


def _told(referral: Referral, result: str, by: Membership) -> None:
    for owed in FollowUp.objects.open().filter(referral=referral, kind=FollowUp.Kind.TELL_PERSON):
        obligations.settle(follow_up=owed, result=result, by=by)
