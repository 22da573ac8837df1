"""A person takes back their consent: what rests on it stops at once, in the same transaction."""

from django.db import transaction

from accounts import clock
from accounts.errors import AlreadyChanged
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from people import actions as people
from people.models import Consent
from referrals.actions.recording import Source
from referrals.actions.stepping import RELATED, take
from referrals.gathering import consent_for
from referrals.lifecycle import Side, Status
from referrals.models import Referral
from referrals.standing import Standing

TRIES = 5


@transaction.atomic
def withdraw_consent(*, consent: Consent, how: str, by: Membership, source: str = Source.SCREEN) -> list[Referral]:
    """The referrals withdrawn with it: each that was sent, is open, and that nothing else lets be shared.

    `how` the person said so, in words. Any member of staff who may see the person does this for them.
    """
    people.withdraw_consent(consent=consent, how=how, by=by)
    return [
        _withdraw(referral, how, by, source)
        for referral in _sent(consent.service_user_id)
        if consent_for(referral) is None
    ]


def _sent(service_user_id: object) -> list[Referral]:
    rows = Referral.objects.open().exclude(status=Status.DRAFT).filter(service_user=service_user_id)
    return list(rows.select_related(*RELATED))


def _withdraw(referral: Referral, how: str, by: Membership, source: str) -> Referral:
    """Whoever moves it at this very moment does not stop a withdrawal: it is tried again on what they left."""
    anybody = Standing(Side.EITHER, by.role, False, referral.provider_team_id is not None)
    evidence = {"how_said": "consent_withdrawn", "words": how}
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                return take(referral, "withdraw", by, anybody, evidence, source, clock.now())
        except AlreadyChanged:
            referral = Referral.objects.select_related(*RELATED).get(pk=referral.pk)
            if not referral.is_open:
                return referral
    raise AlreadyChanged(_("Others keep changing one of the referrals. Nothing was withdrawn. Try again at once."))
