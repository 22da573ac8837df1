"""A provider that nobody signs in for, and a referral that was sent to it."""

import pytest

from tests import factories
from tests.factories import ReferralFactory
from tests.referrals.partner.opening import Holder

ADDRESS = "hello@village-hall.example.org"


@pytest.fixture
def village(provider):
    """Riverside Connect's listing, with an e-mail address and no account."""
    return factories.SupportOfferFactory(
        provider=provider, team=None, contact_email=ADDRESS, contact_phone="01632 960123"
    )


@pytest.fixture
def told(person):
    person.name = "Marker Personsname"
    person.nhs_number = "9990000018"
    person.phone = "+447700900456"
    person.save()
    return person


@pytest.fixture
def sent(told, village):
    return ReferralFactory(state="sent", service_user=told, offer=village, goal="To ring my sister")


@pytest.fixture
def in_state(told, village):
    """`in_state("accepted")`: brought there by staff who typed what the provider said."""

    def build(state, **more):
        return ReferralFactory(state=state, service_user=told, offer=village, **more)

    return build


@pytest.fixture
def holder(sent):
    """Whoever has the link, in front of the code."""
    return Holder(sent)


@pytest.fixture
def inside(holder):
    """The same, behind the code."""
    return holder.open()
