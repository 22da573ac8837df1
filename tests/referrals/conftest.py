"""A referral in any state, from Ash's team to Bo's."""

import pytest

from tests.factories import ReferralFactory


@pytest.fixture
def referral_in(person, offer, bo, dee):
    """`referral_in("accepted", warm_handover=True)`: brought there by the actions, worked by Bo."""

    def build(state, **more):
        return ReferralFactory(state=state, service_user=person, offer=offer, worker=bo, admin=dee, **more)

    return build
