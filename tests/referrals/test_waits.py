"""The wait as our own referrals had it, put beside the provider's word."""

from datetime import timedelta

import pytest

from accounts import clock
from accounts.models import AuditEvent
from referrals.models import Referral, ReferralEvent
from referrals.waits import FEWEST, work_out_waits
from tests import factories

pytestmark = pytest.mark.django_db


def started(offer, *, days, ago=5):
    """A referral to the offer that started `ago` days ago, `days` after it was sent."""
    referral = factories.ReferralFactory(active=True, offer=offer)
    at = clock.now() - timedelta(days=ago)
    Referral.objects.filter(pk=referral.pk).update(sent_at=at - timedelta(days=days, hours=1))
    ReferralEvent._base_manager.filter(referral=referral, step="start").update(happened_at=at)
    return referral


def figures(offer):
    offer.refresh_from_db()
    return offer.usual_wait_days, offer.usual_wait_of, offer.usual_wait_on


def test_the_middle_of_the_waits_is_put_beside_the_providers_word(offer):
    for days in (3, 10, 40):
        started(offer, days=days)
    assert work_out_waits() == 1
    assert figures(offer) == (10, 3, clock.today())
    assert (offer.wait_days, offer.version) == (7, 1)
    assert AuditEvent.objects.get(action="note_usual_wait").details == {"days": 10, "of": 3}


def test_of_too_few_nothing_is_said(offer):
    for _ in range(FEWEST - 1):
        started(offer, days=3)
    work_out_waits()
    assert figures(offer) == (None, 0, clock.today())


def test_what_is_long_past_or_was_an_error_does_not_count(offer):
    for _ in range(2):
        started(offer, days=3)
    started(offer, days=3, ago=181)
    wrong = started(offer, days=3)
    Referral.objects.filter(pk=wrong.pk).update(
        status="entered_in_error", due_on=None, action_with="", ended_at=clock.now()
    )
    work_out_waits()
    assert figures(offer)[0] is None


def test_a_figure_that_no_longer_holds_is_taken_back(offer):
    for _ in range(FEWEST):
        started(offer, days=3)
    work_out_waits()
    with clock.at(clock.now() + timedelta(days=200)):
        assert work_out_waits() == 1
    assert figures(offer)[:2] == (None, 0)


def test_the_same_again_is_no_news(offer):
    for _ in range(FEWEST):
        started(offer, days=3)
    assert [work_out_waits(), work_out_waits()] == [1, 0]
