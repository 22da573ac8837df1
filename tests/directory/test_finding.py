"""Finding support without a screening: words forgiven, districts and not postcodes, open now, room now."""

from datetime import datetime, timedelta
from html import unescape

import pytest

from accounts import clock
from directory import finding
from directory.finding import Asked, find, narrowed
from tests import factories

pytestmark = pytest.mark.django_db
TUESDAY_AT_TEN = datetime.fromisoformat("2026-11-24 10:00")


def found(at=TUESDAY_AT_TEN, **asked):
    rows = finding.SupportOffer.objects.select_related("provider", "location").order_by("name")
    whole = [one.offer.name for one in find(rows, Asked(**asked), at)]
    assert [one.offer.name for one in find(narrowed(rows, Asked(**asked)), Asked(**asked), at)] == whole
    return whole


def offer(name, **facts):
    return factories.SupportOfferFactory(name=name, **facts)


@pytest.mark.parametrize(
    "words", ["tablet", "TABLETS", "tabelt", "tab", "loan tablet", "lantern tablet", "somali tablet", "tablét"]
)
def test_words_find_an_offer_in_any_order_begun_or_misspelt(words):
    offer("Tablet loan", provider__name="Lantern Row", languages=["Somali"])
    offer("Housing advice", kinds=["housing"])
    assert found(words=words) == ["Tablet loan"]


def test_every_word_must_be_there():
    offer("Tablet loan")
    assert found(words="tablet horses") == []


def test_what_is_in_the_name_comes_before_what_is_only_said_about_it():
    offer("A course", description="With a tablet.")
    offer("Tablet loan")
    assert found(words="tablet") == ["Tablet loan", "A course"]


def test_the_nearest_comes_first_and_what_nobody_can_place_last():
    offer("Far", location__postcode="CR0 0ZA")
    offer("By phone", location=None, remote=True)
    offer("Near", location__postcode="SE5 0ZA")
    offer("Exact", location__postcode="SE15 0ZA", location__latitude=51.47, location__longitude=-0.09)
    assert found(near="SE5") == ["Near", "Exact", "Far", "By phone"]


def test_open_now_leaves_out_what_is_shut_and_what_has_no_times():
    offer("Open", times=[{"day": "TU", "from": "09:00", "to": "12:00"}])
    offer("Shut", times=[{"day": "WE", "from": "09:00", "to": "12:00"}])
    offer("Not recorded")
    assert found(open_now=True) == ["Open"]


def test_room_now_is_room_and_nothing_less():
    for capacity in ("yes", "waiting_list", "full", "not_known"):
        offer(capacity, capacity=capacity)
    assert found(room_now=True) == ["yes"]


def test_one_kind_of_support_is_looked_for_by_its_whole_code():
    offer("Steps", kinds=["first_steps", "device"])
    offer("Handset", kinds=["own_handset"])
    assert found(kind="device") == ["Steps"]


# --- The page


def page(response):
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_a_whole_postcode_comes_back_as_its_district_and_stands_in_no_address(as_ash):
    offer("Near", location__postcode="SE5 0ZA")
    response = as_ash.post("/directory/", {"near": "se5 8xx", "words": "near"})
    assert response.url == "/directory/?words=near&near=SE5"
    shown = page(as_ash.get(response.url))
    assert "nearest to SE5 first" in shown
    assert "under 1 km away" in shown


@pytest.mark.parametrize(
    ("near", "sentence"),
    [("Peckham", "Enter the first half of a postcode, like SE5."), ("M1", "We do not know where M1 is.")],
)
def test_a_place_that_is_not_known_is_said_beside_the_field_and_words_are_kept(as_ash, near, sentence):
    shown = page(as_ash.post("/directory/", {"near": near, "words": "tablets"}))
    assert shown.count(sentence) == 2
    assert 'value="tablets"' in shown


def test_the_table_has_a_row_an_offer_with_its_distance_and_number_to_ring(as_ash):
    one = offer("Near", location__postcode="SE15 0ZA", contact_phone="020 7946 0777")
    shown = page(as_ash.get("/directory/?near=SE5&show=table"))
    assert "From SE5" in shown
    assert "2 km" in shown
    assert one.contact_phone in shown


def test_what_nobody_has_confirmed_for_half_a_year_is_found_only_by_asking_for_it(as_ash):
    offer("Old", verified_on=clock.today() - timedelta(days=181))
    assert "Old" not in page(as_ash.get("/directory/"))
    assert "Hidden: not confirmed for half a year" in page(as_ash.get("/directory/?confirmed=hidden"))


def test_a_long_list_comes_in_pages(as_ash):
    for number in range(52):
        offer(f"Offer {number:02}")
    first = page(as_ash.get("/directory/?kind=device"))
    assert "Page 1 of 2" in first
    assert "?kind=device&page=2" in first
    assert "Offer 51" in page(as_ash.get("/directory/?kind=device&page=2"))
