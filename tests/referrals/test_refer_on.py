"""Whoever works with the person asks elsewhere too, with the same checks and the person's yes to that provider."""

import pytest
from django.urls import reverse

from people.models import Consent
from referrals.models import Referral
from screening.sitting import definition_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def active(referral_in):
    return referral_in("active", goal="Ring my son")


@pytest.fixture
def elsewhere(active):
    need = active.needs.first()
    rules = definition_of(need.screening).rules
    support = next(rule.support for rule in rules if need.code in rule.needs)
    return factories.SupportOfferFactory(kinds=[support], name="Sims for all")


def typed(active, offer, **more):
    return {
        "offer_to": str(offer.pk),
        "needs": [str(need.pk) for need in active.needs.all()],
        "asked_for": "A SIM with data.",
        "goal": "Ring my son",
        "do": "send",
        **more,
    }


def page_of(active):
    return reverse("referrals:refer_on", args=[active.pk])


def only_for_this_provider(active):
    """The person has said yes to the provider that helps them now, and to nobody else."""
    Consent.objects.filter(service_user=active.service_user).update(provider=active.provider)


def test_the_page_leads_there_and_offers_what_fits(active, elsewhere, as_bo):
    assert page_of(active) in as_bo.get(reverse("referrals:detail", args=[active.pk])).content.decode()
    assert "Sims for all" in as_bo.get(page_of(active)).content.decode()


def test_a_worker_refers_on(active, elsewhere, as_bo, bo):
    answer = as_bo.post(page_of(active), typed(active, elsewhere))
    onward = Referral.objects.get(offer=elsewhere)
    assert answer.status_code == 302
    assert (onward.status, onward.created_by, onward.goal) == ("sent", bo, "Ring my son")
    assert onward.referring_team == active.referring_team
    active.refresh_from_db()
    assert active.status == "active"


def test_without_consent_for_the_new_provider_nothing_is_sent_and_nothing_typed_is_lost(active, elsewhere, as_bo):
    only_for_this_provider(active)
    answer = as_bo.post(page_of(active), typed(active, elsewhere))
    assert answer.status_code == 400
    assert "Ask the person whether this provider may be told" in answer.content.decode()
    assert "A SIM with data." in answer.content.decode()
    assert not Referral.objects.filter(offer=elsewhere).exists()


def test_it_can_be_kept_as_a_draft_for_the_clinic_to_ask_and_send(active, elsewhere, as_bo, ash):
    only_for_this_provider(active)
    assert as_bo.post(page_of(active), typed(active, elsewhere, do="keep")).status_code == 302
    draft = Referral.objects.get(offer=elsewhere)
    assert draft.status == "draft"
    assert draft in Referral.objects.visible_to(ash)


def test_a_yes_on_the_page_is_recorded_for_that_provider_alone(active, elsewhere, as_bo, bo):
    only_for_this_provider(active)
    answer = as_bo.post(page_of(active), typed(active, elsewhere, said_yes="on"))
    assert answer.status_code == 400
    answer = as_bo.post(page_of(active), typed(active, elsewhere, said_yes="on", how="spoken"))
    assert answer.status_code == 302
    consent = Consent.objects.get(provider=elsewhere.provider)
    assert (consent.choice, consent.recorded_by) == ("yes", bo)
    assert Referral.objects.get(offer=elsewhere).consent == consent


def test_no_yes_is_kept_where_the_referral_is_refused(active, elsewhere, as_bo):
    only_for_this_provider(active)
    factories.ReferralFactory(sent=True, service_user=factories.ServiceUserFactory(), offer=elsewhere)
    elsewhere.accepts_referrals = False
    elsewhere.save()
    answer = as_bo.post(page_of(active), typed(active, elsewhere, said_yes="on", how="spoken"))
    assert answer.status_code == 400
    assert not Consent.objects.filter(service_user=active.service_user, provider=elsewhere.provider).exists()


@pytest.mark.parametrize("state", ["sent", "acknowledged", "waiting", "declined", "closed"])
def test_only_while_working_with_the_person(referral_in, as_bo, state):
    assert as_bo.get(page_of(referral_in(state))).status_code == 403


def test_clinic_refers_from_the_result_and_strangers_find_nothing(active, as_ash, as_cam):
    assert as_ash.get(page_of(active)).status_code == 403
    assert as_cam.get(page_of(active)).status_code == 404


def test_where_nothing_fits_the_page_says_what_to_do(active, as_bo):
    assert "it records the gap" in as_bo.get(page_of(active)).content.decode()
