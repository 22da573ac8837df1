"""The directory as everybody reads it: replayed as the profile's validator does, and nobody's name in it."""

import json
import random
from datetime import timedelta

import pytest
from django.test import Client

from accounts import clock
from directory import actions, publishing
from directory.importing import running, starting
from directory.models import SupportOffer
from directory.openreferral import asking, terms
from directory.weights import HIDE_AFTER_DAYS
from tests import factories
from tests.directory import messy_feed
from tests.directory.oruk import example, faults, is_page, less_people

pytestmark = pytest.mark.django_db

BASE = "/openreferral/"
LISTS = {
    "services": ("service_list", "service"),
    "service_at_locations": ("service_at_location_list", None),
    "taxonomies": ("taxonomy", "taxonomy"),
    "taxonomy_terms": ("taxonomy_term", "taxonomy_term"),
}


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(publishing, "_kept", None)


def get(path, status=200, **asked):
    response = Client().get(f"{BASE}{path}", asked)
    assert response.status_code == status, response.content
    assert response["Access-Control-Allow-Origin"] == "*"
    return response.json()


def names(**asked):
    return [one["name"] for one in get("services", **asked)["contents"]]


def read(trust, services):
    feed = starting.add_feed(organisation=trust, name="Council", by=None)
    starting.start_from_file(feed=feed, content=json.dumps(services).encode(), file_name="x", by=None)
    running.read_feeds()
    SupportOffer.objects.update(verified_on=clock.today())
    return feed


@pytest.fixture
def everything(trust, as_ash):
    """Offers of all sorts: from a messy feed, from the examples, and written here with all and with little."""
    services, _ = messy_feed.feed()
    read(trust, [*services, example("mock/service_full.json")])
    place = factories.LocationFactory(latitude=51.47, longitude=-0.09, postcode="SE5 8AZ", step_free=True)
    factories.SupportOfferFactory(
        provider=place.organisation,
        location=place,
        name="Tablets",
        kinds=["device", "first_steps"],
        languages=["Somali"],
        serves=["SE5"],
        cost="free",
        min_age=18,
        times=[{"day": "MO", "from": "10:00", "to": "12:00"}],
        low_income_only=True,
    )
    factories.SupportOfferFactory(name="Little said", location=None, remote=True, verified_on=None)


def test_the_validators_way_through_the_whole_directory_finds_nothing_wrong(everything):
    assert get("") == example("mock/api_details.json")
    chance = random.Random(7)
    for path, (in_lists, alone) in LISTS.items():
        first = get(path, per_page=7)
        pages = [get(path, per_page=7, page=n) for n in {1, first["total_pages"] // 2 + 1, first["total_pages"]}]
        assert all(is_page(page) for page in pages), path
        found = [one for page in pages for one in page["contents"]]
        assert [fault for one in found for fault in faults(in_lists, one)] == [], path
        for one in chance.sample(found, min(10, len(found))):
            whole = get(f"{path}/{one['id']}")
            assert whole["id"] == one["id"]
            assert faults(alone or "service_at_location_list", whole) == [], path


def test_every_page_and_every_whole_service_is_valid(everything):
    pages = [
        get("services", per_page=10, page=n) for n in range(1, get("services", per_page=10)["total_pages"] + 1)
    ]
    ids = [one["id"] for page in pages for one in page["contents"]]
    assert len(ids) == len(set(ids)) == SupportOffer.objects.current(clock.today()).count()
    assert [fault for one in ids for fault in faults("service", get(f"services/{one}"))] == []


def test_the_example_that_came_in_goes_out_the_same_but_for_who_its_contacts_are(trust):
    read(trust, example("mock/service_full.json"))
    raw = example("mock/service_full.json")
    assert get(f"services/{raw['id']}") == less_people(raw)
    place = example("mock/service_at_location_full.json")
    assert get(f"service_at_locations/{place['id']}") == place | {"service": less_people(place["service"])}
    [listed] = example("mock/service_list.json")["contents"]
    listed.pop("assurer_email", None)
    assert get("services", per_page=1)["contents"] == [listed]


def test_an_empty_directory_is_valid():
    for path in LISTS:
        page = get(path)
        assert is_page(page)
        assert page["empty"]


def test_only_what_is_published_and_still_true_is_shown(offer):
    old = clock.today() - timedelta(days=HIDE_AFTER_DAYS + 1)
    stale = factories.SupportOfferFactory(name="Stale", verified_on=old)
    gone = factories.SupportOfferFactory(name="Gone")
    actions.withdraw_offer(offer=gone, version=1, reason="ended", by=None)
    assert names() == [offer.name]
    for hidden in (stale, gone):
        get(f"services/{hidden.pk}", status=404)


def test_a_change_is_seen_at_once(offer):
    assert names() == [offer.name]
    actions.edit_offer(offer=offer, version=offer.version, by=None, name="Renamed")
    assert names() == ["Renamed"]


def test_nobody_who_works_or_is_helped_here_is_in_it(everything, ash, bo, dee, person, offer):
    """Nor what only referrers are to know: whom to ring, and how much room there is."""
    actions.edit_offer(
        offer=offer, version=1, by=bo, contact_name="Marker Contact", contact_phone="020 7946 0999", wait_days=77
    )
    actions.still_true(offer=offer, version=offer.version, by=bo)
    documents = [get(f"{path}/{one['id']}") for path in LISTS for one in get(path, per_page=200)["contents"]]
    text = json.dumps(documents)
    people = [ash.user, bo.user, dee.user]
    marks = [one for user in people for one in (user.name, user.email)]
    marks += [person.name, person.nhs_number, "Marker Contact", "0999", "capacity", "wait_days"]
    assert [mark for mark in marks if mark in text] == []


def test_no_feed_takes_the_place_of_what_is_written_here(trust):
    own = factories.SupportOfferFactory(name="Ours", kinds=["device"])
    term, [place] = terms.own_term("device"), get(f"services/{own.pk}")["service_at_locations"]
    planted = messy_feed.base(1) | {"id": str(own.pk), "name": "A planted one"}
    planted["service_at_locations"][0]["id"] = place["id"]
    planted["attributes"][0]["taxonomy_term"] |= {"id": term["id"], "name": "Planted term"}
    read(trust, [planted])
    assert names() == ["A planted one", "Ours"]
    assert get(f"services/{own.pk}")["name"] == "Ours"
    assert get(f"service_at_locations/{place['id']}")["service"]["name"] == "Ours"
    assert get(f"taxonomy_terms/{term['id']}")["name"] == term["name"]
    other = SupportOffer.objects.get(name="A planted one")
    assert get(f"services/{other.pk}")["name"] == "A planted one"


# --- What may be asked ------------------------------------------------------------------------------------------


@pytest.fixture
def three(db):
    near = factories.LocationFactory(latitude=51.474, longitude=-0.093, postcode="SE5 8AZ")
    far = factories.LocationFactory(latitude=53.48, longitude=-2.24, postcode="M1 1AA")
    factories.SupportOfferFactory(
        name="Tablets",
        kinds=["device"],
        provider=near.organisation,
        location=near,
        min_age=18,
        max_age=65,
        times=[{"day": "MO", "from": "10:00", "to": "12:00"}],
    )
    factories.SupportOfferFactory(
        name="Company",
        kinds=["befriending"],
        provider=far.organisation,
        location=far,
        min_age=50,
        serves=["M1"],
        times=[{"day": "TU", "from": "14:00", "to": "16:00"}],
    )
    factories.SupportOfferFactory(name="Helpline", kinds=["device"], location=None, remote=True)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["Company", "Helpline", "Tablets"]),
        ({"search": "TABLET"}, ["Tablets"]),
        ({"search": "befriending compan"}, ["Company"]),
        ({"search": "nothing like it"}, []),
        ({"search": "tablet " * 50}, ["Tablets"]),
        ({"minimum_age": "18"}, ["Company", "Tablets"]),
        ({"minimum_age": "19"}, ["Company"]),
        ({"maximum_age": "65"}, ["Tablets"]),
        ({"day": "MO"}, ["Tablets"]),
        ({"day": "tuesday"}, ["Company"]),
        ({"start_time": "10:00"}, ["Company", "Tablets"]),
        ({"start_time": "10:01", "end_time": "16:00"}, ["Company"]),
        ({"end_time": "12pm"}, ["Tablets"]),
        ({"day": "MO", "start_time": "14:00"}, []),
        ({"unknown": "x", "search": ""}, ["Company", "Helpline", "Tablets"]),
    ],
)
def test_services_are_found_by_what_the_profile_lets_ask(three, asked, found):
    assert names(**asked) == found


def test_what_words_are_looked_for_in_is_not_written_anew_for_each_question(three, monkeypatch):
    assert names(search="tablet") == ["Tablets"]
    monkeypatch.setattr(asking, "_terms_of", None)
    assert names(search="tablet to keep company") == []


def test_services_are_found_by_term_and_by_taxonomy(three):
    [term] = [one for one in get("taxonomy_terms")["contents"] if one["name"] == "A device"]
    assert names(taxonomy_term_id=term["id"]) == ["Helpline", "Tablets"]
    [taxonomy] = get("taxonomies")["contents"]
    assert len(get(f"taxonomies/{taxonomy['id']}")["taxonomy_terms"]) == 2
    assert len(names(taxonomy_id=taxonomy["id"])) == 3
    assert names(taxonomy_term_id=taxonomy["id"]) == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"postcode": "SE5 8AZ", "proximity": "3000"}, ["Tablets"]),
        ({"postcode": "SE5 8AZ", "proximity": "900000"}, ["Company", "Tablets"]),
        ({"postcode": "SE5 8AZ"}, ["Helpline", "Tablets"]),
        ({"search": "company"}, ["Company"]),
    ],
)
def test_places_are_found_near_a_postcode_and_by_the_area_they_serve(three, asked, found):
    assert [one["service"]["name"] for one in get("service_at_locations", **asked)["contents"]] == found


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("services", {"page": "0"}),
        ("services", {"page": "two"}),
        ("services", {"page": "-1"}),
        ("services", {"page": "9" * 400}),
        ("services", {"per_page": "0"}),
        ("services", {"minimum_age": "old"}),
        ("services", {"maximum_age": "-1"}),
        ("services", {"start_time": "noonish"}),
        ("services", {"day": "someday"}),
        ("services", {"search": "a b c d e f g h i j k"}),
        ("service_at_locations", {"search": "a b c d e f g h i j k"}),
        ("service_at_locations", {"proximity": "500"}),
        ("service_at_locations", {"postcode": "nowhere", "proximity": "500"}),
        ("service_at_locations", {"postcode": "SE5 8AZ", "proximity": "far"}),
        ("taxonomies", {"page": "x"}),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words_naming_the_parameter(three, path, asked):
    problem = get(path, status=400, **asked)
    [sentence] = problem["errors"].values()
    assert problem["detail"] == sentence
    assert set(problem["errors"]) <= asked.keys()


@pytest.mark.parametrize("pk", ["00000000-0000-4000-8000-000000000000", "17", "x' OR 1=1", "%F0%9F%92%A9"])
@pytest.mark.parametrize("path", LISTS)
def test_an_id_that_is_not_there_is_a_404_in_json(path, pk):
    assert get(f"{path}/{pk}", status=404)["status"] == 404


def test_a_page_past_the_end_is_empty_and_a_huge_page_is_cut(three):
    page = get("services", page="99")
    assert (page["contents"], page["empty"], page["last_page"]) == ([], True, True)
    assert get("services", per_page="100000")["size"] == 3


def test_readers_may_keep_it_and_are_told_when_nothing_changed(three):
    first = Client().get(f"{BASE}services")
    assert "public" in first["Cache-Control"]
    assert not first.cookies
    again = Client().get(f"{BASE}services", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_it_is_read_only():
    for method in ("post", "put", "patch", "delete"):
        assert getattr(Client(), method)(f"{BASE}services").status_code == 405


def test_a_longer_directory_costs_no_more_queries(three, django_assert_num_queries):
    with django_assert_num_queries(3):
        get("services")
    with django_assert_num_queries(1):
        get("service_at_locations")
