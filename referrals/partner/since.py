"""What shut a link since it was made, though it may look open now: told by what the records keep, not by a mark.

A no that a yes followed, a contact that was another one for an hour, a worker who came and left: then whoever
holds the link was not meant to, and nobody has to have looked at that very moment for it to count.
"""

from datetime import datetime

from accounts.models import Membership
from accounts.permissions import Role
from directory.models import OfferChange
from people.consenting import was_never_without
from people.london import london_day
from people.models import Consent
from referrals.models import PartnerLink, Referral
from referrals.partner.contacts import email_without_own

Why = PartnerLink.Stopped


def shut_meanwhile(link: PartnerLink, now: datetime) -> str:
    """Why, or "" where nothing did. For a link that nothing shuts at this moment."""
    referral = link.referral
    if _had_account(referral, link.made_at):
        return Why.ACCOUNT
    if _had_other_contact(link):
        return Why.CONTACT
    return "" if _was_agreed_throughout(referral, link.made_at, now) else Why.CONSENT


def _had_account(referral: Referral, since: datetime) -> bool:
    if referral.provider_team_id is None:
        return False
    left = Membership.objects.filter(team=referral.provider_team_id, role=Role.SUPPORT_WORKER, ended_at__gt=since)
    return left.exists()


def _had_other_contact(link: PartnerLink) -> bool:
    """Where the offer names none of its own, the provider's counts."""
    changes = OfferChange.objects.filter(
        offer=link.referral.offer_id, at__gt=link.made_at, fields__has_key="contact_email"
    )
    named = [(fields["contact_email"][1] or "").strip() for fields in changes.values_list("fields", flat=True)]
    return any((to or email_without_own(link.referral)) != link.sent_to for to in named)


def _was_agreed_throughout(referral: Referral, since: datetime, now: datetime) -> bool:
    about = [
        row.statement
        for row in Consent.objects.filter(service_user=referral.service_user_id).order_by("given_at", "id")
        if row.provider_id in (None, referral.provider_id)
    ]
    return was_never_without(about, since, now, day_of=london_day)
