"""The pages that keep listings true: written, changed, confirmed and counted, each by whoever keeps them."""

import re
from html import unescape

import pytest

from accounts import clock
from accounts.models import Organisation
from directory.models import Location, SupportOffer
from tests import factories
from tests.conftest import SignedIn

pytestmark = pytest.mark.django_db


def page(response, status=200):
    assert response.status_code == status
    return unescape(response.content.decode())


@pytest.fixture
def typed(offer):
    """The whole form as it would be sent for a plain offer."""
    return {
        "name": "Tablet loan",
        "description": "A tablet for six months.",
        "kinds": ["device", "data_sim"],
        "formats": ["one"],
        "location": str(offer.location_id),
        "serves": "SE5, Lambeth, se5",
        "times": "Mondays and Thursdays 10am to 1pm\nfirst Friday 2pm to 4pm",
        "min_age": "18",
        "needs_diagnosis": "False",
        "languages": "English, Somali",
        "cost": "free",
        "warm_handover": "True",
        "goes_along": "a volunteer",
        "capacity": "yes",
        "wait_days": "7",
        "accepts_referrals": "True",
        "team": str(offer.team_id),
    }


def test_a_provider_lists_an_offer_that_matching_can_use(as_bo, bo, offer, typed):
    done = as_bo.post(f"/directory/providers/{bo.organisation_id}/offers/add/", typed)
    made = SupportOffer.objects.get(name="Tablet loan")
    assert done.url == f"/directory/offers/{made.pk}/"
    assert (made.kinds, made.serves, made.languages) == (
        ["device", "data_sim"],
        ["SE5", "Lambeth", "se5"],
        ["English", "Somali"],
    )
    assert [time["day"] for time in made.times] == ["MO", "TH", "FR"]
    assert (made.needs_diagnosis, made.benefits_only, made.warm_handover) == (False, None, True)
    assert (made.verified_on, made.verified_by) == (clock.today(), bo)
    shown = page(as_bo.get(done.url))
    assert "Monday and Thursday 10am to 1pm; first Friday of the month 2pm to 4pm" in shown
    assert "No diagnosis is asked for." in shown
    assert "Possible: a volunteer" in shown


def test_a_double_click_lists_one_offer(as_bo, bo, typed):
    path = f"/directory/providers/{bo.organisation_id}/offers/add/"
    once = re.search(r'name="once" value="([^"]+)"', page(as_bo.get(path)))[1]
    for _ in range(2):
        as_bo.post(path, {**typed, "once": once})
    assert SupportOffer.objects.filter(name="Tablet loan").count() == 1


@pytest.mark.parametrize(
    ("slip", "sentence"),
    [
        ({"kinds": []}, "Choose at least one kind of support from the list."),
        ({"times": "whenever"}, "Write one time a line"),
        ({"location": "", "team": ""}, "Say where it is, or that it is by phone, online or at home."),
        ({"min_age": "70", "max_age": "60"}, "The lowest age must not be above the highest."),
        ({"min_age": "old"}, "Enter a whole number, like 18."),
        ({"contact_email": "nobody"}, "Enter an email address."),
        ({"name": ""}, "Enter the name of the offer."),
    ],
)
def test_a_slip_is_said_beside_its_field_and_nothing_typed_is_lost(as_bo, bo, typed, slip, sentence):
    shown = page(as_bo.post(f"/directory/providers/{bo.organisation_id}/offers/add/", {**typed, **slip}))
    assert shown.count(sentence) >= 2
    assert "A tablet for six months." in shown
    assert not SupportOffer.objects.filter(name="Tablet loan").exists()


def test_all_that_is_missing_is_said_at_once_and_each_input_points_at_its_sentence(as_bo, bo):
    shown = page(as_bo.post(f"/directory/providers/{bo.organisation_id}/offers/add/", {}))
    for sentence in ("Enter the name of the offer.", "Choose at least one kind", "Choose how much room there is."):
        assert shown.count(sentence) == 2
    pointed_at = {one for ids in re.findall(r'aria-describedby="([^"]+)"', shown) for one in ids.split()}
    assert {"id_name_error", "id_kinds_helptext", "id_kinds_error", "id_times_helptext"} <= pointed_at
    assert pointed_at <= set(re.findall(r'\bid="([^"]+)"', shown))


def test_what_is_changed_stands_in_the_history_in_words(as_bo, bo, offer, typed):
    path = f"/directory/offers/{offer.pk}/edit/"
    assert 'name="version" value="1"' in page(as_bo.get(path))
    shown = page(as_bo.post(path, {**typed, "version": "1"}, follow=True))
    assert "Kinds of support: from “A device” to “A device, Data or a SIM”" in shown
    assert "Only for people with a certain diagnosis?: from “not recorded” to “no”" in shown
    assert bo.user.name in shown


def test_the_form_begins_with_the_listing_and_saving_it_changes_nothing(as_bo, offer, typed):
    path = f"/directory/offers/{offer.pk}/edit/"
    as_bo.post(path, {**typed, "version": "1"})
    begun = page(as_bo.get(path))
    assert "first Friday of the month 2pm to 4pm" in begun
    assert "SE5, Lambeth, se5" in begun
    as_bo.post(path, {**typed, "version": "2"})
    assert offer.changes.count() == 1


def test_of_two_editors_the_second_is_told_and_keeps_what_they_typed(as_bo, bo, offer, typed):
    path = f"/directory/offers/{offer.pk}/edit/"
    as_bo.post(path, {**typed, "version": "1"})
    second = page(as_bo.post(path, {**typed, "cost": "£9", "version": "1"}))
    assert "Somebody else has changed this offer since you opened the page." in second
    assert 'value="£9"' in second
    assert 'name="version" value="2"' in second
    as_bo.post(path, {**typed, "cost": "£9", "version": "2"})
    offer.refresh_from_db()
    assert offer.cost == "£9"


@pytest.mark.parametrize(
    ("what", "capacity", "said"),
    [("true", "yes", "confirmed"), ("full", "full", "paused"), ("room", "yes", "confirmed")],
)
def test_one_click_keeps_a_listing(as_bo, offer, what, capacity, said):
    if what == "room":
        SupportOffer.objects.update(capacity="full")
    shown = page(as_bo.post(f"/directory/offers/{offer.pk}/keep/{what}/", {"version": "1"}, follow=True))
    assert "Recorded. Referrers see this at once." in shown
    offer.refresh_from_db()
    assert (offer.capacity, offer.changes.get().what) == (capacity, said)


def test_a_double_click_is_one_click_and_blames_nobody(as_bo, offer):
    once = re.search(r'name="once" value="([^"]+)"', page(as_bo.get(f"/directory/offers/{offer.pk}/")))[1]
    for _ in range(2):
        shown = page(
            as_bo.post(f"/directory/offers/{offer.pk}/keep/true/", {"version": "1", "once": once}, follow=True)
        )
    assert "Somebody else" not in shown
    assert offer.changes.count() == 1


@pytest.mark.parametrize("version", ["9", "", "x", pytest.param("9" * 5000, id="endless")])
def test_a_click_on_a_page_left_open_changes_nothing_and_says_so(as_bo, offer, version):
    shown = page(as_bo.post(f"/directory/offers/{offer.pk}/keep/full/", {"version": version}, follow=True))
    assert "Somebody else has changed this offer" in shown
    offer.refresh_from_db()
    assert offer.capacity == "yes"


def test_an_unknown_click_does_not_exist(as_bo, offer):
    assert as_bo.post(f"/directory/offers/{offer.pk}/keep/sideways/", {"version": "1"}).status_code == 404


def test_others_read_the_history_without_the_names_of_the_providers_staff(as_bo, as_ash, bo, offer):
    as_bo.post(f"/directory/offers/{offer.pk}/keep/true/", {"version": "1"})
    shown = page(as_ash.get(f"/directory/offers/{offer.pk}/"))
    assert bo.user.name not in shown
    assert "History of this listing" in shown
    assert "Still true" not in shown


# --- An admin keeps what nobody signs in for


def test_an_admin_adds_a_provider_then_its_place_then_an_offer(as_dee, dee):
    added = as_dee.post("/directory/providers/add/", {"name": "Lunch club", "phone": "020 7946 0999"})
    club = Organisation.objects.get(name="Lunch club")
    assert added.url == f"/directory/providers/{club.pk}/"
    assert "No places yet." in page(as_dee.get(added.url))
    as_dee.post(f"{added.url}places/add/", {"name": "Hall", "postcode": "se5 0za", "step_free": "True"})
    hall = Location.objects.get()
    assert (hall.postcode, hall.step_free, hall.sight_support) == ("SE5 0ZA", True, None)
    offer = {"name": "Lunch", "kinds": ["befriending"], "location": str(hall.pk), "capacity": "yes"}
    as_dee.post(f"{added.url}offers/add/", {**offer, "accepts_referrals": "True"})
    assert SupportOffer.objects.get().team is None
    assert "Lunch" in page(as_dee.get(added.url))


def test_a_place_is_changed_and_a_wrong_postcode_is_said_beside_its_field(as_bo, offer, bo):
    place = factories.LocationFactory(organisation=offer.provider)
    path = f"/directory/places/{place.pk}/edit/"
    shown = page(as_bo.post(path, {"name": "Hub", "postcode": "Peckham"}))
    assert shown.count("postcode") >= 2
    as_bo.post(path, {"name": "Hub", "postcode": "SE15 0ZA", "hearing_support": "False"})
    place.refresh_from_db()
    assert (place.name, place.postcode, place.hearing_support) == ("Hub", "SE15 0ZA", False)


def test_what_somebody_else_keeps_does_not_exist_to_change(as_dee, bo, offer):
    for path in ("", "edit/", "offers/add/", "places/add/"):
        assert as_dee.get(f"/directory/providers/{bo.organisation_id}/{path}").status_code == 404
    assert as_dee.get(f"/directory/offers/{offer.pk}/edit/").status_code == 403


# --- Counted


def test_things_are_taken_in_and_what_is_not_there_is_not_given(as_bo, offer):
    path = f"/directory/offers/{offer.pk}/stock/"
    assert "Nothing is counted yet." in page(as_bo.get(path))
    move = {"kind": "device", "step": "take_in", "quantity": "3", "words": "From the bank"}
    shown = page(as_bo.post(path, move, follow=True))
    assert "Taken in: 3" in shown
    assert "From the bank" in shown
    shown = page(as_bo.post(path, {**move, "step": "reserve", "quantity": "4"}))
    assert "There are not that many: 3 on the shelf" in shown
    assert offer.stock.get().on_shelf == 3


# --- What waits


def test_the_home_of_whoever_keeps_a_listing_asks_about_it(as_bo, as_dee, offer):
    silent = factories.SupportOfferFactory(name="Lunch club", team=None, verified_on=None, listed_on="2026-01-01")
    SupportOffer.objects.filter(pk=offer.pk).update(verified_on="2026-01-01")
    own = page(as_bo.get("/"))
    assert f"Hidden until somebody confirms it: {offer.name}" in own
    assert silent.name not in own
    kept = page(as_dee.get("/"))
    assert f"Hidden until somebody confirms it: {silent.name}" in kept
    assert "are hidden from referrers" in kept


def test_the_home_of_somebody_who_keeps_none_asks_nothing(as_ash, cam):
    factories.SupportOfferFactory(verified_on=None, listed_on="2026-01-01")
    assert "Hidden until" not in page(as_ash.get("/"))
    assert SignedIn(cam).get("/").status_code == 200
