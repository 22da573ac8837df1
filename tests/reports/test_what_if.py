"""A rule tried before it is adopted: who would be matched differently, small numbers small, nothing written."""

import dataclasses
import json
from html import unescape

import pytest

from accounts import clock
from accounts.models import AuditEvent
from directory.weights import WEIGHTS
from reports.what_if import Trial, try_definition, try_weights
from screening import questionnaire
from screening.models import Need, Screening
from tests import factories

pytestmark = pytest.mark.django_db

IMPATIENT = {**WEIGHTS, "wait": WEIGHTS["wait"]._replace(fits=50.0)}
PATH = "/reports/what-if/"


@pytest.fixture
def near_and_soon():
    near = {"location__postcode": "SE5 0ZA", "wait_days": 14}
    soon = {"location__postcode": "SE17 0ZA", "wait_days": 0}
    for name, facts in (("Near", near), ("Soon", soon)):
        factories.SupportOfferFactory(name=name, provider__name=f"{name} provider", kinds=["first_steps"], **facts)


def with_need(person, **more):
    return factories.NeedFactory(screening__service_user=person, code="SKILLS_FIRST", **more)


def weights(dee, table, **more):
    return try_weights(membership=dee, team=None, weights=table, on=clock.today(), **more)


def test_who_would_be_offered_something_else_first_is_found(person, dee, near_and_soon):
    with_need(person)
    trial = weights(dee, IMPATIENT)
    (changed,) = trial.changed
    assert (changed.person, changed.kind) == (person, "first_steps")
    assert (changed.before, changed.after) == ("Near, Near provider", "Soon, Soon provider")


def test_the_table_in_use_changes_nothing(person, dee, near_and_soon):
    with_need(person)
    trial = weights(dee, dict(WEIGHTS))
    assert (trial.changed, trial.cases["first_steps"], trial.whole) == ([], 1, True)


def test_declined_needs_and_other_organisations_people_are_not_looked_at(person, dee, cam, near_and_soon):
    declined = {"decision": "declined", "decision_reason": "No", "decided_at": clock.now()}
    with_need(person, **declined, decided_by=person.created_by)
    with_need(factories.ServiceUserFactory(created_by=cam))
    trial = weights(dee, IMPATIENT)
    assert (trial.people, trial.changed) == (1, [])
    assert not trial.cases


def test_one_team_can_be_looked_at_alone(person, dee, nia, near_and_soon):
    with_need(person)
    with_need(factories.ServiceUserFactory(created_by=nia))
    trial = try_weights(membership=dee, team=nia.team, weights=IMPATIENT, on=clock.today())
    assert (trial.people, len(trial.changed)) == (1, 1)


def test_a_run_stops_when_its_time_is_up_and_says_so(person, dee, near_and_soon):
    with_need(person)
    trial = weights(dee, IMPATIENT, seconds=-1)
    assert (trial.whole, trial.looked_at, trial.people) == (False, 0, 1)


def test_another_version_of_the_questionnaire_says_what_it_would_suggest(person, dee):
    screening = factories.ScreeningFactory(service_user=person, answers={"AC2": ["landline"]}, submitted=True)
    asked = questionnaire.get(screening.definition, screening.definition_version)
    silent = dataclasses.replace(asked, rules=tuple(rule for rule in asked.rules if rule.support != "device"))
    trial = try_definition(membership=dee, team=None, definition=silent, on=clock.today())
    (changed,) = trial.changed
    assert (changed.kind, str(changed.after)) == ("device", "not suggested")
    same = try_definition(membership=dee, team=None, definition=asked, on=clock.today())
    assert same.changed == []
    assert same.cases["device"] == 1


# --- The page


def page(response):
    assert response.status_code == 200
    return unescape(response.content.decode())


def asked(table=None):
    return {"what": "weights", "weights": json.dumps(table or {"wait": [50, -1, -0.25]})}


def test_the_page_shows_small_numbers_as_small_and_names_whom_it_is_about(as_dee, dee, person, near_and_soon):
    with_need(person)
    shown = page(as_dee.post(PATH, asked()))
    assert "People on the caseload who were looked at: fewer than 8. For how many" in shown
    assert shown.count("fewer than 8") == 5  # both counts of people, both columns, and the note
    assert person.name in shown
    assert "Now: Near, Near provider. Then: Soon, Soon provider." in shown
    event = AuditEvent.objects.get(action="try_rule")
    assert event.details["shown"] == [str(person.pk)]
    assert event.membership == dee


def test_a_run_that_was_cut_short_shows_small_numbers_as_small_too(as_dee, person, near_and_soon, monkeypatch):
    with_need(person)
    monkeypatch.setattr("reports.what_if_views._run", lambda request, form: Trial(people=3, looked_at=1))
    shown = page(as_dee.post(PATH, asked()))
    assert "before the time was up: fewer than 8. People on the caseload: fewer than 8." in shown


def test_trying_writes_nothing_about_anybody(as_dee, person, near_and_soon):
    with_need(person)
    before = list(Need.objects.values()), list(Screening.objects.values())
    as_dee.post(PATH, asked())
    as_dee.post(PATH, {"what": "definition", "definition": "getting-online 1.0.0"})
    assert (list(Need.objects.values()), list(Screening.objects.values())) == before
    assert set(AuditEvent.objects.values_list("action", flat=True)) >= {"try_rule"}


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"what": ""}, "Choose what to try."),
        ({"what": "weights", "weights": "fits"}, "This is not JSON."),
        ({"what": "definition"}, "Choose a version from the list."),
        ({"what": "definition", "definition": "made-up 9.9.9"}, "Choose a version from the list."),
    ],
)
def test_what_cannot_be_tried_is_said_beside_its_field(as_dee, sent, sentence):
    shown = page(as_dee.post(PATH, sent))
    assert shown.count(sentence) == 2
    assert not AuditEvent.objects.filter(action="try_rule").exists()
