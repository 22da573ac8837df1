"""Owing an e-mail: once for each thing, with the team that sees to it if it does not go."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts import audit, clock
from accounts.errors import NotPossibleNow
from accounts.models import Membership, Team
from accounts.wording import gettext_lazy as _
from people.models import ServiceUser
from referrals import doorbell
from referrals.mail import fates
from referrals.models import Mail, Referral


@transaction.atomic
def queue_mail(
    *,
    key: str,
    to: str,
    subject: str,
    body: str,
    team: Team,
    referral: Referral | None = None,
    secret: bool = False,
    while_open: bool = False,
    useful_until: datetime | None = None,
    fixed: bool = False,
) -> Mail:
    """The one e-mail about `key` (120 characters at most): asking again gives the first one back.

    Part of the caller's transaction, sent after it. `team` looks after it: with a `referral`, a follow-up is
    theirs where the e-mail has not gone within minutes, or at once where `to` is no address. `secret` hides the
    words from everybody but the reader; `while_open` stops it once the referral has ended.
    Raises ValueError for words that name the person: e-mail is read on the way. `fixed` words are not asked: all
    that they hold is this program's own, and somebody may be called “Your Code”.
    """
    if not fixed and referral and tells_who(subject, body, referral):
        raise ValueError("an e-mail must not say who the person is")
    mail, created = Mail.objects.get_or_create(
        key=key,
        defaults={
            "to": to.strip()[:254],
            "subject": " ".join(subject.split())[:150],
            "body": body,
            "team": team,
            "referral": referral,
            "secret": secret,
            "while_open": while_open,
            "useful_until": useful_until,
        },
    )
    if created and not is_address(mail.to):
        fates.give_up(mail, Mail.Fate.FAILED, "no_address")
    elif created:
        doorbell.ring_on_commit(doorbell.SEND_MAIL)
    return mail


def is_address(to: str) -> bool:
    try:
        validate_email(to)
    except ValidationError:
        return False
    return True


def tells_who(subject: str, body: str, referral: Referral) -> bool:
    """Whether the words say who the referral is about, as where a service is called what the person is called."""
    said = f"{subject}\n{body}".casefold()
    return any(mark.casefold() in said for mark in _marks(referral.service_user))


def _marks(person: ServiceUser) -> list[str]:
    """What tells who it is. A name of one word may be any word, and is not looked for."""
    named = [name for name in (person.name, person.preferred_name) if " " in name]
    return [mark for mark in (*named, person.nhs_number or "", person.phone, person.email) if mark]


def cancel_mail(*, referral: Referral, reason: str, key_prefix: str = "") -> int:
    """Stops what has not gone yet about the referral; how many. One that is under way may still arrive."""
    waiting = Mail.objects.filter(referral=referral, settled_at=None, claim=None, key__startswith=key_prefix)
    return sum(fates.settle(mail, Mail.Fate.CANCELLED, reason) for mail in waiting)


@transaction.atomic
def try_again(*, mail: Mail, by: Membership) -> None:
    """From the start, for an e-mail that did not go. Its words must still be there."""
    did_not_go = Mail.objects.filter(pk=mail.pk, fate__in=[Mail.Fate.FAILED, Mail.Fate.KEPT], secret=False)
    if not is_address(mail.to) or not did_not_go.update(
        fate="", reason="", settled_at=None, tries=0, due_at=clock.now()
    ):
        raise NotPossibleNow(_("This email cannot be sent again. Look at what became of it."), state=mail.fate)
    audit.record("send_mail_again", by=by, subject=mail)
    doorbell.ring_on_commit(doorbell.SEND_MAIL)
