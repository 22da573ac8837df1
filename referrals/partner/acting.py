"""A step that the holder of a link takes: the same table, the same write path, and no step that is not theirs."""

from typing import Any

from django.db import transaction

from accounts import clock
from accounts.errors import NotAllowed, NotPossibleNow
from accounts.wording import gettext_lazy as _
from referrals.actions.recording import Source, storable
from referrals.actions.stepping import already_changed, take
from referrals.lifecycle import PARTNER_LINK, Side
from referrals.models import PartnerLink, Referral
from referrals.partner.links import why_shut
from referrals.standing import Standing

HOLDER = Standing(side=Side.PROVIDER, role=PARTNER_LINK, team_lead=False, provider_has_account=False)


class LinkShut(NotAllowed):
    """It opened a moment ago, and does not now. Pages answer with the one neutral page."""


def act_by_link(*, link: PartnerLink, action: str, evidence: dict[str, Any], version: int) -> Referral:
    """The referral after the step. The same press twice is the step once.

    Raises LinkShut, NotAllowed, NotPossibleNow, AlreadyChanged or InvalidInput, and then nothing has changed.
    """
    referral = link.referral
    if version != referral.version:
        if _is_repeat(link, action, evidence, version):
            return referral
        raise already_changed(referral, HOLDER)
    try:
        return _act(link, action, evidence)
    except NotPossibleNow:
        referral.refresh_from_db()
        if _is_repeat(link, action, evidence, version):
            return referral
        raise


@transaction.atomic
def _act(link: PartnerLink, action: str, evidence: dict[str, Any]) -> Referral:
    """Touching the row makes a revocation at this moment wait, or makes this wait for it and then find it."""
    if not PartnerLink.objects.standing().filter(pk=link.pk).update(seen_at=clock.now()) or why_shut(
        link, clock.now()
    ):
        raise LinkShut(_("This link does not open anything now."))
    return take(link.referral, action, None, HOLDER, dict(evidence), Source.PARTNER_LINK, clock.now(), link=link)


def _is_repeat(link: PartnerLink, action: str, evidence: dict[str, Any], version: int) -> bool:
    """The last thing that happened is this very step, by this link, with the same words: a double click."""
    referral = link.referral
    last = referral.events.order_by("-id").first()
    if last is None or last.link_id != link.pk or last.step != action or referral.version != version + 1:
        return False
    kept = {**last.evidence, "reason_code": last.reason_code, "words": last.words}
    said = {name: value for name, value in storable(evidence).items() if value not in (None, "", {})}
    return all(str(kept.get(name, "")).strip() == str(value).strip() for name, value in said.items())
