"""Screenings by API: the scorer's result to the letter, the pages' rules, and nothing dropped in silence."""

import json
import uuid

import pytest

from accounts.models import AuditEvent
from screening.models import Need, Screening
from tests.factories import ScreeningFactory
from tests.screening.examples import CASES, VECTORS


@pytest.fixture
def api(as_ash):
    """Ash's session as an API client that speaks JSON."""

    def send(method, path, data=None, client=as_ash, **headers):
        sent = {"data": json.dumps(data), "content_type": "application/json"} if data is not None else {}
        return getattr(client, method)(f"/api/v1/{path}", headers=headers, **sent)

    return send


@pytest.fixture
def new(api, person):
    def post(answers, *, definition="getting-online", submit=False, client=None, **more):
        data = {"service_user": str(person.pk), "definition": definition, "answers": answers, "submit": submit}
        who = {"client": client} if client else {}
        return api("post", "screenings/", data | more.pop("data", {}), **who, **more)

    return post


# --- Creating


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_a_submitted_screening_comes_back_with_exactly_what_scoring_gives(new, vector):
    response = new(vector["answers"], submit=True)
    assert response.status_code == 201
    assert response.json()["result"] == vector["expect"]
    assert response.json()["answers"] == vector["answers"]


@pytest.mark.parametrize("definition", ["getting-online", "getting-online@1.0.0"])
def test_the_definition_is_named_with_or_without_its_version(new, definition):
    assert new({}, definition=definition).json()["definition"] == "getting-online@1.0.0"


@pytest.mark.parametrize("definition", ["", "getting-offline", "getting-online@9.9.9", "getting-online@", 7, None])
def test_an_unknown_definition_is_refused(new, definition):
    response = new({}, definition=definition)
    assert (response.status_code, list(response.json()["errors"])) == (400, ["definition"])


def test_a_draft_has_no_result(new):
    response = new({"AC1": "never"})
    assert (response.status_code, response.json()["status"], response.json()["result"]) == (201, "draft", None)


def test_faulty_answers_are_refused_with_one_sentence_an_item(new):
    response = new({"AC1": "sideways", "XX9": "yes", "CT1": "text", "OC1": "own"}, submit=True)
    assert response.status_code == 400
    assert response.json()["errors"] == {
        "AC1": "'sideways' is not one of its options.",
        "XX9": "There is no such item in this questionnaire.",
        "CT1": "The answer must be a list of codes.",
    }
    assert not Screening.objects.exists()


@pytest.mark.parametrize("text", ["\ud800", "\x00", "=1+1", "a" * 10_000, "‮", "<script>"])
def test_no_text_however_odd_breaks_it(new, text):
    for answers in ({text: "x"}, {"AC1": text}, {"CT1": [text]}, {"KN1": {text: text}}, {"AC1": {"state": text}}):
        assert new(answers, submit=True).status_code == 400


@pytest.mark.parametrize("answers", [[], "none", 7, None, True])
def test_answers_that_are_no_object_are_refused(new, answers):
    response = new(answers)
    assert response.status_code == 400
    assert "answers" in response.json()["errors"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"anwsers": {}}, "anwsers"),
        ({"form": "long"}, "form"),
        ({"submit": "yes"}, "submit"),
        ({"service_user": "nobody"}, "service_user"),
        ({"answered_by": "from_paper"}, "on_paper_on"),
        ({"on_paper_on": "27 March"}, "on_paper_on"),
    ],
)
def test_what_is_misspelt_or_does_not_fit_is_refused_by_name(new, more, field):
    response = new({}, data=more)
    assert response.status_code == 400
    assert field in response.json()["errors"]


def test_a_second_open_draft_is_refused_and_a_whole_screening_is_not(new):
    assert new({"AC1": "never"}).status_code == 201
    assert new({"AC1": "daily"}).status_code == 409
    assert new(CASES["no-barriers"], submit=True).status_code == 201


def test_the_same_key_twice_makes_one_screening(new):
    first, second = (new({"AC1": "never"}, submit=True, **{"Idempotency-Key": "k1"}) for _ in range(2))
    assert first.json() == second.json()
    assert Screening.objects.count() == 1


def test_distress_now_stops_a_draft_at_once(new):
    response = new({"MH3": "now"})
    assert response.json()["status"] == "paused"
    assert response.json()["result"]["contact"]["automatic"] is False


def test_the_short_form_leaves_the_rest_not_asked(new):
    response = new({"AC1": "daily"}, submit=True, data={"form": "short"})
    assert response.json()["answers"]["FA3"] == {"state": "not_asked", "reason": "ran_out_of_time"}
    assert "none" not in response.json()["result"]["levels"].values()


# --- Changing


@pytest.fixture
def draft(person, ash):
    return ScreeningFactory(service_user=person, started_by=ash)


def test_answers_are_added_and_the_version_moves(api, draft):
    first = api("patch", f"screenings/{draft.pk}/", {"answers": {"AC1": "never"}, "version": 1}).json()
    second = api(
        "patch", f"screenings/{draft.pk}/", {"answers": {"OC1": "own"}, "version": first["version"]}
    ).json()
    assert second["answers"] == {"AC1": "never", "OC1": "own"}
    assert second["version"] == 3


def test_a_stale_version_is_refused_whole(api, draft):
    api("patch", f"screenings/{draft.pk}/", {"answers": {"AC1": "never"}, "version": 1})
    response = api("patch", f"screenings/{draft.pk}/", {"answers": {"OC1": "own"}, "version": 1})
    assert response.status_code == 409
    assert api("get", f"screenings/{draft.pk}/").json()["answers"] == {"AC1": "never"}


def test_submitting_is_done_once_and_answered_alike_each_time(api, draft):
    first = api("post", f"screenings/{draft.pk}/submit/", {})
    second = api("post", f"screenings/{draft.pk}/submit/", {})
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert first.json()["status"] == "submitted"


def test_a_submitted_screening_takes_no_answers(api, person, ash):
    done = ScreeningFactory(service_user=person, started_by=ash, submitted=True)
    response = api("patch", f"screenings/{done.pk}/", {"answers": {"AC1": "never"}, "version": done.version})
    assert (response.status_code, response.json()["state"]) == (409, "submitted")


def test_a_void_screening_says_so(api, person, ash):
    done = ScreeningFactory(service_user=person, started_by=ash, submitted=True)
    response = api("post", f"screenings/{done.pk}/void/", {"reason": "Entered twice"})
    assert response.json()["status"] == "void"


# --- Reading


def test_the_list_is_by_person_and_holds_no_answers(api, person, ash):
    mine = ScreeningFactory(service_user=person, started_by=ash, submitted=True)
    ScreeningFactory(service_user__created_by=ash, started_by=ash)
    (line,) = api("get", f"screenings/?service_user={person.pk}").json()["results"]
    assert line["id"] == str(mine.pk)
    assert not {"answers", "result"} & line.keys()


@pytest.mark.parametrize("path", ["screenings/?person=1", "needs/?rule=R06", "screenings/?limit=10"])
def test_a_filter_that_is_none_is_refused(api, person, path):
    assert api("get", path).status_code == 400


def test_what_is_read_is_audited_and_no_answer_is_in_it(api, person, ash):
    done = ScreeningFactory(service_user=person, started_by=ash, answers={"AC1": "never"}, submitted=True)
    api("get", f"screenings/{done.pk}/")
    api("get", "screenings/")
    api("get", "needs/")
    seen = AuditEvent.objects.filter(action__in=["view_result", "list_screenings", "list_needs"])
    assert seen.count() == 3
    assert "never" not in str(list(seen.values_list("details", flat=True)))


# --- Needs


@pytest.fixture
def screened(person, ash):
    return ScreeningFactory(
        service_user=person, started_by=ash, answers=CASES["supported-home-never-online"], submitted=True
    )


def test_needs_are_listed_with_what_raised_them(api, screened):
    found = api("get", f"needs/?screening={screened.pk}&page_size=100").json()["results"]
    device = next(need for need in found if need["code"] == "DEVICE")
    assert (device["title"], device["because"], device["open"]) == ("No own working device", ["AC2"], True)


def test_open_needs_leave_out_what_a_later_screening_settled(api, person, ash, screened):
    ScreeningFactory(service_user=person, started_by=ash, answers=CASES["no-barriers"], submitted=True)
    assert api("get", f"needs/?service_user={person.pk}&open=true").json()["results"] == []
    assert len(api("get", f"needs/?service_user={person.pk}&open=false").json()["results"]) == 15


def test_a_decision_covers_the_suggestion(api, screened):
    response = api("post", f"screenings/{screened.pk}/decide/", {"rule": "R15", "decision": "agreed"})
    assert {need["code"]: need["decision"] for need in response.json()} == {
        "WHERE_HELP": "agreed",
        "NO_HELPER": "agreed",
    }


def test_declining_needs_its_reason(api, screened):
    response = api("post", f"screenings/{screened.pk}/decide/", {"rule": "R06", "decision": "declined"})
    assert response.status_code == 400
    assert "reason" in response.json()["errors"]


# --- Who may


def test_a_stranger_finds_nothing(api, as_cam, as_nia, new, screened):
    for client in (as_cam, as_nia):
        assert api("get", f"screenings/{screened.pk}/", client=client).status_code == 404
        assert api("post", f"screenings/{screened.pk}/submit/", {}, client=client).status_code == 404
        assert api("get", "screenings/", client=client).json()["results"] == []
        assert api("get", "needs/", client=client).json()["results"] == []
        assert new({}, client=client).status_code == 404


def test_a_support_worker_may_not(api, as_bo, new, screened):
    assert api("get", f"screenings/{screened.pk}/", client=as_bo).status_code == 403
    assert api("get", "needs/", client=as_bo).status_code == 403
    assert new({}, client=as_bo).status_code == 403


def test_an_admin_reads_and_changes_nothing(api, as_dee, new, screened):
    assert api("get", f"screenings/{screened.pk}/", client=as_dee).status_code == 200
    decision = {"rule": "R06", "decision": "agreed"}
    assert api("post", f"screenings/{screened.pk}/decide/", decision, client=as_dee).status_code == 403
    assert new({}, client=as_dee).status_code == 403
    assert Need.objects.filter(decision="agreed").count() == 0


def test_nobody_is_found_under_an_id_that_is_none(api, db, new):
    assert api("get", f"screenings/{uuid.uuid4()}/").status_code == 404
    assert api("get", "screenings/nonsense/").status_code == 404
    assert new({}, data={"service_user": str(uuid.uuid4())}).status_code == 404
