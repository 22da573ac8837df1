"""A provider that said no is asked again before its day: a clinician or team lead says why."""

from django.db import transaction

from accounts.errors import InvalidInput, NotAllowed, NotPossibleNow
from accounts.models import Membership
from accounts.permissions import Role
from accounts.wording import gettext_lazy as _
from referrals.actions.recording import Source, record
from referrals.models import Referral
from referrals.parking import LIFTED, is_parking
from referrals.standing import Standing, standing


def may_lift(me: Standing) -> bool:
    return not me.is_provider_only and (me.role == Role.CLINICIAN or me.team_lead)


@transaction.atomic
def lift_park(*, referral: Referral, words: str, by: Membership, source: str = Source.SCREEN) -> None:
    """`referral`: the one whose decline keeps the provider from being asked. It stays as it is."""
    me = standing(referral, by)
    if not may_lift(me):
        raise NotAllowed(_("Only a clinician or team lead of the referrer can let this provider be asked again."))
    if not is_parking(referral):
        raise NotPossibleNow(_("Nothing keeps this provider from being asked."), state=referral.status)
    words = words.strip()
    if not words:
        raise InvalidInput.in_fields({"words": _("Say why they are asked again now.")})
    record(
        referral=referral,
        step=LIFTED,
        to_status=referral.status,
        by=by,
        side=me.side,
        source=source,
        evidence={"words": words[:2000]},
    )
