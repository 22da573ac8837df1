"""The page of one referral: its order, what stands beside it, and who can be given it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.permissions import Role
from referrals import actions
from referrals.models import Referral
from tests import factories

pytestmark = pytest.mark.django_db


def page(browser, referral):
    response = browser.get(reverse("referrals:detail", args=[referral.pk]))
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def sam(bo):
    return factories.MembershipFactory(user__name="Sam Shah", team=bo.team, role=Role.SUPPORT_WORKER)


def test_it_tells_who_what_how_whose_move_what_next_and_then_what_happened(referral_in, as_bo):
    words = page(as_bo, referral_in("active", goal="Video calls with my sister"))
    order = ["dx-strip", "What is asked", "Video calls with my sister", "How to reach them", "Whose move",
             "dx-buttons", "On this page", 'id="timeline"', 'id="appointments"', 'id="loans"',
             'id="notes"']  # fmt: skip
    places = [words.index(one) for one in order]
    assert places == sorted(places)


def test_each_part_of_the_page_is_one_link_away(referral_in, as_bo):
    words = page(as_bo, referral_in("active"))
    targets = re.findall(r'href="#(\w+)">', words.split('aria-label="On this page"')[1].split("</nav>")[0])
    assert targets == ["owed", "timeline", "appointments", "loans", "notes"]
    assert all(f'id="{target}"' in words for target in targets)


def test_a_rerouted_referral_and_the_one_after_it_lead_to_each_other(
    referral_in, as_ash, as_bo, ash, offer, provider, provider_team
):
    other = factories.SupportOfferFactory(provider=provider, team=provider_team, name="Another way")
    first = referral_in("declined")
    actions.act(referral=first, action="reroute", by=ash, evidence={"new_offer": other})
    second = Referral.objects.get(previous=first)
    assert f'After this: <a href="{reverse("referrals:detail", args=[second.pk])}"' in page(as_ash, first)
    assert f'Before this: <a href="{reverse("referrals:detail", args=[first.pk])}"' in page(as_ash, second)
    assert "After this:" not in page(as_bo, first)  # not sent yet: no business of the provider's


def test_it_is_given_to_a_colleague_from_its_page_and_the_history_says_to_whom(
    referral_in, as_bo, as_ash, bo, sam
):
    referral = referral_in("active")
    words = page(as_bo, referral)
    assert "With Bo Brandt: give it to a colleague" in words
    assert "Ash Amadi, Brook Lane" not in words.split('name="to"')[1].split("</select>")[0]
    answer = as_bo.post(reverse("referrals:assign"), {"referral": referral.pk, "to": sam.pk, "back": "referral"})
    assert answer.url == reverse("referrals:detail", args=[referral.pk])
    for browser in (as_bo, as_ash):
        entry = page(browser, referral).split('id="timeline"')[1].split("</li>")[0]
        assert "Given to somebody else to look after" in entry
        assert "Sam Shah" in entry


def test_who_looks_after_it_at_the_referrer_is_not_in_the_providers_history(referral_in, as_bo, ash):
    referral = referral_in("active")
    lou = factories.MembershipFactory(user__name="Lou Lister", team=ash.team, role=Role.CLINICIAN)
    actions.assign(referral=referral, to=lou, by=ash)
    assert "Lou Lister" not in page(as_bo, referral)


def test_what_has_ended_cannot_be_given_to_anybody(referral_in, as_bo, as_ash):
    referral = referral_in("closed")
    for browser in (as_bo, as_ash):
        assert 'name="to"' not in page(browser, referral)


def test_a_loan_is_in_the_history_from_hand_over_to_return(referral_in, as_bo, bo):
    loan = actions.reserve_loan(referral=referral_in("active"), item="device", label="Tablet 7", by=bo)
    given = {"signed_or_witnessed": "Kay signed", "ends_on": clock.today() + timedelta(days=90)}
    loan = actions.move_loan(loan=loan, action="hand_over", evidence=given, by=bo)
    history = page(as_bo, loan.referral).split('id="timeline"')[1].split('id="appointments"')[0]
    assert "Device handed over: Tablet 7" in history
    assert "Kay signed" in history


def test_names_in_any_script_and_length_keep_to_themselves(referral_in, as_ash, person):
    person.name = "محمد " * 40
    person.preferred_name = "محمد"
    person.save()
    words = page(as_ash, referral_in("sent"))
    assert f"<bdi>{person.name}</bdi>" in words
    assert "No notes yet." in words
    assert "Nothing was lent." in words


def test_the_page_costs_the_same_however_often_it_was_given_on(referral_in, as_bo, bo, sam):
    referral = referral_in("active")
    actions.assign(referral=referral, to=sam, by=bo)
    with CaptureQueriesContext(connection) as few:
        page(as_bo, referral)
    for to in (bo, sam, None, bo):
        actions.assign(referral=Referral.objects.get(pk=referral.pk), to=to, by=bo)
    with CaptureQueriesContext(connection) as more:
        page(as_bo, referral)
    assert len(more) == len(few)
