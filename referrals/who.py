"""Who may take a step: on which side of the referral, in which role.

Pure. A team may refer today and provide tomorrow, so a side is asked for each referral, never for a person.
"""

from dataclasses import dataclass
from enum import StrEnum

from accounts.wording import gettext_lazy as _


class Side(StrEnum):
    """Where a membership stands towards one referral, and who a step is for.

    A team that refers to itself stands on EITHER. A step for the PERSON is taken through any member of staff.
    """

    REFERRER = "referrer"
    PROVIDER = "provider"
    EITHER = "either"
    PERSON = "person"


CLINICIAN, SUPPORT_WORKER, ADMIN = "clinician", "support_worker", "admin"
PARTNER_LINK = "partner_link"
"""The role of whoever holds a provider's signed link to one referral; no membership, and few steps."""

STAFF = frozenset({CLINICIAN, SUPPORT_WORKER})


@dataclass(frozen=True)
class Who:
    words: str
    side: Side
    roles: frozenset[str]
    team_leads: bool = False
    """A team lead may as well, whatever their role."""
    for_phoned_in: frozenset[str] = frozenset()
    """Roles that may as well where the provider has no account, and the referrer's staff record its word."""


REFERRER = Who(_("the referrer"), Side.REFERRER, STAFF)
PROVIDER = Who(_("the provider"), Side.PROVIDER, STAFF)
PROVIDER_OR_LINK = Who(_("the provider, also by a signed link"), Side.PROVIDER, STAFF | {PARTNER_LINK})
PROVIDERS_SUPPORT_WORKER = Who(
    _("a support worker of the provider; where that has no account, the referrer's staff"),
    Side.PROVIDER,
    frozenset({SUPPORT_WORKER}),
    for_phoned_in=STAFF,
)
STAFF_OF_EITHER = Who(_("a clinician or support worker of either side"), Side.EITHER, STAFF)
PERSON = Who(_("the person, through any member of staff"), Side.PERSON, STAFF | {ADMIN})
LEAD_OR_ADMIN = Who(_("the referrer's team lead or admin"), Side.REFERRER, frozenset({ADMIN}), team_leads=True)
REFERRERS_ADMIN = Who(_("the referrer's admin, with a second person"), Side.REFERRER, frozenset({ADMIN}))


def may_act(who: Who, *, side: str, role: str, team_lead: bool = False, provider_has_account: bool = True) -> bool:
    """Default deny: a role that `who` does not name is refused, whatever side it stands on.

    The word of a provider without an account (phoned in, written) is recorded by the referrer's staff.
    """
    mine = Side(side)
    phoned_in = who.side is Side.PROVIDER and mine is Side.REFERRER and not provider_has_account
    roles = who.roles | who.for_phoned_in if phoned_in else who.roles
    in_role = role in roles or (team_lead and who.team_leads)
    on_side = mine == who.side or Side.EITHER in {mine, who.side} or who.side is Side.PERSON or phoned_in
    return in_role and on_side
