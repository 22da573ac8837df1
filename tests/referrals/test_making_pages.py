"""Making a referral on its page: filled in, sent or kept, never twice; and taking consent back."""

import re

import pytest
from django.urls import reverse

from referrals import actions
from referrals.models import FollowUp, Referral
from tests import factories
from tests.factories import ReferralFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def need(person):
    """A device is needed, and agreed; the person said what they would like to do online."""
    answers = {"CT1": ["text", "letter"], "CT2": "fine", "FA1": ["people", "money"], "AC2": ["none"], "AC2a": "no",
               "FA4": ["alone"]}  # fmt: skip
    screening = factories.ScreeningFactory(service_user=person, answers=answers, submitted=True)
    screening.needs.update(decision="agreed", decided_at=screening.submitted_at, decided_by=person.created_by)
    return screening.needs.get(code="DEVICE")


def page(need, offer):
    return reverse("referrals:refer", args=[need.pk, offer.pk])


def typed(need, **more):
    return {
        "needs": [str(need.pk)],
        "asked_for": "A tablet",
        "goal": "See my daughter",
        "preferred_channel": "text",
        "fallback_channel": "letter",
        "adjustments": ["none"],
        "do": "send",
        **more,
    }


def test_page_is_filled_in_from_what_the_person_said(as_ash, need, offer):
    words = as_ash.get(page(need, offer)).content.decode()
    assert "Device loan or gift" in words
    assert re.search(r'<option value="text" selected>Text', words)
    assert re.search(r'<input[^>]*value="warm_handover"[^>]*checked', words)
    assert "Talk to family or friends, Bank or benefits" in words
    assert "No date of birth, NHS number, answers or diagnosis" in words


def test_consent_can_be_asked_for_on_the_page_and_names_the_provider(as_ash, need, offer, provider):
    refused = as_ash.post(page(need, offer), typed(need))
    assert refused.status_code == 400
    assert "may be told about them" in refused.content.decode()
    assert not Referral.objects.exists()
    sent = as_ash.post(page(need, offer), typed(need, said_yes="on", how="spoken"))
    referral = Referral.objects.get()
    assert sent.url == reverse("referrals:detail", args=[referral.pk])
    assert (referral.status, referral.goal) == ("sent", "See my daughter")
    assert (referral.consent.provider, referral.consent.how) == (provider, "spoken")


def test_consent_that_is_in_force_is_not_asked_for_again(as_ash, need, offer, person):
    factories.ConsentFactory(service_user=person)
    assert "said yes to telling" not in as_ash.get(page(need, offer)).content.decode()
    assert as_ash.post(page(need, offer), typed(need)).status_code == 302


def test_double_click_makes_one_referral(as_ash, need, offer, person):
    factories.ConsentFactory(service_user=person)
    first = as_ash.post(page(need, offer), typed(need, once="one"))
    again = as_ash.post(page(need, offer), typed(need, once="one"))
    assert first.url == again.url
    assert Referral.objects.count() == 1
    assert FollowUp.objects.filter(kind="tell_person").count() == 1


def test_draft_can_be_kept_changed_and_sent_later(as_ash, need, offer, person):
    as_ash.post(page(need, offer), typed(need, do="keep", adjustments=[]))
    draft = Referral.objects.get()
    assert (draft.status, draft.adjustments) == ("draft", None)
    shown = as_ash.get(reverse("referrals:detail", args=[draft.pk])).content.decode()
    assert "which adjustments the person needs" in shown
    change = reverse("referrals:revise", args=[draft.pk])
    assert as_ash.get(change).status_code == 200
    factories.ConsentFactory(service_user=person)
    answer = as_ash.post(change, typed(need, version=draft.version))
    assert answer.status_code == 302
    send = reverse("referrals:step", args=[draft.pk, "send"])
    assert as_ash.post(send, {"version": draft.version + 1}).status_code == 302
    draft.refresh_from_db()
    assert (draft.status, draft.adjustments) == ("sent", [])


def test_draft_that_somebody_else_changed_is_not_overwritten(as_ash, referral_in, ash):
    draft = referral_in("draft")
    actions.revise(referral=draft, version=1, by=ash, goal="Ring my son")
    change = reverse("referrals:revise", args=[draft.pk])
    answer = as_ash.post(change, {"goal": "Something else", "adjustments": ["none"], "version": 1})
    assert answer.status_code == 400
    assert "Something else" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.goal == "Ring my son"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"needs": []}, "Choose at least one need."),
        ({"adjustments": ["none", "slow_pace"]}, "not both"),
        ({"preferred_channel": "call"}, "Select a valid choice"),
        ({"said_yes": "on"}, "Say how they said so."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(as_ash, need, offer, change, sentence):
    answer = as_ash.post(page(need, offer), typed(need, **change))
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not Referral.objects.exists()


def test_page_for_a_need_that_is_not_agreed_is_refused(as_ash, need, offer):
    type(need).objects.filter(pk=need.pk).update(decision="undecided", decided_at=None, decided_by=None)
    assert as_ash.get(page(need, offer)).status_code == 409


def test_nobody_else_can_refer_from_the_page(as_cam, as_nia, as_bo, as_dee, need, offer):
    assert [browser.get(page(need, offer)).status_code for browser in (as_cam, as_nia, as_bo, as_dee)] == [
        404, 404, 403, 403,
    ]  # fmt: skip


def test_taking_consent_back_says_what_stops_and_stops_it(as_ash, referral_in, offer):
    referral = referral_in("accepted")
    url = reverse("referrals:withdraw_consent", args=[referral.consent_id])
    assert offer.name in as_ash.get(url).content.decode()
    referral.refresh_from_db()
    assert referral.status == "accepted"
    assert as_ash.post(url, {"how": " "}).status_code == 400
    assert as_ash.post(url, {"how": "By phone"}).url == reverse("people:detail", args=[referral.service_user_id])
    referral.refresh_from_db()
    assert referral.status == "withdrawn"
    assert as_ash.post(url, {"how": "By phone"}).status_code == 409


def test_stranger_cannot_take_consent_back(as_cam, as_nia, referral_in):
    url = reverse("referrals:withdraw_consent", args=[referral_in("sent").consent_id])
    assert as_cam.post(url, {"how": "x"}).status_code == as_nia.post(url, {"how": "x"}).status_code == 404


# --- The worklist -------------------------------------------------------------------------------------------


@pytest.fixture
def many(ash, offer, bo):
    people = [factories.ServiceUserFactory(team=ash.team, created_by=ash) for _ in range(6)]
    states = ["sent", "acknowledged", "accepted", "declined", "closed", "draft"]
    return [
        ReferralFactory(state=state, service_user=person, offer=offer, worker=bo)
        for state, person in zip(states, people, strict=True)
    ]


def names(browser, query=""):
    words = browser.get(f"{reverse('referrals:worklist')}{query}").content.decode()
    return re.findall(r"<bdi>([^<]*)</bdi>", words), words


def test_each_side_sees_its_own_moves_and_what_it_waits_for(many, as_ash, as_bo):
    by_state = {referral.status: referral.service_user.name for referral in many}
    assert set(names(as_bo)[0]) == {by_state["sent"], by_state["acknowledged"], by_state["accepted"]}
    assert set(names(as_bo, "?show=others")[0]) == {by_state["declined"]}
    assert set(names(as_bo, "?show=ended")[0]) == {by_state["closed"]}
    assert set(names(as_ash)[0]) == {by_state["declined"], by_state["draft"]}
    assert len(names(as_ash, "?show=others")[0]) == 3
    assert set(names(as_bo, "?worker=me")[0]) == {by_state["accepted"]}


def test_pages_of_the_worklist_hold_each_referral_once(many, as_dee, monkeypatch):
    monkeypatch.setattr("referrals.worklist.PAGE", 2)
    found, query = [], ""
    for _ in range(4):
        shown, words = names(as_dee, query)
        found += shown
        following = re.search(r'href="(\?show=mine[^"]*after=[^"]*)"', words)
        if following is None:
            break
        query = following[1].replace("&amp;", "&")
    assert len(found) == len(set(found)) == 5


@pytest.mark.parametrize(
    "query", ["?show=nonsense", "?after=nonsense", "?after=2026-13-45.x", "?worker=1&show=mine"]
)
def test_address_that_is_mistyped_shows_the_usual_list(many, as_bo, query):
    assert len(names(as_bo, query)[0]) == 3


def test_worklist_costs_the_same_however_long_it_is(many, as_bo, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        names(as_bo)


def test_empty_worklist_says_what_will_appear(as_bo, as_ash):
    assert "Nothing waits for you" in names(as_bo)[1]
    assert "agree a need with them" in names(as_ash)[1]
