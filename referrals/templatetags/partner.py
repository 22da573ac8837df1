"""The part of a referral's page about a provider without an account."""

from typing import Any

from django import template

from accounts import clock
from accounts.models import Membership
from referrals.models import Mail, PartnerLink, Referral
from referrals.partner import staff
from referrals.partner.contacts import email_of, has_account, phone_of
from referrals.partner.links import LIVES, why_shut
from referrals.partner.references import in_words
from referrals.standing import standing

register = template.Library()
SHOWN = 5


@register.inclusion_tag("referrals/partner/panel.html", takes_context=True)
def partner_panel(context: Any, referral: Referral) -> dict[str, Any]:
    """Nothing for the provider's side, for a draft, and where the provider works the referral here."""
    membership: Membership = context["membership"]
    links = list(_links(referral, membership))
    lives = referral.status in LIVES and not has_account(referral)
    if standing(referral, membership).is_provider_only or not (lives or links):
        return {"shown": False}
    reference = getattr(referral, "partner_reference", None)
    return {
        "shown": True,
        "referral": referral,
        "links": [_line(link) for link in links],
        "lives": lives,
        "opens": any(not why_shut(link, clock.now()) for link in links),
        "why_no_link": staff.why_no_link(referral),
        "address": email_of(referral),
        "number": phone_of(referral),
        "reference": in_words(reference.code) if reference else "",
        "word": reference.word if reference else "",
    }


def _links(referral: Referral, membership: Membership) -> Any:
    rows = PartnerLink.objects.visible_to(membership).filter(referral=referral)
    related = rows.select_related(
        "made_by__user", "referral__offer", "referral__provider", "referral__service_user__organisation"
    )
    return related.order_by("-id")[:SHOWN]


def _line(link: PartnerLink) -> dict[str, Any]:
    why = why_shut(link, clock.now())
    mail = Mail.objects.filter(key=f"partner-link:{link.pk}").first()
    return {
        "link": link,
        "why": str(PartnerLink.Stopped(why).label) if why else "",
        "mail": mail.get_fate_display() if mail and mail.fate else "",
    }
