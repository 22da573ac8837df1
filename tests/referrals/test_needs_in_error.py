"""A need that was only an error is no reason for a referral, and nothing that a provider is told."""

import pytest
from django.urls import reverse

from accounts import clock
from accounts.errors import NotPossibleNow
from referrals.models import Referral
from referrals.sharing import stands, title_of
from screening import actions
from tests.factories import ConsentFactory, ContactPlanFactory, ReferralFactory, ScreeningFactory
from tests.referrals.planning import words
from tests.screening.examples import CASES

pytestmark = pytest.mark.django_db

WELL = CASES["no-barriers"]
HOME = {**CASES["supported-home-never-online"], "CT1": ["text", "call"], "CT2": "fine", "MH3": "no", "REF1": "yes"}
AN_ERROR = "This rests on a need that turned out to be an error"


@pytest.fixture
def screened(person, ash):
    """Much is needed, and all of it agreed."""
    screening = ScreeningFactory(service_user=person, started_by=ash, answers=HOME, submitted=True)
    agree(person, ash)
    return screening


def agree(person, by):
    person.needs.update(decision="agreed", decided_at=clock.now(), decided_by=by)


def correct(screening, answers, by):
    draft = actions.correct(screening=screening, reason="Ticked the wrong box", by=by)
    saved = actions.save_answers(screening=draft, answers=answers, version=draft.version, by=by)
    return actions.submit(screening=saved.screening, by=by)


def void(screening, by):
    actions.void(screening=screening, reason="It was somebody else", by=by)


@pytest.mark.parametrize("undo", [lambda one, by: correct(one, WELL, by), void], ids=["corrected", "void"])
def test_a_draft_that_rests_on_an_error_is_not_sent_and_words_say_why(screened, ash, offer, undo):
    draft = ReferralFactory(service_user=screened.service_user, offer=offer)
    undo(screened, ash)
    ContactPlanFactory(service_user=draft.service_user)
    ConsentFactory(service_user=draft.service_user)
    with pytest.raises(NotPossibleNow, match=AN_ERROR) as refusal:
        ReferralFactory.step(draft, "send", by=ash)
    assert not [need for need in draft.needs.all() if title_of(need) in refusal.value.message]
    assert Referral.objects.get(pk=draft.pk).status == "draft"


def test_a_draft_is_sent_after_a_correction_that_leaves_its_needs_alone(screened, ash, offer):
    draft = ReferralFactory(service_user=screened.service_user, offer=offer)
    correct(screened, {"CT1": ["text", "letter", "call"]}, ash)
    assert ReferralFactory.step(draft, "send", by=ash).status == "sent"


def test_an_error_that_a_first_correction_had_carried_on_is_one_too(screened, ash, offer):
    draft = ReferralFactory(service_user=screened.service_user, offer=offer)
    correct(correct(screened, {"CT1": ["text", "letter"]}, ash), WELL, ash)
    assert not any(need.raised_in_error for need in draft.needs.all())
    assert not any(map(stands, draft.needs.all()))


def test_no_referral_is_begun_for_an_error(screened, ash, offer, as_ash):
    need = screened.needs.get(code="CONNECT")
    correct(screened, WELL, ash)
    assert AN_ERROR in words(as_ash.get(reverse("referrals:refer", args=[need.pk, offer.pk])), 409)


def test_a_provider_is_not_told_of_a_need_that_turned_out_to_be_an_error(screened, ash, bo, as_bo, offer):
    referral = ReferralFactory(active=True, service_user=screened.service_user, offer=offer, worker=bo)
    told, url = referral.shared["needs"], f"/api/v1/referrals/{referral.pk}/"
    assert told
    assert as_bo.get(url).json()["shared"]["needs"] == told
    correct(screened, WELL, ash)
    after = as_bo.get(url).json()
    assert after["shared"]["needs"] == []
    assert {need["title"] for need in after["needs"]} == {""}
    page = words(as_bo.get(reverse("referrals:detail", args=[referral.pk])))
    assert [title for title in told if title in page] == []
