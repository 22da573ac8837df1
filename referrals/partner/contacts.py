"""How a provider is reached, as its listing says it, and whether it signs in here itself."""

from accounts.models import Membership
from accounts.permissions import Role
from directory.models import ProviderProfile
from referrals.mail.queueing import is_address
from referrals.models import Referral


def email_of(referral: Referral) -> str:
    """The registered contact: the offer's own, else the provider's; "" where none that can be used is recorded."""
    own = referral.offer.contact_email.strip()
    found = own or email_without_own(referral)
    return found if found and is_address(found) else ""


def email_without_own(referral: Referral) -> str:
    """The provider's, for an offer that names none."""
    profile = _profile(referral)
    return profile.email.strip() if profile else ""


def phone_of(referral: Referral) -> str:
    profile = _profile(referral)
    return str(referral.offer.contact_phone or (profile.phone if profile else ""))


def has_account(referral: Referral) -> bool:
    """A support worker of the very team that it was sent to signs in here: that the provider has an admin, or
    another team, brings the referral before nobody."""
    workers = Membership.objects.current().filter(role=Role.SUPPORT_WORKER)
    return referral.provider_team_id is not None and workers.filter(team=referral.provider_team_id).exists()


def _profile(referral: Referral) -> ProviderProfile | None:
    return ProviderProfile.objects.filter(organisation=referral.provider_id).first()
