"""Sending a link, stopping it, and whether one opens: asked anew each time, of the records as they are now.

That a link has ended is written down where a step ends it; whether it opens never rests on that alone. Consent,
state, account and contact are read each time, as they are and as they were since it was made (since.py): no way of
changing them can forget the link, and changing them back brings none back.
"""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction

from accounts import audit, clock, set_aside
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from people.london import at_london
from referrals.followup import Clock, clock_days, due_on
from referrals.gathering import consent_for
from referrals.lifecycle import Status
from referrals.mail import cancel_mail, queue_mail, tells_who
from referrals.models import PartnerLink, Referral
from referrals.partner import letters, news, telling
from referrals.partner.contacts import email_of, has_account
from referrals.partner.references import reference_of
from referrals.partner.signing import digest, new_token
from referrals.partner.since import shut_meanwhile

Why = PartnerLink.Stopped
LIVES = frozenset(
    {
        Status.SENT,
        Status.ACKNOWLEDGED,
        Status.MORE_INFO,
        Status.WAITING,
        Status.ACCEPTED,
        Status.ACTIVE,
    }
)
"""While the provider has a part in the referral."""
AT_WORK = frozenset({Status.ACCEPTED, Status.ACTIVE})
"""Once it has accepted, the link stays for as long as the work does."""
SENDS = frozenset({"send", "reopen", "reopen_accepted"})


# --- Whether it opens --------------------------------------------------------------------------------------


def why_shut(link: PartnerLink, now: datetime) -> str:
    """Why the link does not open now; "" where it does."""
    if link.stopped_at is not None:
        return link.stopped_why
    referral = link.referral
    checks = (
        (Why.ENDED, referral.status not in LIVES),
        (Why.ACCOUNT, lambda: has_account(referral)),
        (Why.CONTACT, lambda: email_of(referral) != link.sent_to),
        (Why.CONSENT, lambda: consent_for(referral) is None),
        (Why.EXPIRED, referral.status not in AT_WORK and now >= link.expires_at),
    )
    shut_now = next((why for why, shut in checks if (shut() if callable(shut) else shut)), "")
    return shut_now or shut_meanwhile(link, now)


def stop_shut(now: datetime, limit: int = 500) -> int:
    """Writes down what no longer opens, so that a later change of mind cannot bring it back; how many.

    Each time the next `limit` of those that stand, in turn: however many there are, each is looked at.
    """
    standing = PartnerLink.objects.standing().select_related(
        "referral__offer", "referral__provider", "referral__service_user", "referral__referring_team__organisation"
    )
    after = cache.get(LOOKED_UP_TO)
    page = list((standing.filter(pk__gt=after) if after else standing).order_by("id")[:limit])
    cache.set(LOOKED_UP_TO, page[-1].pk if len(page) == limit else None, timeout=None)
    return set_aside.each(set_aside.What.LINK, page, lambda link: _stop_if_shut(link, now))


LOOKED_UP_TO = "partner-links-looked-up-to"
"""Only where to go on: forgotten, the next look starts with the oldest again."""


def _stop_if_shut(link: PartnerLink, now: datetime) -> bool:
    why = why_shut(link, now)
    return bool(why) and stop(link=link, why=why)


# --- Sending and stopping ----------------------------------------------------------------------------------


def follow(*, referral: Referral, step: str, by: Membership | None) -> None:
    """What a step does to the link, in the step's own transaction."""
    news.forget(referral)
    if step in SENDS and not has_account(referral):
        reference_of(referral)
    if referral.status not in LIVES:
        stop_all(referral=referral, why=Why.ENDED)
        news.tell_it_is_over(referral, step, by)
    elif step == "answer" and not has_account(referral):
        telling.tell_of_answer(referral)
    elif step in SENDS and by is not None and not has_account(referral):
        invite(referral=referral, by=by)


@transaction.atomic
def invite(*, referral: Referral, by: Membership) -> PartnerLink | None:
    """A new link to the registered contact, in the place of any other; where none can go, somebody has to ring.

    The e-mail says nothing of the person. Where it does not go, the team is asked to ring, too (mail/fates.py).
    """
    stop_all(referral=referral, why=Why.REPLACED)
    address = email_of(referral)
    if not address:
        telling.ring_for_link(referral, NO_ADDRESS)
        return None
    token, expires_at = new_token(), _end(referral, clock.now())
    subject, body = letters.invitation(referral, token, reference_of(referral), expires_at)
    if tells_who(subject, body, referral):
        telling.ring_for_link(referral, WOULD_NAME)
        return None
    link = PartnerLink.objects.create(
        referral=referral, digest=digest(token), sent_to=address, made_by=by, expires_at=expires_at
    )
    _write(link, subject, body)
    audit.record("send_partner_link", by=by, subject=referral, link=str(link.pk))
    return link


NO_ADDRESS = _(
    "No email address is registered for %(provider)s. Ring them (%(number)s), or post the letter. "
    "Reference %(reference)s."
)
WOULD_NAME = _(
    "An email to %(provider)s would say who this is about, as their names are alike. Ring them (%(number)s). "
    "Reference %(reference)s."
)


def _write(link: PartnerLink, subject: str, body: str) -> None:
    referral = link.referral
    queue_mail(
        key=f"partner-link:{link.pk}",
        to=link.sent_to,
        subject=subject,
        body=body,
        team=referral.referring_team,
        referral=referral,
        secret=True,
        while_open=True,
        useful_until=link.expires_at,
    )


def _end(referral: Referral, now: datetime) -> datetime:
    """The end of the last working day on which it opens: never before the provider must have decided."""
    own = referral.referring_team.organisation.clocks
    until_decided = clock_days(Clock.ACKNOWLEDGE, own) + clock_days(Clock.DECIDE, own)
    days = max(clock_days(Clock.PARTNER_LINK, own), until_decided)
    return at_london(due_on(now, days) + timedelta(days=1), datetime.min.time())


def stop_all(*, referral: Referral, why: str, by: Membership | None = None) -> int:
    """Every link to the referral that may still open, and the e-mail that carries one; how many."""
    return sum(
        stop(link=link, why=why, by=by) for link in PartnerLink.objects.standing().filter(referral=referral)
    )


@transaction.atomic
def stop(*, link: PartnerLink, why: str, by: Membership | None = None) -> bool:
    """False where it was stopped already: the first reason stays."""
    standing = PartnerLink.objects.standing().filter(pk=link.pk)
    if not standing.update(stopped_at=clock.now(), stopped_why=why, stopped_by=by):
        return False
    cancel_mail(referral=link.referral, reason="link_stopped", key_prefix=f"partner-link:{link.pk}")
    audit.record(
        "stop_partner_link",
        by=by,
        subject=link.referral,
        organisation=None if by else link.referral.referring_team.organisation,
        link=str(link.pk),
        why=why,
    )
    if link.referral.status in LIVES and _nobody_hears(link.referral, why):
        telling.ring_about_shut_link(link)
    return True


def _nobody_hears(referral: Referral, why: str) -> bool:
    """The provider still has a part in it, and does not know that its link is shut; what shut it may be over."""
    if why == Why.CONSENT:
        return consent_for(referral) is not None
    if why == Why.ACCOUNT:
        return not has_account(referral)
    return why in {Why.CONTACT, Why.EXPIRED}
