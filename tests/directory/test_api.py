"""The directory by API: the pages' scope and reasons, for other systems."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.models import AuditEvent
from directory.models import Location, SupportOffer
from tests import factories

pytestmark = pytest.mark.django_db

OFFERS = "/api/v1/offers/"
RECOMMENDED = f"{OFFERS}recommendations/"


@pytest.fixture
def need(person):
    return factories.NeedFactory(screening__service_user=person, code="SKILLS_FIRST", agreed=True)


def listed(client):
    response = client.get(OFFERS)
    assert response.status_code == 200
    return {row["id"] for row in response.json()["results"]}


def test_offers_are_listed_in_the_viewers_scope(as_ash, as_bo, offer):
    other = factories.SupportOfferFactory()
    factories.SupportOfferFactory(ended=True)
    assert listed(as_ash) == {str(offer.pk), str(other.pk)}
    assert listed(as_bo) == {str(offer.pk)}
    assert as_bo.get(f"{OFFERS}{other.pk}/").status_code == 404


def test_one_offer_says_what_its_page_says(as_ash, offer):
    told = as_ash.get(f"{OFFERS}{offer.pk}/").json()
    assert told["provider_name"] == offer.provider.name
    assert (told["kinds"], told["capacity"], told["wait_days"]) == (["device"], "yes", 7)
    assert told["postcode"] == offer.location.postcode


def test_an_offer_is_put_and_never_deleted(as_bo, offer):
    for method in ("put", "delete"):
        assert getattr(as_bo, method)(f"{OFFERS}{offer.pk}/").status_code == 405


def send(client, method, path, body):
    return getattr(client, method)(path, json.dumps(body), content_type="application/json")


def test_a_provider_lists_changes_and_confirms_by_the_same_rules_as_on_pages(as_bo, bo):
    new = {
        "provider": str(bo.organisation_id),
        "name": "Tablets",
        "kinds": ["device"],
        "formats": [],
        "remote": True,
    }
    made = send(as_bo, "post", OFFERS, new)
    assert (made.status_code, made.json()["verified_on"]) == (201, str(clock.today()))
    path = f"{OFFERS}{made.json()['id']}/"
    changed = send(as_bo, "patch", path, {"version": 1, "cost": "free", "min_age": None})
    assert (changed.status_code, changed.json()["cost"], changed.json()["version"]) == (200, "free", 2)
    assert send(as_bo, "patch", path, {"version": 1, "cost": "£2"}).status_code == 409
    full = send(as_bo, "post", f"{path}pause/", {"version": 2})
    assert full.json()["capacity"] == "full"
    again = send(as_bo, "post", f"{path}confirm/", {"version": 3, "capacity": "yes", "wait_days": 4})
    assert (again.json()["capacity"], again.json()["wait_days"]) == ("yes", 4)
    ended = send(as_bo, "post", f"{path}withdraw/", {"version": 4, "reason": "ended"})
    assert ended.json() == {"id": made.json()["id"], "version": 5, "asked": 0}
    back = send(as_bo, "post", f"{path}bring-back/", {"version": 5})
    assert back.json()["withdrawn_at"] is None
    steps = [change["what"] for change in as_bo.get(f"{path}changes/").json()]
    assert steps == ["brought_back", "withdrawn", "confirmed", "paused", "edited", "listed"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "New", "kinds": ["spaceship"]}, "kinds"),
        ({"name": "New", "kinds": []}, "kinds"),
        ({"name": "New", "kinds": ["device"], "times": [{"day": "MO"}]}, "times"),
        ({"name": 7, "kinds": ["device"]}, "name"),
        ({"name": "New", "kinds": ["device"], "colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_listed_is_named_by_its_field(as_bo, bo, body, field):
    full = {"provider": str(bo.organisation_id), "formats": [], "remote": True, **body}
    refused = send(as_bo, "post", OFFERS, full)
    assert refused.status_code == 400
    assert field in str(refused.json())
    assert not SupportOffer.objects.exists()


def test_a_kind_said_twice_is_one_kind_and_more_than_there_are_is_refused(as_bo, offer):
    path = f"{OFFERS}{offer.pk}/"
    twice = {"version": 1, "kinds": ["device", "device"], "formats": ["one", "one"], "serves": ["SE5", "SE5"]}
    assert send(as_bo, "patch", path, twice).status_code == 200
    offer.refresh_from_db()
    assert (offer.kinds, offer.formats, offer.serves) == (["device"], ["one"], ["SE5"])
    time = {"day": "MO", "from": "10:00", "to": "11:00"}
    many = {"kinds": ["device"] * 100, "formats": ["one"] * 100, "times": [{**time, "weeks": [1, 1]}]}
    for field, value in many.items():
        answer = send(as_bo, "patch", path, {"version": offer.version, field: value})
        assert (answer.status_code, [*answer.json()["errors"]]) == (400, [field])


def test_nobody_lists_for_a_provider_that_is_not_theirs_to_keep(as_bo, cam):
    body = {"provider": str(cam.organisation_id), "name": "N", "kinds": ["device"], "formats": [], "remote": True}
    assert send(as_bo, "post", OFFERS, body).status_code == 404


def test_things_in_stock_are_counted_once_however_often_the_same_key_is_sent(as_bo, offer):
    path = f"{OFFERS}{offer.pk}/stock/"
    for _ in range(2):
        moved = as_bo.post(
            path,
            json.dumps({"kind": "sim", "step": "take_in", "quantity": 20}),
            content_type="application/json",
            headers={"Idempotency-Key": "box-1"},
        )
    assert moved.status_code == 201
    assert as_bo.get(path).json() == [{"kind": "sim", "on_shelf": 20, "reserved": 0, "handed_over": 0, "lost": 0}]
    assert send(as_bo, "post", path, {"kind": "sim", "step": "reserve", "quantity": 21}).status_code == 409


def test_support_is_found_by_words_and_district_with_the_distance(as_ash):
    factories.SupportOfferFactory(name="Tablet loan", location__postcode="SE15 0ZA")
    factories.SupportOfferFactory(name="Housing")
    told = send(as_ash, "post", f"{OFFERS}find/", {"words": "tabelt", "near": "se5 8xx"}).json()
    assert [(one["offer"]["name"], one["km"]) for one in told] == [("Tablet loan", 2.0)]
    assert send(as_ash, "post", f"{OFFERS}find/", {"near": "Peckham"}).status_code == 400


def test_what_nobody_has_confirmed_for_half_a_year_is_on_no_list_and_still_read_by_its_id(as_ash):
    old = factories.SupportOfferFactory(verified_on=clock.today() - timedelta(days=181))
    assert listed(as_ash) == set()
    assert as_ash.get(f"{OFFERS}{old.pk}/").json()["freshness"] == "hidden"


def test_a_longer_list_costs_no_more_queries(as_ash, offer, django_assert_num_queries):
    listed(as_ash)
    with CaptureQueriesContext(connection) as one:
        listed(as_ash)
    for _ in range(4):
        factories.SupportOfferFactory()
    with django_assert_num_queries(len(one)):
        listed(as_ash)


def test_recommendations_are_ranked_with_reasons_for_and_against(as_ash, need):
    near = factories.SupportOfferFactory(kinds=["first_steps"], location__postcode="SE5 0ZA")
    far = factories.SupportOfferFactory(kinds=["first_steps"], location__postcode="CR0 0ZA", wait_days=90)
    older = factories.SupportOfferFactory(kinds=["first_steps"], min_age=65)
    told = as_ash.get(RECOMMENDED, {"need": need.pk}).json()
    assert (told["rule"], told["kind"], told["nothing_fits"], told["hold"]) == ("R12", "first_steps", None, None)
    assert [one["offer"] for one in told["recommended"]] == [str(near.pk), str(far.pk)]
    best, worst = told["recommended"]
    assert best["score"] > worst["score"]
    assert best["reasons_for"]
    assert worst["reasons_against"]
    (rejected,) = told["rejected"]
    assert rejected["offer"] == str(older.pk)
    assert rejected["reasons"]


def test_nothing_that_fits_says_what_is_missing(as_ash, need):
    assert as_ash.get(RECOMMENDED, {"need": need.pk}).json()["nothing_fits"] == "no_offer_of_kind"


def test_recommendations_are_audited(as_ash, ash, need):
    as_ash.get(RECOMMENDED, {"need": need.pk})
    assert AuditEvent.objects.get(action="choose_support").subject_id == str(need.pk)


@pytest.mark.parametrize("asked", [{}, {"need": ""}, {"need": "soon"}])
def test_a_need_that_is_not_named_is_asked_for_in_words(as_ash, asked):
    response = as_ash.get(RECOMMENDED, asked)
    assert response.status_code == 400
    assert "need" in response.json()["errors"]


@pytest.mark.parametrize("who", ["as_nia", "as_cam"])
def test_a_strangers_need_does_not_exist(who, request, need):
    assert request.getfixturevalue(who).get(RECOMMENDED, {"need": need.pk}).status_code == 404


@pytest.mark.parametrize("who", ["as_bo", "as_dee"])
def test_only_those_who_refer_get_recommendations(who, request, need):
    assert request.getfixturevalue(who).get(RECOMMENDED, {"need": need.pk}).status_code == 403


def test_nobody_gets_anything_without_a_session_or_a_token(client, db):
    assert client.get(OFFERS).status_code == 401


def test_what_the_team_does_itself_is_not_possible_to_recommend_for(as_ash, person):
    need = factories.NeedFactory(screening__service_user=person, code="SAFEGUARD", agreed=True)
    response = as_ash.get(RECOMMENDED, {"need": need.pk})
    assert response.status_code == 409
    assert "your own team" in response.json()["detail"]


# --- Providers, places and what was missing


def test_an_admin_adds_a_provider_and_its_place_and_neither_twice(as_dee):
    new = {"name": "Lunch club", "phone": "020 7946 0999"}
    made = send(as_dee, "post", "/api/v1/providers/", new)
    assert made.status_code == 201
    assert send(as_dee, "post", "/api/v1/providers/", new).status_code == 400
    place = {"organisation": made.json()["id"], "name": "Hall", "postcode": "se5 0za", "step_free": True}
    hall = send(as_dee, "post", "/api/v1/places/", place).json()
    assert (hall["postcode"], hall["sight_support"]) == ("SE5 0ZA", None)
    moved = send(as_dee, "patch", f"/api/v1/places/{hall['id']}/", {"latitude": 51.47, "longitude": -0.09})
    assert moved.json()["latitude"] == 51.47
    described = send(as_dee, "patch", f"/api/v1/providers/{made.json()['id']}/", {"website": "not an address"})
    assert described.status_code == 400


def test_half_a_point_and_somebody_elses_provider_are_refused(as_bo, bo, cam):
    place = {"organisation": str(bo.organisation_id), "name": "Hall", "postcode": "SE5 0ZA", "latitude": 51.5}
    assert send(as_bo, "post", "/api/v1/places/", place).status_code == 400
    theirs = {"organisation": str(cam.organisation_id), "name": "Hall", "postcode": "SE5 0ZA"}
    assert send(as_bo, "post", "/api/v1/places/", theirs).status_code == 400
    assert not Location.objects.exists()


def test_a_need_that_nothing_met_is_recorded_by_the_same_rules(as_ash, as_cam, need):
    body = {"need": str(need.pk), "kind": "first_steps", "reason": "none_near"}
    for _ in range(2):
        assert send(as_ash, "post", "/api/v1/unmet-needs/", body).status_code == 201
    (row,) = as_ash.get("/api/v1/unmet-needs/").json()["results"]
    assert (row["kind"], row["area"], row["reason"]) == ("first_steps", "SE5", "none_near")
    assert as_cam.get("/api/v1/unmet-needs/").json()["results"] == []
    assert send(as_cam, "post", "/api/v1/unmet-needs/", body).status_code == 404
    assert AuditEvent.objects.filter(action="see_unmet_needs").count() == 2
