"""Consent that no longer covers an open referral: whoever referred is asked, once, and nothing ends by itself."""

from datetime import timedelta

import pytest

from accounts import clock
from people import actions as people
from people.models import Consent
from referrals import actions
from referrals.due import queue_due
from referrals.models import FollowUp
from screening import actions as screening_actions
from screening.models import Need
from tests import factories
from tests.merging.records import merge, record
from tests.screening.examples import CASES
from tests.screening.test_correction import corrected

pytestmark = pytest.mark.django_db
ANSWERS = {**CASES["supported-home-never-online"], "CT1": ["text", "call"], "CT2": "fine", "MH3": "no"}


def screened(person, by, said="yes"):
    answers = {**ANSWERS, "REF1": said}
    screening = factories.ScreeningFactory(service_user=person, started_by=by, answers=answers, submitted=True)
    Need.objects.filter(service_user=person).update(decision="agreed", decided_at=clock.now(), decided_by=by)
    return screening


@pytest.fixture
def screening(person, ash):
    return screened(person, ash)


@pytest.fixture
def referral(screening, person, offer, bo):
    return factories.ReferralFactory(active=True, service_user=person, offer=offer, worker=bo)


def asked():
    return FollowUp.objects.open().filter(key__startswith="consent:")


def say(person, choice, by):
    people.record_consent(service_user=person, choice=choice, how="spoken", wording="The consent page", by=by)


def test_a_referral_that_consent_covers_asks_nothing(referral):
    queue_due()
    assert not asked().exists()


@pytest.mark.parametrize("how", ["correction", "error", "expired"])
def test_the_referrer_is_asked_once_and_the_referral_stays_open(referral, screening, ash, as_ash, how):
    if how == "correction":
        corrected(screening, ash, {"REF1": "no"})
    elif how == "error":
        screening_actions.void(screening=screening, reason="Somebody else's", by=ash)
    else:
        Consent.objects.update(expires_on=clock.today() - timedelta(days=1))
    queue_due()
    queue_due()
    (owed,) = asked()
    assert (owed.team, owed.referral) == (ash.team, referral)
    referral.refresh_from_db()
    assert referral.status == "active"
    assert "consent no longer covers this referral" in as_ash.get("/").content.decode()


def test_a_no_on_a_record_that_is_joined_asks(ash, offer, bo):
    kept, other = record(ash), record(ash, name="Robyn Rivers")
    screened(kept, ash)
    referral = factories.ReferralFactory(active=True, service_user=kept, offer=offer, worker=bo)
    screened(other, ash, said="no")
    merge(kept, other, ash)
    queue_due()
    assert asked().get().referral == referral


def test_consent_given_again_needs_no_answer_and_its_next_loss_does(referral, person, ash):
    say(person, "no", ash)
    queue_due()
    first = asked().get()
    say(person, "yes", ash)
    queue_due()
    assert not asked().exists()
    say(person, "no", ash)
    queue_due()
    assert asked().get() != first


def test_what_was_answered_is_not_asked_again(referral, person, ash):
    say(person, "no", ash)
    queue_due()
    actions.complete_follow_up(follow_up=asked().get(), result="spoke", by=ash)
    queue_due()
    assert not asked().exists()


def test_it_goes_with_the_referral(referral, person, ash):
    say(person, "no", ash)
    queue_due()
    factories.ReferralFactory.step(referral, "withdraw", by=ash)
    assert not asked().exists()


def test_a_draft_was_told_to_nobody(screening, person, offer, ash):
    factories.ReferralFactory(service_user=person, offer=offer)
    say(person, "no", ash)
    queue_due()
    assert not asked().exists()
