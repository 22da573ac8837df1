"""What keeps an offer from being asked about a person now, for the pages of apps below."""

from collections.abc import Iterable
from uuid import UUID

from django import template

from directory.models import SupportOffer
from people.models import ServiceUser
from referrals.parking import Parked, parked_among

register = template.Library()


@register.simple_tag
def not_asked_now(service_user: ServiceUser, offers: Iterable[SupportOffer]) -> dict[UUID, Parked]:
    """Offer → why; empty for those that may be asked."""
    return parked_among(service_user, offers)
