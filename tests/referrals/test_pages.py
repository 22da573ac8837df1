"""The pages of referrals, through the front door: what each side sees, and every step by its page."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEvent
from people.identifiers import format_phone
from referrals import actions
from referrals.lifecycle import STEPS
from referrals.models import Referral
from tests import factories
from tests.conftest import SignedIn
from tests.factories import WAY_TO, evidence_for

pytestmark = pytest.mark.django_db


def detail(referral):
    return reverse("referrals:detail", args=[referral.pk])


def step_page(referral, action):
    return reverse("referrals:step", args=[referral.pk, action])


def typed(referral, action, worker):
    """The evidence of a step as a browser sends it."""
    evidence = dict(evidence_for(referral, action))
    if action == "accept":
        evidence["named_worker"] = str(worker.pk)
    for need, outcome in evidence.pop("need_outcomes", {}).items():
        evidence[f"need_{need}"] = outcome
    if "answered_by" in evidence:
        evidence["answered_by"] = str(referral.created_by_id)
    if "expected_on" in evidence:
        evidence["expected_on"] = evidence["expected_on"].strftime("%d %m %Y")
    return {**evidence, "version": Referral.objects.get(pk=referral.pk).version}


BEFORE = {
    "send": "draft",
    "acknowledge": "sent",
    "ask": "acknowledged",
    "answer": "more_info",
    "accept": "acknowledged",
    "wait_list": "acknowledged",
    "decline": "acknowledged",
    "reroute": "declined",
    "start": "accepted",
    "deliver": "active",
    "close": "delivered",
    "could_not_reach": "accepted",
    "withdraw": "accepted",
    "cancel": "sent",
    "reopen": "closed",
    "reopen_accepted": "closed",
    "mark_error": "sent",
}


def made_ready(referral, action, ash, bo):
    """What must stand in the record before the step."""
    if action == "could_not_reach":
        for days, channel in ((3, "call"), (2, "call"), (1, "letter")):
            with clock.at(clock.now() - timedelta(days=days)):
                actions.log_contact(referral=referral, channel=channel, result="no_answer", by=bo)
        question = actions.ask_safety(referral=referral, clinician=ash, by=bo)
        actions.complete_follow_up(follow_up=question, result="no_concern", by=ash)
    if action == "mark_error":
        actions.propose_error(referral=referral, by=ash, words="It was about somebody else.")


def whoever_takes(action, ash, bo, dee):
    return {"referrer": ash, "provider": bo, "either": ash, "person": ash}[STEPS[action].side] if action not in {
        "reopen", "reopen_accepted", "mark_error"} else dee  # fmt: skip


def test_every_step_of_the_table_is_covered_here():
    assert set(BEFORE) == set(STEPS) - {"draft"}


@pytest.mark.parametrize("action", BEFORE)
def test_every_step_can_be_taken_on_its_page(referral_in, ash, bo, dee, action):
    with clock.at(clock.now() - timedelta(days=5)):
        referral = referral_in(BEFORE[action])
    made_ready(referral, action, ash, bo)
    browser = SignedIn(whoever_takes(action, ash, bo, dee))
    page = browser.get(step_page(referral, action))
    assert page.status_code == 200
    assert str(STEPS[action].label) in page.content.decode()
    answer = browser.post(step_page(referral, action), typed(referral, action, bo))
    assert answer.status_code == 302, answer.content.decode()
    referral.refresh_from_db()
    assert referral.status == STEPS[action].target


@pytest.mark.parametrize("state", WAY_TO)
def test_pages_offer_what_the_table_offers_and_nothing_else(referral_in, as_ash, as_bo, as_dee, state):
    referral = referral_in(state)
    for browser in (as_ash, as_bo, as_dee):
        page = browser.get(detail(referral))
        if page.status_code == 404:
            assert browser is as_bo
            continue
        words = page.content.decode()
        for name in STEPS:
            shown = step_page(referral, name) in words
            possible = referral.status in STEPS[name].sources
            assert possible or not shown, (name, state)


def test_stranger_and_colleague_of_another_team_find_nothing(referral_in, as_cam, as_nia):
    referral = referral_in("accepted")
    for browser in (as_cam, as_nia):
        assert browser.get(detail(referral)).status_code == 404
        assert (
            browser.post(step_page(referral, "withdraw"), {"how_said": "phone", "version": 1}).status_code == 404
        )
        assert str(referral.pk) not in browser.get(reverse("referrals:worklist")).content.decode()


def test_provider_sees_nothing_before_it_is_sent(referral_in, as_bo):
    draft = referral_in("draft")
    assert as_bo.get(detail(draft)).status_code == 404


def test_reading_a_referral_changes_nothing_and_is_audited(referral_in, as_bo, bo):
    referral = referral_in("sent")
    as_bo.get(detail(referral))
    referral.refresh_from_db()
    assert referral.status == "sent"
    assert AuditEvent.objects.filter(action="view_referral", subject_id=str(referral.pk), membership=bo).exists()


def test_opening_from_the_worklist_acknowledges(referral_in, as_bo):
    referral = referral_in("sent")
    assert "Open and acknowledge" in as_bo.get(reverse("referrals:worklist")).content.decode()
    answer = as_bo.post(reverse("referrals:open", args=[referral.pk]))
    assert answer.url == detail(referral)
    referral.refresh_from_db()
    assert referral.status == "acknowledged"
    assert as_bo.post(reverse("referrals:open", args=[referral.pk])).status_code == 302


def test_step_that_is_not_possible_is_refused_in_words(referral_in, as_bo):
    referral = referral_in("accepted")
    page = as_bo.get(step_page(referral, "acknowledge"))
    assert page.status_code == 409
    assert "You can: Start" in page.content.decode()


def test_step_of_the_other_side_is_refused(referral_in, as_bo):
    assert as_bo.get(step_page(referral_in("declined"), "reroute")).status_code == 403


def test_missing_evidence_is_said_beside_the_field_and_keeps_what_was_typed(referral_in, as_bo):
    referral = referral_in("acknowledged")
    page = as_bo.post(step_page(referral, "decline"), {"reason_code": "not_eligible", "version": referral.version})
    words = page.content.decode()
    assert page.status_code == 400
    assert "Say which criterion." in words
    chosen = re.search(r'<input[^>]*value="not_eligible"[^>]*>', words)
    assert chosen
    assert "checked" in chosen[0]


def test_stale_page_answers_409_with_what_may_be_done_and_the_words_kept(referral_in, as_bo, bo):
    referral = referral_in("acknowledged")
    stale = {"question": "Do mornings suit?", "version": referral.version}
    actions.act(referral=referral, action="wait_list", by=bo, evidence=evidence_for(referral, "wait_list"))
    page = as_bo.post(step_page(referral, "ask"), stale)
    words = page.content.decode()
    assert page.status_code == 409
    assert "Do mornings suit?" in words
    assert "Somebody else has changed this" in words
    assert step_page(referral, "accept") in words
    assert not referral.events.filter(step="ask").exists()


def test_stale_page_whose_step_is_still_possible_offers_it_again(referral_in, as_bo, bo):
    referral = referral_in("sent")
    stale = {"question": "Do mornings suit?", "version": referral.version}
    moved = actions.act(referral=referral, action="acknowledge", by=bo)
    page = as_bo.post(step_page(referral, "ask"), stale)
    assert page.status_code == 409
    assert f'name="version" value="{moved.version}"' in page.content.decode()
    assert as_bo.post(step_page(referral, "ask"), {**stale, "version": moved.version}).status_code == 302


# --- What a provider may know ---------------------------------------------------------------------------------


FORBIDDEN = [
    "MARKERLOCAL",
    "markermail",
    "07700",
    "4 May 1971",
    "Feels watched",
    "feels_watched",
    "safeguarding",
    "Distress",
    "SURV",
    "uneasy",
    "No own working device",
]


def test_provider_sees_only_what_was_shared(told_much, as_bo):
    told_much.needs.filter(code="DEVICE").delete()
    pages = [
        detail(told_much),
        reverse("referrals:worklist"),
        reverse("referrals:owed"),
        step_page(told_much, "deliver"),
        reverse("referrals:contact", args=[told_much.pk]),
    ]
    for url in pages:
        words = as_bo.get(url).content.decode()
        leaked = [marker for marker in FORBIDDEN if marker.lower() in words.lower()]
        assert not leaked, (url, leaked)
    assert "Robin" in as_bo.get(detail(told_much)).content.decode()


def test_contact_plan_tightened_later_takes_effect_for_the_provider_at_once(referral_in, as_bo, person):
    referral = referral_in("accepted")
    assert format_phone(person.phone) in as_bo.get(detail(referral)).content.decode()
    factories.ContactPlanFactory(service_user=person, allowed=["letter"], preferred="letter", fallback="")
    words = as_bo.get(detail(referral)).content.decode()
    assert format_phone(person.phone) not in words
    assert "Letter only" in words


def test_number_that_changed_since_is_the_one_that_is_shown(referral_in, as_bo, person):
    referral = referral_in("accepted")
    person.phone = "+447700900999"
    person.save()
    words = as_bo.get(detail(referral)).content.decode()
    assert "07700 900999" in words
    assert "07700 900123" not in words


def test_after_a_withdrawal_the_provider_keeps_the_name_and_no_more(referral_in, as_bo, ash, person):
    referral = referral_in("accepted", goal="See my daughter")
    actions.withdraw_consent(consent=referral.consent, how="By phone", by=ash)
    words = as_bo.get(detail(referral)).content.decode()
    assert person.name in words
    assert format_phone(person.phone) not in words
    assert "See my daughter" not in words
    assert "Do not contact them about it" in words


@pytest.mark.parametrize("state", ["declined", "rerouted", "cancelled", "withdrawn"])
def test_provider_with_no_more_part_in_it_sees_no_details(referral_in, as_bo, person, state):
    words = as_bo.get(detail(referral_in(state, goal="See my daughter"))).content.decode()
    assert person.name in words
    assert format_phone(person.phone) not in words
    assert "See my daughter" not in words


def test_consent_that_ran_out_hides_the_details_and_the_words_of_others(referral_in, as_bo, ash, bo, person):
    referral = referral_in("active")
    actions.add_note(referral=referral, text="Written by the clinician", by=ash)
    actions.add_note(referral=referral, text="Written by the worker", by=bo)
    assert "Written by the clinician" in as_bo.get(detail(referral)).content.decode()
    person.consents.update(expires_on=clock.today() - timedelta(days=1))
    words = as_bo.get(detail(referral)).content.decode()
    assert "Written by the worker" in words
    assert "Written by the clinician" not in words
    assert format_phone(person.phone) not in words
    api = as_bo.get(f"/api/v1/referrals/{referral.pk}/notes/").json()
    assert [note["text"] for note in api] == ["Written by the worker"]


def test_support_worker_who_refers_on_sees_their_own_draft(referral_in, bo, person, team, ash):
    """Somebody of the referring team without a caseload: knows the person by what was shared."""
    worker = factories.MembershipFactory(team=team, role="support_worker")
    Referral.objects.filter(pk=referral_in("draft", goal="See my daughter").pk).update(created_by=worker)
    page = SignedIn(worker).get(detail(Referral.objects.get()))
    assert "See my daughter" in page.content.decode()
    assert "NHS number" not in page.content.decode()
