"""From what a page or another system sends to rows: members of staff and offers are named by their id."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from accounts.errors import InvalidInput
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from directory.models import SupportOffer
from people.facts import clean
from referrals.lifecycle import Evidence, Kind, Step
from referrals.models import Referral


def look_up(referral: Referral, step: Step, evidence: Mapping[str, Any]) -> dict[str, Any]:
    """`evidence` with rows for ids. A member's name stays a name; an id of nobody is refused beside its field,
    and so is what the step does not ask for: a field that is misspelt must not be dropped in silence."""
    asked = {one.name: one for one in step.evidence}
    wrong = dict.fromkeys(evidence.keys() - asked.keys(), _("This step does not ask for that."))
    found: dict[str, Any] = {}
    for name in evidence.keys() & asked.keys():
        found[name] = _found(referral, asked[name], evidence[name])
        if found[name] is None and evidence[name] is not None:
            wrong[name] = asked[name].ask or _("Choose one from the list.")
    if wrong:
        raise InvalidInput.in_fields(wrong)
    return found


def _found(referral: Referral, one: Evidence, value: Any) -> Any:
    """None for an id of nobody. Text comes without characters that a database cannot hold."""
    if not isinstance(value, str):
        return value
    text = clean(one.name, value)
    return LOOK_UP[one.kind](referral, text.strip()) if one.kind in LOOK_UP and text.strip() else text


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
