"""Who may take a step: on which side of the referral, in which role.

Pure. A team may refer today and provide tomorrow, so a side is asked for each referral, never for a person.
"""

from dataclasses import dataclass
from enum import StrEnum


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


REFERRER = Who("the referrer", Side.REFERRER, STAFF)
PROVIDER = Who("the provider", Side.PROVIDER, STAFF)
PROVIDER_OR_LINK = Who("the provider, also by a signed link", Side.PROVIDER, STAFF | {PARTNER_LINK})
PROVIDERS_SUPPORT_WORKER = Who("a support worker of the provider", Side.PROVIDER, frozenset({SUPPORT_WORKER}))
STAFF_OF_EITHER = Who("a clinician or support worker of either side", Side.EITHER, STAFF)
PERSON = Who("the person, through any member of staff", Side.PERSON, STAFF | {ADMIN})
LEAD_OR_ADMIN = Who("the referrer's team lead or admin", Side.REFERRER, frozenset({ADMIN}), team_leads=True)
REFERRERS_ADMIN = Who("the referrer's admin, with a second person", Side.REFERRER, frozenset({ADMIN}))


def may_act(who: Who, *, side: str, role: str, team_lead: bool = False, provider_has_account: bool = True) -> bool:
    """Default deny: a role that `who` does not name is refused, whatever side it stands on.

    The word of a provider without an account (phoned in, written) is recorded by the referrer's staff.
    """
    mine = Side(side)
    in_role = role in who.roles or (team_lead and who.team_leads)
    on_side = (
        mine == who.side
        or Side.EITHER in {mine, who.side}
        or who.side is Side.PERSON
        or (who.side is Side.PROVIDER and mine is Side.REFERRER and not provider_has_account)
    )
    return in_role and on_side
