"""Service users by API: the pages' rules and sentences, strict types, and nothing personal in an address."""

import json

import pytest

from accounts.models import AuditEvent
from people import actions
from people.models import Consent, ContactPlan, ServiceUser
from tests import factories

pytestmark = pytest.mark.django_db

BASE = "/api/v1/service-users/"


@pytest.fixture
def api(as_ash):
    """Ash's session as an API client that speaks JSON."""

    def send(method, path="", data=None, client=as_ash, **headers):
        body = data if isinstance(data, str) else json.dumps(data)
        sent = {"data": body, "content_type": "application/json"} if data is not None else {}
        return getattr(client, method)(BASE + path, headers=headers, **sent)

    return send


def ids(response):
    return [row["id"] for row in response.json()["results"]]


# --- Reading


def test_list_holds_my_teams_people_newest_first(api, ash, person, nia):
    newer = factories.ServiceUserFactory(created_by=ash)
    factories.ServiceUserFactory(created_by=nia)

    assert ids(api("get")) == [str(newer.pk), str(person.pk)]
    assert AuditEvent.objects.get(action="see_caseload").details == {"shown": 2}


def test_list_pages_by_cursor(api, ash):
    people = [factories.ServiceUserFactory(created_by=ash) for _ in range(3)]
    first = api("get", "?page_size=2")
    second = api("get", "?" + first.json()["next"].split("?")[1])

    assert ids(first) + ids(second) == [str(person.pk) for person in reversed(people)]


@pytest.mark.parametrize("query", ["nhs_number=9990839549", "name=robin", "pausd=true", "limit=10"])
def test_filter_that_is_none_is_refused(api, person, query):
    response = api("get", f"?{query}")

    assert response.status_code == 400
    assert response.json()["errors"] == {query.split("=")[0]: "There is no such filter."}


@pytest.mark.parametrize("query", ["team=x", "cursor=nonsense", "page_size=40020803181887651840", "page_size=-1"])
def test_wrong_value_of_a_filter_is_no_fault_of_ours(api, person, query):
    assert api("get", f"?{query}").status_code in {200, 400, 404}


def test_list_filters_by_pause(api, ash, person):
    paused = factories.ServiceUserFactory(created_by=ash, paused=True)

    assert ids(api("get", "?paused=true")) == [str(paused.pk)]
    assert ids(api("get", "?paused=false")) == [str(person.pk)]


def test_reading_one_is_audited(api, person):
    response = api("get", f"{person.pk}/")

    assert response.json()["name"] == person.name
    assert response.json()["version"] == 1
    assert AuditEvent.objects.get(action="view_service_user").subject_id == str(person.pk)


@pytest.mark.parametrize("path", ["not-a-uuid/", "01890000-0000-7000-8000-000000000000/"])
def test_nobody_of_that_id_is_not_found_as_a_problem(api, path):
    response = api("get", path)

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["detail"] == "There is nothing here that you can see."


@pytest.mark.parametrize("path", ["", "contact-plan/", "consents/"])
def test_strangers_and_colleagues_of_other_teams_find_nobody(api, as_cam, as_nia, person, path):
    for client in (as_cam, as_nia):
        assert api("get", f"{person.pk}/{path}", client=client).status_code == 404
    assert not AuditEvent.objects.filter(subject_id=str(person.pk)).exists()


def test_support_worker_and_nobody_are_refused(api, as_bo, client):
    assert api("get", client=as_bo).status_code == 403
    assert api("get", client=client).status_code == 401


def test_search_finds_by_post(api, person):
    response = api("post", "search/", {"text": person.nhs_number})

    assert [row["id"] for row in response.json()["people"]] == [str(person.pk)]
    assert response.json()["found_by"] == "number"


# --- Adding


def test_adding_answers_with_the_person(api, ash):
    response = api("post", data={"name": "Robin Example", "date_of_birth": "3 Apr 1961", "phone": "07700 900123"})

    assert response.status_code == 201
    assert response.json()["date_of_birth"] == "1961-04-03"
    assert ServiceUser.objects.get().created_by == ash


def test_same_key_adds_once(api):
    first = api("post", data={"name": "Robin Example"}, idempotency_key="k")
    second = api("post", data={"name": "Robin Example"}, idempotency_key="k")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second["Idempotent-Replayed"] == "true"
    assert ServiceUser.objects.count() == 1


def test_same_key_for_somebody_else_is_refused(api):
    api("post", data={"name": "Robin Example"}, idempotency_key="k")

    assert api("post", data={"name": "Kim Sample"}, idempotency_key="k").status_code == 409
    assert ServiceUser.objects.count() == 1


def test_errors_are_the_sentences_of_the_page(api, as_ash):
    wrong = {"name": "", "nhs_number": "12 34", "date_of_birth": "31 2 1961", "postcode": "x", "email": "y"}
    response = api("post", data=wrong)
    page = as_ash.post("/people/add/", wrong).content.decode()

    assert response.status_code == 400
    assert set(response.json()["errors"]) == set(wrong)
    for sentence in response.json()["errors"].values():
        assert sentence in page


@pytest.mark.parametrize("name", [0, 1.5, True, None, [], {}, ["Robin"]])
def test_what_is_no_text_is_no_name(api, name):
    response = api("post", data={"name": name})

    assert response.status_code == 400
    assert "name" in response.json()["errors"]


@pytest.mark.parametrize(
    "body", ["[]", '"x"', "3", "null", "{", "", "[" * 20_000, '{"name": "\\ud800"}', '{"name": "\\u0000"}']
)
def test_body_that_makes_no_sense_is_the_senders_mistake(api, body):
    assert api("post", data=body).status_code == 400
    assert not ServiceUser.objects.exists()


@pytest.mark.parametrize("text", ['"\\ud800"', '"\\uDFFF"', '{"\\ud83d": 1}'])
def test_half_of_a_surrogate_pair_is_refused_wherever_it_stands(api, text):
    response = api("post", data=f'{{"name": "Robin", "not_the_same_as": [{text}]}}')

    assert response.status_code == 400
    assert "half of a surrogate pair" in response.json()["detail"]


def test_a_whole_surrogate_pair_is_a_letter_like_any_other(api):
    assert api("post", data='{"name": "Robin \\ud83d\\ude00"}').status_code == 201


def test_field_that_is_none_is_refused(api):
    response = api("post", data={"name": "Robin", "surname": "Example", "team": "mine"})

    assert set(response.json()["errors"]) == {"surname", "team"}


def test_likely_duplicate_is_a_conflict_that_says_who(api, ash):
    there = actions.add(by=ash, name="Robin Example", date_of_birth="3 4 1961")
    new = {"name": "Robyn Example", "date_of_birth": "1961-04-03"}
    refused = api("post", data=new)

    assert refused.status_code == 409
    assert refused.json()["state"] == "looks_like_somebody"
    assert refused.json()["people"] == [{"id": str(there.pk), "name": "Robin Example"}]
    assert api("post", data={**new, "not_the_same_as": [str(there.pk)]}).status_code == 201


def test_only_json_is_taken(as_ash):
    assert as_ash.post(BASE, {"name": "Robin"}).status_code == 415


# --- Changing


def test_change_from_the_newest_version_is_made(api, person):
    response = api("patch", f"{person.pk}/", {"version": 1, "pronouns": "they/them"})

    assert (response.status_code, response.json()["version"]) == (200, 2)
    assert response.json()["pronouns"] == "they/them"


def test_change_from_an_older_version_is_refused(api, ash, person):
    actions.update(service_user=person, version=1, by=ash, pronouns="she/her")
    response = api("patch", f"{person.pk}/", {"version": 1, "pronouns": "they/them"})

    assert response.status_code == 409
    assert response.json()["state"] == "version 2"
    person.refresh_from_db()
    assert person.pronouns == "she/her"


@pytest.mark.parametrize("version", [None, "1", True, -1, 1.0, 10**30])
def test_change_needs_a_version(api, person, version):
    assert api("patch", f"{person.pk}/", {"version": version, "pronouns": "x"}).status_code == 400


def test_whole_replacement_and_deletion_do_not_exist(api, person):
    assert api("put", f"{person.pk}/", {}).status_code == 405
    assert api("delete", f"{person.pk}/").status_code == 405


# --- Contact plan and consents

PLAN = {"seen": 0, "allowed": ["text", "letter"], "automatic": True, "reason": "Asked alone"}


def test_plan_of_nobody_asked_allows_nothing(api, person):
    plan = api("get", f"{person.pk}/contact-plan/").json()

    assert (plan["number"], plan["allowed"], plan["automatic"], plan["answered"]) == (0, [], False, False)
    assert plan["words"][0] == "Safe contact has not been asked about: do not contact."


def test_plan_is_made_by_a_clinician_with_a_reason(api, person):
    path = f"{person.pk}/contact-plan/"
    assert "reason" in api("post", path, {**PLAN, "reason": ""}).json()["errors"]
    made = api("post", path, PLAN)

    assert (made.status_code, made.json()["number"]) == (201, 1)
    assert api("get", path).json() == made.json()


def test_admin_tightens_but_does_not_loosen(api, person, as_dee):
    path = f"{person.pk}/contact-plan/"
    assert api("post", path, PLAN, client=as_dee).status_code == 403
    api("post", path, PLAN)

    assert api("post", path, {**PLAN, "seen": 1, "allowed": ["letter"]}, client=as_dee).status_code == 201
    assert api("post", path, {**PLAN, "seen": 2}, client=as_dee).status_code == 403


def test_plan_made_from_an_older_one_is_refused(api, person):
    path = f"{person.pk}/contact-plan/"
    api("post", path, PLAN)
    response = api("post", path, {**PLAN, "allowed": ["letter"]})

    assert (response.status_code, response.json()["state"]) == (409, "plan 1")


@pytest.mark.parametrize(
    "wrong",
    [
        {"allowed": ["pigeon"]},
        {"allowed": "text"},
        {"automatic": "yes"},
        {"weekdays": [7]},
        {"weekdays": ["monday"]},
        {"hours_from": "10:00"},
        {"hours_from": "16:00", "hours_to": "10:00"},
        {"preferred": "call"},
        {"seen": None},
        {"via_person": "x" * 201},
        {"answered": True},
    ],
)
def test_plan_that_makes_no_sense_is_refused(api, person, wrong):
    assert api("post", f"{person.pk}/contact-plan/", {**PLAN, **wrong}).status_code == 400
    assert not ContactPlan.objects.exists()


CONSENT = {"choice": "yes", "how": "spoken", "wording": "sharing-1"}


def test_consent_is_recorded_once_a_key_and_listed(api, person, provider):
    path = f"{person.pk}/consents/"
    for _ in range(2):
        made = api("post", path, {**CONSENT, "provider": str(provider.pk)}, idempotency_key="k")

    assert made.status_code == 201
    assert [row["id"] for row in api("get", path).json()] == [made.json()["id"]]
    assert Consent.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"choice": "perhaps"}, {"how": None}, {"provider": "x"}, {"expires_on": "2020-01-01"}, {"wording": 3}],
)
def test_consent_that_makes_no_sense_is_refused(api, person, wrong):
    assert api("post", f"{person.pk}/consents/", {**CONSENT, **wrong}).status_code == 400
    assert not Consent.objects.exists()


def test_admin_reads_but_does_not_write(api, person, as_dee):
    assert api("get", f"{person.pk}/consents/", client=as_dee).status_code == 200
    assert api("post", data={"name": "Robin"}, client=as_dee).status_code == 403
    assert api("patch", f"{person.pk}/", {"version": 1}, client=as_dee).status_code == 403
    assert api("post", f"{person.pk}/consents/", CONSENT, client=as_dee).status_code == 403
