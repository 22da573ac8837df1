"""The page and the API of fairness answers: why we ask, whose they are, and that they are shown nowhere else."""

import json
import re

import pytest

from accounts.models import AuditEvent
from people import fairness
from people.groups import CHOICES
from tests.test_architecture import ROOT

pytestmark = pytest.mark.django_db

CHOSEN = dict.fromkeys(fairness.FIELDS, "")


@pytest.fixture
def path(person):
    return f"/people/{person.pk}/fairness/"


def page(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def test_page_says_why_who_sees_it_and_that_no_care_depends_on_it(as_ash, path):
    shown = page(as_ash.get(path))

    for words in ("less help than others", "No care depends on it", "Only the person’s own team", "never see it"):
        assert words in shown
    assert AuditEvent.objects.filter(action="view_fairness_answers").count() == 1


def test_person_page_leads_there_and_shows_no_answer(as_ash, as_dee, ash, person, path):
    fairness.record_fairness(service_user=person, version=0, by=ash, ethnic_group="M", diagnosis_group="eating")
    shown = page(as_ash.get(f"/people/{person.pk}/"))

    assert f'href="{path}"' in shown
    assert "Caribbean" not in shown
    assert "Eating" not in shown
    assert path not in page(as_dee.get(f"/people/{person.pk}/"))


def test_answers_are_saved_and_stand_there_again(as_ash, person, path):
    chosen = {**CHOSEN, "version": 0, "gender": "non_binary", "ethnic_group": "M", "deprivation_quintile": "2"}
    page(as_ash.post(path, chosen, follow=True))

    row = fairness.answers_of(person)
    assert (row.gender, row.ethnic_group, row.deprivation_quintile, row.disability) == ("non_binary", "M", 2, "")
    again = page(as_ash.get(path))
    assert '<option value="M" selected>' in again
    assert '<option value="2" selected>' in again


def test_who_comes_second_sees_what_the_first_chose_and_saves_over_it(as_ash, ash, person, path):
    fairness.record_fairness(service_user=person, version=0, by=ash, gender="woman", ethnic_group="A")
    mine = {**CHOSEN, "version": 0, "gender": "man", "ethnic_group": "A"}
    shown = page(as_ash.post(path, mine))

    assert "Not saved yet" in shown
    assert "<strong>Woman (including trans woman)</strong>" in shown
    assert "<strong>White: British</strong>" not in shown
    page(as_ash.post(path, {**mine, "version": 1}, follow=True))
    assert fairness.answers_of(person).gender == "man"


def test_what_is_no_answer_is_refused(as_ash, person, path):
    shown = page(as_ash.post(path, {**CHOSEN, "version": 0, "ethnic_group": "Q"}))

    assert "Select a valid choice" in shown
    assert fairness.answers_of(person).version == 0


def test_every_answer_can_be_refused_and_left_out(as_ash, path):
    shown = page(as_ash.get(path))

    assert shown.count("Prefers not to say") == len(CHOICES) + 1  # the promise on top says it as well
    assert shown.count("Not recorded") >= len(fairness.FIELDS)


# --- API


@pytest.fixture
def api(person):
    def send(client, method, **data):
        sent = {"data": json.dumps(data), "content_type": "application/json"} if data else {}
        return getattr(client, method)(f"/api/v1/service-users/{person.pk}/fairness/", **sent)

    return send


def test_api_reads_nothing_recorded_as_version_0(api, as_ash):
    body = api(as_ash, "get").json()

    assert body["version"] == 0
    assert {body[name] for name in CHOICES} == {""}
    assert body["deprivation_quintile"] is None


def test_api_changes_what_is_sent_over_the_version_seen(api, as_ash, person):
    first = api(as_ash, "patch", version=0, ethnic_group="M", deprivation_quintile=4)
    again = api(as_ash, "patch", version=0, ethnic_group="A")

    assert (first.status_code, first.json()["ethnic_group"]) == (200, "M")
    assert again.status_code == 409
    assert fairness.answers_of(person).ethnic_group == "M"


@pytest.mark.parametrize("wrong", [{"ethnic_group": "Q"}, {"deprivation_quintile": 0}, {"religion": "x"}])
def test_api_refuses_what_is_no_answer(api, as_ash, wrong):
    response = api(as_ash, "patch", version=0, **wrong)

    assert response.status_code == 400
    assert set(response.json()["errors"]) == set(wrong)


def test_nobody_but_the_persons_clinicians_reads_them(api, as_bo, as_dee, as_nia, as_cam):
    assert [api(client, "get").status_code for client in (as_bo, as_dee, as_nia, as_cam)] == [403, 403, 404, 404]


def test_no_other_answer_of_the_api_about_a_person_holds_them(as_ash, ash, person):
    fairness.record_fairness(service_user=person, version=0, by=ash, ethnic_group="M", living_situation="ward")
    body = as_ash.get(f"/api/v1/service-users/{person.pk}/").json()

    assert not set(fairness.FIELDS) & set(body)


@pytest.mark.parametrize("app", ["screening", "directory", "referrals"])
def test_what_chooses_support_or_tells_anybody_never_reads_them(app):
    """Matching, referrals, letters, messages and partner links live there; the templates of all of them, too."""
    sources = [*(ROOT / app).rglob("*.py"), *(ROOT / "templates" / app).rglob("*.html")]
    reading = re.compile(r"people\.(fairness|groups)|FairnessAnswers|fairness__|\.fairness\b")

    assert sources
    assert [path for path in sources if reading.search(path.read_text())] == []
