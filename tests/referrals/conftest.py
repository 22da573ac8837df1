"""A referral in any state, from Ash's team to Bo's; and one of somebody about whom much is known."""

import pytest

from accounts import clock
from tests import factories
from tests.factories import ReferralFactory
from tests.referrals.planning import ANSWERS
from tests.referrals.reaching import WEDNESDAY, referral_to


@pytest.fixture
def referral_in(person, offer, bo, dee):
    """`referral_in("accepted", warm_handover=True)`: brought there by the actions, worked by Bo."""

    def build(state, **more):
        return ReferralFactory(state=state, service_user=person, offer=offer, worker=bo, admin=dee, **more)

    return build


@pytest.fixture
def told_much(person, offer, bo):
    """Somebody about whom much is known, none of which a provider may see."""
    person.local_number = "MARKERLOCAL"
    person.email = "markermail@example.org"
    person.save()
    answers = {"CT1": ["text", "letter"], "CT2": "fine", "MH3": "often", "MH3a": ["letter"], "OC3": "uneasy"}
    screening = factories.ScreeningFactory(service_user=person, answers=answers, submitted=True)
    person.needs.update(decision="agreed", decided_at=clock.now(), decided_by=person.created_by)
    factories.ContactPlanFactory(service_user=person, allowed=["letter"], automatic_reason="feels_watched",
                                 automatic=False, preferred="letter", fallback="")  # fmt: skip
    assert {"SURV", "SAFEGUARD"} <= set(screening.needs.values_list("code", flat=True))
    return ReferralFactory(
        active=True, service_user=person, offer=offer, worker=bo, fallback_channel="referrer", safeguarding=True
    )


# Reaching people


@pytest.fixture
def wednesday_morning():
    """Ten o'clock in London on a day when messages may go."""
    with clock.at(WEDNESDAY):
        yield


@pytest.fixture
def plan(person):
    """Texts, letters and calls are all right."""
    return factories.ContactPlanFactory(service_user=person)


@pytest.fixture
def referral(person, offer, ash):
    return referral_to(offer, person, ash)


# Plans on paper


@pytest.fixture
def screened(person, ash):
    """Somebody who agreed to all that the answers raised, and likes to be called Kay."""
    person.preferred_name = "Kay"
    person.save()
    factories.ScreeningFactory(service_user=person, answers=ANSWERS, submitted=True)
    person.needs.update(decision="agreed", decided_at=clock.now(), decided_by=ash)
    return person
