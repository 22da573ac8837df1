"""An offer ends: nobody new is sent there, no referral closes by itself, and each owner is asked what next."""

from datetime import timedelta

import pytest

from accounts import clock
from accounts.errors import InvalidInput, NotAllowed
from directory import actions as directory
from referrals import actions
from referrals.due import queue_due
from referrals.models import FollowUp
from tests import factories
from tests.conftest import SignedIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def referral(person, offer, bo):
    return factories.ReferralFactory(accepted=True, service_user=person, offer=offer, worker=bo)


def asked():
    return FollowUp.objects.open().filter(kind=FollowUp.Kind.OFFER_ENDED)


def withdraw(offer, by, **said):
    return actions.withdraw_offer(offer=offer, version=offer.version, reason="ended", by=by, **said)


def test_what_becomes_of_the_people_already_referred_must_be_said(referral, offer, bo):
    with pytest.raises(InvalidInput) as refusal:
        withdraw(offer, bo)
    assert list(refusal.value.fields) == ["goes_on"]
    offer.refresh_from_db()
    assert offer.is_active


@pytest.mark.parametrize(
    ("goes_on", "words"), [(True, "sees this person to the end"), (False, "choose other support together")]
)
def test_the_referrer_is_asked_and_the_referral_stays_as_it_was(referral, offer, ash, bo, goes_on, words):
    assert withdraw(offer, bo, goes_on=goes_on) == 1
    (owed,) = asked()
    assert words in owed.what
    assert (owed.team, owed.referral) == (ash.team, referral)
    referral.refresh_from_db()
    assert referral.status == "accepted"


def test_an_offer_gone_from_a_feed_has_the_same_questions_asked_by_the_job(referral, offer):
    directory.withdraw_offer(offer=offer, version=1, reason="gone_from_feed", by=None, source="feed")
    assert not asked().exists()
    queue_due()
    queue_due()
    assert "Ask Riverside Connect what becomes of this person" in asked().get().what


def test_what_was_answered_is_not_asked_again(referral, offer, ash, bo):
    withdraw(offer, bo, goes_on=True)
    actions.complete_follow_up(follow_up=asked().get(), result="told_person", by=ash)
    queue_due()
    assert not asked().exists()


def test_an_offer_listed_again_needs_no_answer_and_its_next_end_does(referral, offer, bo):
    withdraw(offer, bo, goes_on=False)
    directory.bring_back_offer(offer=offer, version=offer.version, by=bo)
    queue_due()
    assert not asked().exists()
    with clock.at(clock.now() + timedelta(days=1)):
        withdraw(offer, bo, goes_on=False)
        queue_due()
    assert asked().count() == 1


def test_a_referral_that_has_ended_asks_nothing(person, offer, bo):
    factories.ReferralFactory(closed=True, service_user=person, offer=offer, worker=bo)
    assert withdraw(offer, bo) == 0
    assert not asked().exists()


def test_a_draft_is_asked_about_too(person, offer, bo):
    factories.ReferralFactory(service_user=person, offer=offer)
    withdraw(offer, bo, goes_on=True)
    assert "has ended before this was sent" in asked().get().what


def test_nobody_else_withdraws_an_offer(offer, bo, dee, ash):
    for who in (dee, ash):
        with pytest.raises(NotAllowed):
            withdraw(offer, who)


def test_the_page_asks_what_becomes_of_them_and_loses_nothing_typed(referral, offer, bo, person):
    client, path = SignedIn(bo), f"/referrals/offers/{offer.pk}/withdraw/"
    shown = client.get(path).content.decode()
    assert "1 open referral points here" in shown
    assert person.name not in shown
    typed = {"reason": "moved", "words": "Ask the library", "version": 1}
    shown = client.post(path, typed).content.decode()
    assert shown.count("Say what becomes of the people already referred.") == 2
    assert "Ask the library" in shown
    done = client.post(path, {**typed, "goes_on": "False"}, follow=True).content.decode()
    assert "1 referrer is asked what to do next" in done
    assert "This offer ended on" in done
    assert asked().count() == 1


def test_the_page_left_open_is_told(offer, bo):
    client, path = SignedIn(bo), f"/referrals/offers/{offer.pk}/withdraw/"
    directory.pause_offer(offer=offer, version=1, by=bo)
    shown = client.post(path, {"reason": "moved", "words": "Kept", "version": 1}).content.decode()
    assert "Somebody else has changed this offer" in shown
    assert "Kept" in shown
