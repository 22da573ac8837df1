"""The directory by API: the pages' scope and reasons, for other systems."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent
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
    factories.SupportOfferFactory(withdrawn_at="2026-01-01T00:00Z")
    assert listed(as_ash) == {str(offer.pk), str(other.pk)}
    assert listed(as_bo) == {str(offer.pk)}
    assert as_bo.get(f"{OFFERS}{other.pk}/").status_code == 404


def test_one_offer_says_what_its_page_says(as_ash, offer):
    told = as_ash.get(f"{OFFERS}{offer.pk}/").json()
    assert told["provider_name"] == offer.provider.name
    assert (told["kinds"], told["capacity"], told["wait_days"]) == (["device"], "yes", 7)
    assert told["postcode"] == offer.location.postcode


def test_offers_are_read_and_never_written_by_api(as_ash, offer):
    for method in ("post", "put", "patch", "delete"):
        assert getattr(as_ash, method)(f"{OFFERS}{offer.pk}/").status_code == 405


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
