"""Asking elsewhere for a person that one works with: for which of their needs, and which offers there are."""

from accounts import clock
from accounts.permissions import Role
from directory import kinds
from directory.models import SupportOffer
from referrals.gathering import is_open_to_referrals
from referrals.lifecycle import Status
from referrals.models import Referral
from referrals.parking import parked_among
from referrals.sharing import is_over, is_shareable, title_of
from referrals.standing import Standing
from screening.models import Need
from screening.sitting import definition_of

WITH_THE_PERSON = {Status.ACCEPTED, Status.ACTIVE, Status.DELIVERED}


def may_refer_on(referral: Referral, me: Standing) -> bool:
    """A support worker of the provider while it works with the person; the clinic refers from the result."""
    works = me.speaks_for_provider and me.provider_has_account and me.role == Role.SUPPORT_WORKER
    return works and referral.status in WITH_THE_PERSON and not is_over(referral)


def needs_shown(referral: Referral) -> dict[str, tuple[Need, str]]:
    """By id, the needs that stand, each by its title; by the kind of help where that is not for a provider."""
    agreed = Need.objects.open().filter(referrals=referral, decision=Need.Decision.AGREED)
    help_given = kinds.TITLES.get(referral.kind, referral.kind)
    rows = agreed.select_related("screening")
    return {str(need.pk): (need, title_of(need) if is_shareable(need) else str(help_given)) for need in rows}


def offers_for(referral: Referral, needs: dict[str, tuple[Need, str]]) -> list[SupportOffer]:
    """Those that give what any of the needs calls for, take referrals, and may be asked about this person."""
    wanted = {support for need, _title in needs.values() for support in _supports(need)}
    current = SupportOffer.objects.current(clock.today()).select_related("provider", "team")
    rows = [
        offer
        for offer in current.exclude(pk=referral.offer_id).order_by("name", "pk")
        if wanted.intersection(offer.kinds) and is_open_to_referrals(offer)
    ]
    kept = parked_among(referral.service_user, rows)
    return [offer for offer in rows if offer.pk not in kept]


def _supports(need: Need) -> set[str]:
    return {rule.support for rule in definition_of(need.screening).rules if need.code in rule.needs}
