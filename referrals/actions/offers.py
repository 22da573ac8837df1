"""An offer ends that people have been referred to: the listing, and what their referrers are asked, in one."""

from django.db import transaction

from accounts.errors import InvalidInput
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from directory import actions as directory
from directory.models import SupportOffer
from referrals.models import Referral
from referrals.obligations.ended_offers import ask_about


@transaction.atomic
def withdraw_offer(
    *,
    offer: SupportOffer,
    version: int,
    reason: str,
    by: Membership,
    goes_on: bool | None = None,
    words: str = "",
) -> int:
    """How many referrers were asked what becomes of a referral. No referral changes.

    `goes_on`: whether those already referred are seen to the end; it must be said where there are any.
    """
    if goes_on is None and Referral.objects.open().filter(offer=offer).exists():
        sentence = _("Say what becomes of the people already referred.")
        raise InvalidInput(sentence, fields={"goes_on": sentence})
    directory.withdraw_offer(
        offer=offer, version=version, reason=reason, by=by, words=words.strip(), goes_on=goes_on
    )
    return ask_about(offer)
