"""The API of referrals: the same rules as the pages, said as status codes and JSON."""

from datetime import timedelta

import pytest

from accounts import clock
from accounts.models import AuditEvent
from referrals import actions
from referrals.lifecycle import STEPS
from referrals.models import FollowUp, Referral
from tests import factories
from tests.conftest import SignedIn
from tests.factories import ReferralFactory, evidence_for
from tests.referrals.test_pages import BEFORE, made_ready, whoever_takes

pytestmark = pytest.mark.django_db

URL = "/api/v1/referrals/"


def post(browser, url, body, key=None):
    headers = {"Idempotency-Key": key} if key else {}
    return browser.post(url, body, content_type="application/json", headers=headers)


def step_url(referral, action):
    return f"{URL}{referral.pk}/actions/{action}/"


def sendable(value):
    """Evidence as JSON can hold it."""
    if isinstance(value, dict):
        return {name: sendable(inner) for name, inner in value.items()}
    return value if isinstance(value, str | bool | int) else str(getattr(value, "pk", value))


@pytest.fixture
def ready(person):
    """An agreed need, a contact plan and a consent: all that a referral takes."""
    screening = factories.ScreeningFactory(service_user=person, submitted=True)
    need = factories.NeedFactory(screening=screening, agreed=True)
    factories.ContactPlanFactory(service_user=person)
    factories.ConsentFactory(service_user=person)
    return need


def wanted(need, offer, **more):
    return {"offer": str(offer.pk), "needs": [str(need.pk)], "adjustments": [], **more}


# --- Making one -------------------------------------------------------------------------------------------


def test_referral_is_made_and_sent_in_one_request(as_ash, ready, offer):
    answer = post(as_ash, URL, wanted(ready, offer, send=True, goal="See my daughter"))
    made = answer.json()
    assert answer.status_code == 201
    assert (made["status"], made["kind"], made["goal"]) == ("sent", "device", "See my daughter")
    assert made["shared"]["needs"] == ["No own working device"]
    assert Referral.objects.get().events.get(step="send").source == "api"


def test_draft_stays_with_the_referrer_until_it_is_sent(as_ash, as_bo, ready, offer):
    made = post(as_ash, URL, wanted(ready, offer)).json()
    assert made["status"] == "draft"
    assert made["available_actions"] == ["send", "withdraw", "cancel"]
    assert as_bo.get(f"{URL}{made['id']}/").status_code == 404


def test_same_key_twice_makes_one_referral_and_one_message(as_ash, ready, offer):
    first = post(as_ash, URL, wanted(ready, offer, send=True), key="one")
    again = post(as_ash, URL, wanted(ready, offer, send=True), key="one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    assert Referral.objects.count() == 1
    assert FollowUp.objects.filter(kind="tell_person").count() == 1


def test_sending_without_consent_is_refused_and_leaves_no_draft(as_ash, ready, offer):
    ready.service_user.consents.all().delete()
    answer = post(as_ash, URL, wanted(ready, offer, send=True))
    assert answer.status_code == 409
    assert "may be told" in answer.json()["detail"]
    assert not Referral.objects.exists()


def test_second_referral_to_the_same_offer_is_refused(as_ash, ready, offer):
    post(as_ash, URL, wanted(ready, offer))
    answer = post(as_ash, URL, wanted(ready, offer))
    assert answer.status_code == 409
    assert "already" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"needs": []}, "needs"),
        ({"needs": ["01a20ebf-5c9f-740c-b8a1-709a3bbcb0b3"]}, "needs"),
        ({"offer": "01a20ebf-5c9f-740c-b8a1-709a3bbcb0b3"}, "offer"),
        ({"adjustments": ["tea"]}, "adjustments"),
        ({"preferred_channel": "pigeon"}, "preferred_channel"),
        ({"urgent": "yes"}, "urgent"),
        ({"urgnt": True}, "urgnt"),
        ({"goal": 0}, "goal"),
        ({"kind": "housing"}, "kind"),
    ],
)
def test_input_that_is_wrong_is_named(as_ash, ready, offer, change, field):
    answer = post(as_ash, URL, {**wanted(ready, offer), **change})
    assert answer.status_code == 400
    assert any(name.startswith(field) for name in answer.json()["errors"])
    assert not Referral.objects.exists()


def test_strangers_need_does_not_exist(as_cam, ready, offer):
    assert post(as_cam, URL, wanted(ready, offer)).json()["errors"] == {"needs": "There is no such need."}


def test_draft_is_changed_for_the_version_that_was_seen(as_ash, referral_in):
    draft = referral_in("draft")
    url = f"{URL}{draft.pk}/"
    changed = as_ash.patch(url, {"version": 1, "goal": "Ring my son"}, content_type="application/json")
    assert (changed.status_code, changed.json()["goal"], changed.json()["version"]) == (200, "Ring my son", 2)
    stale = as_ash.patch(url, {"version": 1, "goal": "Something else"}, content_type="application/json")
    assert stale.status_code == 409
    draft.refresh_from_db()
    assert draft.goal == "Ring my son"


# --- Steps ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", BEFORE)
def test_every_step_of_the_table_can_be_taken(referral_in, ash, bo, dee, action):
    with clock.at(clock.now() - timedelta(days=5)):
        referral = referral_in(BEFORE[action])
    made_ready(referral, action, ash, bo)
    referral.refresh_from_db()
    evidence = sendable(evidence_for(referral, action)) | (
        {"named_worker": str(bo.pk)} if action == "accept" else {}
    )
    browser = SignedIn(whoever_takes(action, ash, bo, dee))
    answer = post(browser, step_url(referral, action), {"evidence": evidence, "version": referral.version})
    assert answer.status_code == 200, answer.json()
    assert answer.json()["status"] == STEPS[action].target


def test_step_that_is_not_possible_says_the_state_and_what_is(referral_in, as_bo):
    referral = referral_in("accepted")
    answer = post(as_bo, step_url(referral, "acknowledge"), {})
    assert answer.status_code == 409
    assert answer.json()["state"] == "accepted"
    assert answer.json()["available_actions"] == ["start", "decline", "could_not_reach", "withdraw"]


def test_step_of_the_other_side_is_403(referral_in, as_ash):
    assert post(as_ash, step_url(referral_in("sent"), "accept"), {}).status_code == 403


def test_stale_version_is_409_and_changes_nothing(referral_in, as_bo):
    referral = referral_in("acknowledged")
    answer = post(as_bo, step_url(referral, "ask"), {"evidence": {"question": "When?"}, "version": 1})
    assert answer.status_code == 409
    assert answer.json()["title"] == "Somebody else has changed this"
    assert not referral.events.filter(step="ask").exists()


def test_evidence_that_is_missing_is_named(referral_in, as_bo):
    answer = post(as_bo, step_url(referral_in("acknowledged"), "decline"), {"evidence": {}})
    assert answer.status_code == 400
    assert answer.json()["errors"] == {"reason_code": "Say why you cannot help."}


@pytest.mark.parametrize(
    "evidence",
    [
        {"named_worker": "01a20ebf-5c9f-740c-b8a1-709a3bbcb0b3"},
        {"named_worker": "Somebody by name"},
        {"named_worker": 7},
        {"named_worker": ["x"]},
        {},
    ],
)
def test_worker_who_is_not_there_is_refused(referral_in, as_bo, evidence):
    answer = post(as_bo, step_url(referral_in("acknowledged"), "accept"), {"evidence": evidence})
    assert answer.status_code == 400
    assert "named_worker" in answer.json()["errors"]


@pytest.mark.parametrize(
    ("evidence", "field"),
    [
        ({"question": "Which\x00 days?", "qestion": "x"}, "qestion"),
        ({"question": 7}, "question"),
        ({"question": {"a": []}}, "question"),
        ({"question": "\x00"}, "question"),
    ],
)
def test_evidence_of_the_wrong_kind_is_refused(referral_in, as_bo, evidence, field):
    answer = post(as_bo, step_url(referral_in("acknowledged"), "ask"), {"evidence": evidence})
    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_characters_that_a_database_cannot_hold_are_left_out(referral_in, as_bo):
    referral = referral_in("acknowledged")
    assert post(as_bo, step_url(referral, "ask"), {"evidence": {"question": "Which\x00 days?"}}).status_code == 200
    assert referral.events.get(step="ask").evidence == {"question": "Which days?"}


@pytest.mark.parametrize("step", ["draft", "delete", "x"])
def test_unknown_step_is_404(referral_in, as_bo, step):
    assert post(as_bo, step_url(referral_in("sent"), step), {}).status_code == 404


def test_same_key_twice_takes_a_step_once(referral_in, as_bo):
    referral = referral_in("sent")
    first = post(as_bo, step_url(referral, "acknowledge"), {}, key="k")
    again = post(as_bo, step_url(referral, "acknowledge"), {}, key="k")
    assert (first.status_code, again.status_code) == (200, 200)
    assert referral.events.filter(step="acknowledge").count() == 1


def test_word_of_a_provider_without_account_can_come_by_letter(person, as_ash):
    referral = ReferralFactory(sent=True, service_user=person, offer=factories.SupportOfferFactory(team=None))
    day = (clock.now() - timedelta(minutes=5)).isoformat()
    answer = post(as_ash, step_url(referral, "acknowledge"), {"source": "letter", "happened_at": day})
    assert answer.status_code == 200
    event = referral.events.get(step="acknowledge")
    assert (event.source, event.side) == ("letter", "provider")


# --- Reading ----------------------------------------------------------------------------------------------------


def test_lists_are_filtered_by_state_day_and_person(referral_in, as_ash, person):
    referral = referral_in("sent")
    tomorrow = (clock.today() + timedelta(days=30)).isoformat()
    hits = {
        "status=sent": 1,
        "status=closed": 0,
        f"due_before={tomorrow}": 1,
        "due_before=2020-01-01": 0,
        f"service_user={person.pk}": 1,
        "action_with=provider": 1,
        "action_with=referrer": 0,
    }
    for query, count in hits.items():
        found = as_ash.get(f"{URL}?{query}").json()["results"]
        assert [row["id"] for row in found] == [str(referral.pk)] * count, query


@pytest.mark.parametrize("query", ["status=unknown", "due_before=soon", "service_user=1", "action_with=me", "x=1"])
def test_filter_that_is_wrong_is_400(as_ash, query):
    assert as_ash.get(f"{URL}?{query}").status_code == 400


def test_list_costs_the_same_for_many(as_ash, ash, django_assert_max_num_queries):
    for _ in range(4):
        person = factories.ServiceUserFactory(team=ash.team, created_by=ash)
        ReferralFactory(sent=True, service_user=person)
    with django_assert_max_num_queries(8):
        assert len(as_ash.get(URL).json()["results"]) == 4


def test_strangers_find_nothing(referral_in, as_cam, as_nia):
    referral = referral_in("sent")
    for browser in (as_cam, as_nia):
        assert browser.get(URL).json()["results"] == []
        assert browser.get(f"{URL}{referral.pk}/").status_code == 404
        assert (
            post(browser, step_url(referral, "withdraw"), {"evidence": {"how_said": "phone"}}).status_code == 404
        )


def test_reading_is_audited(referral_in, as_bo, bo):
    referral = referral_in("sent")
    as_bo.get(f"{URL}{referral.pk}/")
    assert AuditEvent.objects.filter(action="view_referral", subject_id=str(referral.pk), membership=bo).exists()


def test_provider_is_told_what_was_shared_and_no_more(told_much, as_bo):
    body = as_bo.get(f"{URL}{told_much.pk}/").content.decode() + as_bo.get(URL).content.decode()
    for marker in ("MARKERLOCAL", "markermail", "07700", "1971", "SURV", "SAFEGUARD", "uneasy", "feels_watched"):
        assert marker not in body, marker
    seen = as_bo.get(f"{URL}{told_much.pk}/").json()
    assert seen["service_user"] is None
    assert seen["name"] == told_much.service_user.name
    assert not {event["step"] for event in seen["events"]} & {"draft", "revise", "propose_error"}
    sensitive = {str(need.pk) for need in told_much.needs.filter(code__in=["SURV", "SAFEGUARD"])}
    assert {need["title"] for need in seen["needs"] if need["id"] in sensitive} == {""}


def test_after_a_withdrawal_the_provider_is_told_the_name_and_no_more(referral_in, as_bo, ash, person):
    referral = referral_in("accepted", goal="See my daughter")
    actions.withdraw_consent(consent=referral.consent, how="By phone", by=ash)
    seen = as_bo.get(f"{URL}{referral.pk}/").json()
    assert seen["goal"] == seen["asked_for"] == ""
    assert set(seen["shared"]) == {"name", "preferred_name", "pronouns"}


# --- What is done with the person -----------------------------------------------------------------------------


def test_notes_contacts_appointments_and_loans_are_written_down(referral_in, as_bo):
    url = f"{URL}{referral_in('active').pk}/"
    soon = (clock.now() + timedelta(days=3)).isoformat()
    bodies = {
        "notes": {"text": "Met at the hub."},
        "contact-attempts": {"channel": "call", "result": "spoke"},
        "appointments": {"starts_at": soon, "where": "The hub"},
        "loans": {"item": "device", "label": "Tablet 7"},
    }
    for part, body in bodies.items():
        assert post(as_bo, f"{url}{part}/", body).status_code == 201, part
        assert len(as_bo.get(f"{url}{part}/").json()) == 1, part


def test_note_is_corrected_by_another_note(referral_in, as_bo):
    url = f"{URL}{referral_in('active').pk}/notes/"
    first = post(as_bo, url, {"text": "Tuesday"}).json()
    second = post(as_bo, url, {"text": "Wednesday", "corrects": first["id"]}).json()
    assert second["corrects"] == first["id"]
    assert post(as_bo, url, {"text": "Thursday", "corrects": first["id"]}).status_code == 409
    assert [note["text"] for note in as_bo.get(url).json()] == ["Tuesday", "Wednesday"]


def test_appointment_outcome_before_its_start_is_409(referral_in, as_bo, bo):
    referral = referral_in("active")
    booked = actions.book(referral=referral, starts_at=clock.now() + timedelta(days=1), where="Hub", by=bo)
    url = f"{URL}{referral.pk}/appointments/{booked.pk}/"
    assert post(as_bo, f"{url}outcome/", {"outcome": "attended"}).status_code == 409
    moved = post(as_bo, f"{url}new-time/", {"starts_at": (clock.now() + timedelta(days=2)).isoformat()})
    assert moved.status_code == 201
    assert moved.json()["rearranged_from"] == str(booked.pk)


def test_loan_is_handed_over_and_taken_back(referral_in, as_bo, bo):
    referral = referral_in("active")
    loan = actions.reserve_loan(referral=referral, item="sim", label="SIM 12", by=bo)
    url = f"{URL}{referral.pk}/loans/{loan.pk}/actions/"
    assert "ends_on" in post(as_bo, url, {"action": "hand_over"}).json()["errors"]
    day = (clock.today() + timedelta(days=90)).isoformat()
    out = post(as_bo, url, {"action": "hand_over", "signed_or_witnessed": "R. Example", "ends_on": day})
    assert (out.status_code, out.json()["status"]) == (200, "handed_over")
    assert post(as_bo, url, {"action": "return"}).json()["status"] == "returned"


def test_pause_and_resume_through_a_referral(referral_in, as_bo, person):
    url = f"{URL}{referral_in('active').pk}/"
    day = (clock.today() + timedelta(days=14)).isoformat()
    assert post(as_bo, f"{url}pause/", {"reason": "in_hospital", "review_on": day}).status_code == 204
    person.refresh_from_db()
    assert person.paused_at
    assert post(as_bo, f"{url}resume/", {}).status_code == 204


def test_admin_writes_no_notes(referral_in, as_dee):
    assert post(as_dee, f"{URL}{referral_in('active').pk}/notes/", {"text": "x"}).status_code == 403


def test_follow_ups_are_listed_and_done_once(referral_in, as_ash, as_bo):
    referral_in("sent")
    owed = as_ash.get("/api/v1/follow-ups/?kind=tell_person&done=false").json()["results"]
    assert len(owed) == 1
    url = f"/api/v1/follow-ups/{owed[0]['id']}/complete/"
    assert post(as_bo, url, {"result": "told_call"}).status_code == 404
    assert post(as_ash, url, {"result": "nonsense"}).status_code == 400
    assert post(as_ash, url, {"result": "not_needed"}).json()["errors"] == {"words": "Say more in a few words."}
    assert post(as_ash, url, {"result": "told_call"}).json()["result"] == "told_call"
    assert post(as_ash, url, {"result": "told_call"}).status_code == 409
