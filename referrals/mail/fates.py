"""What becomes of an e-mail, and whom it makes work for."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts import clock
from accounts.wording import gettext_lazy as _
from people.london import london_day
from referrals.mail.kept import is_kept
from referrals.models import FollowUp, Mail
from referrals.obligations.owed import close, owe

ASK_AFTER = timedelta(minutes=10)
"""Not gone so long after it was owed: somebody is asked, while it is tried on."""
DID_NOT_GO = Q(fate__in=[Mail.Fate.FAILED, Mail.Fate.STALE]) | Q(settled_at=None, asked_at__isnull=False)
WHY = {
    "no_address": _("There is no email address that can be used"),
    "refused": _("The mail server refused the address"),
    "not_reached": _("The mail server could not be reached"),
    "set_aside": _("It could not be put together"),
    "too_late": _("It could not go in time"),
    "no_mail_server": _("No mail server is set up"),
    "referral_ended": _("The referral has ended"),
    "link_stopped": _("The link in it was stopped"),
}


def settle(mail: Mail, fate: str, reason: str = "") -> bool:
    """False where it has been settled meanwhile, or somebody else holds it."""
    words = {"body": ""} if mail.secret and not may_be_tried_out() else {}
    row = Mail.objects.filter(pk=mail.pk, claim=mail.claim, settled_at=None)
    over = {"fate": fate, "reason": reason, "settled_at": clock.now(), "claim": None, "claimed_until": None}
    return row.update(**over, **words) == 1


def may_be_tried_out() -> bool:
    """A demo without a mail server, where everybody is made up: secret words can be read on the page."""
    return settings.DEMO_MODE and is_kept()


@transaction.atomic
def gone(mail: Mail) -> None:
    """Out of our hands; or kept here, which outside a demo reaches nobody."""
    if not is_kept():
        if settle(mail, Mail.Fate.SENT):
            close(FollowUp.objects.filter(kind=FollowUp.Kind.MAIL_FAILED, key=f"mail:{mail.pk}"), "sent_after_all")
    elif may_be_tried_out():
        settle(mail, Mail.Fate.KEPT)
    else:
        give_up(mail, Mail.Fate.KEPT, "no_mail_server")


@transaction.atomic
def give_up(mail: Mail, fate: str, reason: str) -> None:
    if settle(mail, fate, reason):
        _ask(mail, WHY[reason])


def ask_about_late(now: datetime, limit: int = 200) -> int:
    """Somebody is asked about what should have gone by now, whatever holds it up; how many were."""
    late = Mail.objects.filter(settled_at=None, asked_at=None, queued_at__lte=now - ASK_AFTER)
    found = list(late.select_related("referral__service_user", "team").order_by("queued_at")[:limit])
    for mail in found:
        with transaction.atomic():
            _ask(mail, _("It has not gone yet"))
    return len(found)


def _ask(mail: Mail, why: str) -> None:
    """Once. What is about no referral is on the admin's page, under what did not go."""
    now = clock.now()
    if not Mail.objects.filter(pk=mail.pk, asked_at=None).update(asked_at=now) or mail.referral is None:
        return
    owe(
        kind=FollowUp.Kind.MAIL_FAILED,
        key=f"mail:{mail.pk}",
        service_user=mail.referral.service_user,
        referral=mail.referral,
        team=mail.team,
        what=_("An email to the provider did not go. Ring them. (%(why)s.)") % {"why": why},
        due_on=london_day(now),
    )
