"""Where a membership stands towards one referral: on which side, in which role, and what it may do there now."""

from dataclasses import dataclass
from typing import Any

from accounts.errors import NotAllowed
from accounts.models import Membership
from accounts.permissions import Role
from accounts.wording import gettext_lazy as _
from referrals.lifecycle import Side, available
from referrals.models import Referral


@dataclass(frozen=True)
class Standing:
    side: Side
    role: str
    team_lead: bool
    provider_has_account: bool

    @property
    def speaks_for_provider(self) -> bool:
        """On the provider's side, or recording the word of a provider that has no account."""
        return self.side is not Side.REFERRER or not self.provider_has_account

    @property
    def is_provider_only(self) -> bool:
        """Sees of the person what was shared, and nothing else."""
        return self.side is Side.PROVIDER

    def keywords(self) -> dict[str, Any]:
        """As the lifecycle's functions take it."""
        return {
            "side": self.side,
            "role": self.role,
            "team_lead": self.team_lead,
            "provider_has_account": self.provider_has_account,
        }

    def may_do(self, status: str) -> list[str]:
        """Names of the steps from this state, what usually comes next first."""
        return available(status, **self.keywords())


def standing(referral: Referral, membership: Membership) -> Standing:
    """NotAllowed for somebody on neither side, who should never have got hold of the referral."""
    refers, provides = _refers(referral, membership), _provides(referral, membership)
    if not refers and not provides:
        raise NotAllowed(_("This referral is neither from your team nor for it."))
    return Standing(
        side=Side.EITHER if refers and provides else Side.REFERRER if refers else Side.PROVIDER,
        role=membership.role,
        team_lead=membership.is_lead and membership.team_id == referral.referring_team_id,
        provider_has_account=referral.provider_team_id is not None,
    )


def working(referral: Referral, membership: Membership) -> Standing:
    """For what is done with the person and written down: a clinician or support worker of either side."""
    me = standing(referral, membership)
    if membership.role == Role.ADMIN:
        raise NotAllowed(_("This is for the clinicians and support workers who work with the person."))
    return me


def _refers(referral: Referral, membership: Membership) -> bool:
    """The referring team, the team of whoever made it, and the admins of the referring organisation."""
    if membership.role == Role.ADMIN:
        return membership.organisation_id == referral.referring_team.organisation_id
    return membership.team_id in {referral.referring_team_id, referral.created_by.team_id}


def _provides(referral: Referral, membership: Membership) -> bool:
    """Whoever works at the provider, once it was sent; a clinician only in the team that it was sent to."""
    if referral.sent_at is None or membership.organisation_id != referral.provider_id:
        return False
    return membership.role != Role.CLINICIAN or membership.team_id == referral.provider_team_id
