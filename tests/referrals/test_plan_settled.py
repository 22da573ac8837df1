"""What a referral has settled does not come back on paper because a later sitting names the need again."""

from datetime import timedelta

import pytest

from accounts import clock
from screening import actions
from tests.factories import ContactPlanFactory, ReferralFactory, ScreeningFactory
from tests.referrals.planning import page_of, words
from tests.referrals.test_needs_in_error import HOME, agree, correct

pytestmark = pytest.mark.django_db

LOOK = "We will look for this together"


@pytest.fixture
def helped(person, ash, bo, offer):
    """All that was agreed a month ago was asked for in one referral, given, and closed; gives the screening."""
    with clock.at(clock.now() - timedelta(days=30)):
        screening = ScreeningFactory(service_user=person, started_by=ash, answers=HOME, submitted=True)
        agree(person, ash)
        ReferralFactory(closed=True, service_user=person, offer=offer, worker=bo)
    return screening


@pytest.fixture
def said(as_ash):
    def look(person):
        ContactPlanFactory(service_user=person)
        return words(as_ash.get(page_of(person)))

    return look


def test_what_was_given_stays_behind_the_person_after_a_correction_and_another(helped, ash, said):
    assert LOOK not in said(helped.service_user)
    correct(correct(helped, {"CT1": ["call"]}, ash), {"CT1": ["text"]}, ash)
    assert LOOK not in said(helped.service_user)


def test_what_was_given_stays_behind_the_person_after_a_later_screening(helped, ash, said):
    ScreeningFactory(service_user=helped.service_user, started_by=ash, answers=HOME, submitted=True)
    assert LOOK not in said(helped.service_user)


def test_what_is_agreed_anew_afterwards_is_looked_for_again(helped, ash, said):
    later = ScreeningFactory(service_user=helped.service_user, started_by=ash, answers=HOME, submitted=True)
    rule = next(one["rule"] for one in later.result["suggestions"] if one["type"] == "offer" and not one["hold"])
    for decision in ("not_now", "agreed"):
        actions.decide(screening=later, rule=rule, decision=decision, by=ash)
    assert LOOK in said(helped.service_user)
