"""From what a page or another system sends to rows: members of staff and offers are named by their id."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from accounts.errors import InvalidInput
from accounts.models import Membership
from directory.models import SupportOffer
from referrals.lifecycle import Kind, Step
from referrals.models import Referral


def look_up(referral: Referral, step: Step, evidence: Mapping[str, Any]) -> dict[str, Any]:
    """`evidence` with rows for ids. A member's name stays a name; an id of nobody is refused beside its field."""
    kinds = {one.name: one for one in step.evidence}
    found, wrong = dict(evidence), {}
    for name, value in evidence.items():
        one = kinds.get(name)
        if one is None or not isinstance(value, str) or one.kind not in LOOK_UP or not value.strip():
            continue
        row = LOOK_UP[one.kind](referral, value.strip())
        if row is None:
            wrong[name] = one.ask or "Choose one from the list."
        found[name] = row
    if wrong:
        raise InvalidInput(" ".join(wrong.values()), fields=wrong)
    return found


def _member(referral: Referral, value: str) -> Any:
    pk = _uuid(value)
    if pk is None:
        return value
    organisations = {referral.provider_id, referral.referring_team.organisation_id}
    members = Membership.objects.current().select_related("user", "team")
    return members.filter(pk=pk, team__organisation_id__in=organisations).first()


def _offer(referral: Referral, value: str) -> SupportOffer | None:
    pk = _uuid(value)
    offers = SupportOffer.objects.published().select_related("provider", "team")
    return offers.filter(pk=pk).first() if pk else None


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None


LOOK_UP = {Kind.MEMBER: _member, Kind.OFFER: _offer}
