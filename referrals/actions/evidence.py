"""Members of staff and offers that come with a step: whether they are who the step asks for."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from accounts import clock
from accounts.errors import InvalidInput
from accounts.models import Membership
from accounts.permissions import Role
from accounts.wording import gettext_lazy as _
from directory.models import SupportOffer
from referrals.gathering import is_open_to_referrals
from referrals.models import Referral
from referrals.parking import parked, parked_among


def known_people(referral: Referral, brought: Mapping[str, Any]) -> dict[str, Any]:
    """`brought`, or InvalidInput with a sentence beside the field. A name will do where nobody has an account."""
    checks = {
        "named_worker": _named_worker,
        "proposed_offer": _proposed_offer,
        "new_offer": _new_offer,
    }
    wrong = {name: sentence for name, check in checks.items() if name in brought
             and (sentence := check(referral, brought[name]))}  # fmt: skip
    if wrong:
        raise InvalidInput.in_fields(wrong)
    return dict(brought)


def _named_worker(referral: Referral, worker: Any) -> str:
    if isinstance(worker, Membership):
        here = worker.organisation_id == referral.provider_id and worker.role == Role.SUPPORT_WORKER
        return "" if here and worker.ended_at is None else _("Choose somebody who works at the provider now.")
    return _("Choose who will work with the person.") if referral.provider_team_id else ""


def _proposed_offer(referral: Referral, offer: Any) -> str:
    return "" if isinstance(offer, SupportOffer) and offer.withdrawn_at is None else _("Choose an offer.")


def _new_offer(referral: Referral, offer: Any) -> str:
    if not isinstance(offer, SupportOffer) or not is_open_to_referrals(offer):
        return _("Choose an offer that is taking referrals.")
    if offer.pk == referral.offer_id:
        return _("This is the offer that was declined. Choose another one.")
    if referral.kind not in offer.kinds:
        return _("Choose an offer of the same kind of support.")
    found = parked(referral.service_user, offer)
    return found.sentence if found else ""


def staff_of(organisation_id: UUID, role: Role) -> Any:
    """Who can be chosen: those who work there now, by name."""
    staff = Membership.objects.current().filter(team__organisation_id=organisation_id, role=role)
    return staff.select_related("user", "team").order_by("user__name", "pk")


def offers_instead(referral: Referral) -> list[SupportOffer]:
    """Other offers of the same kind of support that take referrals and may be asked about this person, by name."""
    current = SupportOffer.objects.current(clock.today()).of_kind(referral.kind)
    offers = current.select_related("provider").exclude(pk=referral.offer_id)
    open_to_it = [offer for offer in offers if is_open_to_referrals(offer)]
    kept = parked_among(referral.service_user, open_to_it)
    return [offer for offer in open_to_it if offer.pk not in kept]
