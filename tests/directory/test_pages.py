"""The directory's pages through the door: offers found, and confirmed by their own provider and nobody else."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.models import AuditEvent
from tests import factories
from tests.conftest import SignedIn

pytestmark = pytest.mark.django_db


def page(response, status=200):
    assert response.status_code == status
    return unescape(response.content.decode())


# --- Finding --------------------------------------------------------------------------------------------------


def test_every_health_organisation_sees_the_whole_directory(as_ash, as_cam, offer):
    for client in (as_ash, as_cam):
        assert offer.name in page(client.get("/directory/"))


def test_a_provider_sees_its_own_offers_only(as_bo, offer):
    other = factories.SupportOfferFactory(name="Somebody else's")
    shown = page(as_bo.get("/directory/"))
    assert offer.name in shown
    assert other.name not in shown
    assert as_bo.get(f"/directory/offers/{other.pk}/").status_code == 404


def test_offers_are_found_by_kind(as_ash):
    factories.SupportOfferFactory(name="Tablets", kinds=["device"])
    factories.SupportOfferFactory(name="SIM cards", kinds=["data_sim", "social_tariff"])
    shown = page(as_ash.get("/directory/", {"kind": "social_tariff"}))
    assert "SIM cards" in shown
    assert "Tablets" not in shown
    assert "1 offer<" in shown


def test_offers_are_found_by_how_long_ago_they_were_confirmed(as_ash):
    today = clock.today()
    factories.SupportOfferFactory(name="Never", verified_on=None)
    factories.SupportOfferFactory(name="Long ago", verified_on=today - timedelta(days=91))
    factories.SupportOfferFactory(name="Lately", verified_on=today - timedelta(days=90))
    shown = page(as_ash.get("/directory/", {"confirmed": "late"}))
    assert [name in shown for name in ("Never", "Long ago", "Lately")] == [True, True, False]


def test_a_filter_from_nowhere_is_refused_in_words(as_ash, offer):
    shown = page(as_ash.get("/directory/", {"kind": "spaceship"}))
    assert "Choose a kind of support from the list." in shown


def test_an_offer_that_ended_is_not_listed_but_its_page_says_so(as_ash):
    offer = factories.SupportOfferFactory(ended=True)
    assert offer.name not in page(as_ash.get("/directory/"))
    assert "This offer ended on" in page(as_ash.get(f"/directory/offers/{offer.pk}/"))


def test_an_empty_directory_says_what_will_appear(as_ash):
    assert "No support is listed yet." in page(as_ash.get("/directory/"))


def test_a_filter_that_finds_nothing_says_what_to_do(as_ash, offer):
    assert "Choose other filters above." in page(as_ash.get("/directory/", {"kind": "housing"}))


def test_a_longer_directory_costs_no_more_queries(as_ash, offer, django_assert_num_queries):
    as_ash.get("/directory/")
    with CaptureQueriesContext(connection) as one:
        as_ash.get("/directory/")
    for _ in range(5):
        factories.SupportOfferFactory()
    with django_assert_num_queries(len(one)):
        as_ash.get("/directory/")


@pytest.mark.parametrize("path", ["/directory/", "/directory/offers/{offer}/"])
def test_nobody_gets_in_without_signing_in(client, path, offer):
    assert client.get(path.format(offer=offer.pk)).status_code == 302


# --- One offer ------------------------------------------------------------------------------------------------


def test_what_nobody_recorded_is_said_to_be_not_recorded(as_ash):
    offer = factories.SupportOfferFactory(formats=[], languages=[], cost="", schedule="", capacity="not_known")
    shown = page(as_ash.get(f"/directory/offers/{offer.pk}/"))
    assert shown.count("Not recorded: ask") == 5
    assert "Step-free: not recorded" in shown


def test_a_provider_without_an_account_is_to_be_phoned(as_ash):
    offer = factories.SupportOfferFactory(team=None)
    assert "Works without an account: phone them" in page(as_ash.get(f"/directory/offers/{offer.pk}/"))


def test_hostile_words_are_shown_as_words(as_ash):
    offer = factories.SupportOfferFactory(name="<script>alert(1)</script>", description="{{ 7|add:7 }}")
    shown = as_ash.get(f"/directory/offers/{offer.pk}/").content.decode()
    assert "<script>alert" not in shown
    assert "{{ 7|add:7 }}" in shown


def confirmation(offer, **changes):
    return {"capacity": "full", "wait_days": "", "version": offer.version} | changes


def test_a_provider_confirms_its_own_offer(as_bo, bo, offer):
    path = f"/directory/offers/{offer.pk}/"
    assert 'name="version" value="1"' in page(as_bo.get(path))
    shown = page(as_bo.post(path, confirmation(offer, wait_days="12"), follow=True))
    offer.refresh_from_db()
    assert (offer.capacity, offer.wait_days, offer.verified_on) == ("full", 12, clock.today())
    assert "Confirmed. Referrers see this at once." in shown
    assert AuditEvent.objects.filter(action="confirm_offer", membership=bo).count() == 1


@pytest.mark.parametrize("who", ["as_ash", "as_dee", "as_cam"])
def test_a_health_organisation_neither_sees_the_form_nor_gets_past_it(who, request, offer, bo):
    client = request.getfixturevalue(who)
    path = f"/directory/offers/{offer.pk}/"
    assert "Is this still true?" not in page(client.get(path))
    page(client.post(path, confirmation(offer)), status=403)
    offer.refresh_from_db()
    assert offer.capacity == "yes"


def test_another_providers_offer_does_not_exist(offer):
    rival = factories.MembershipFactory(team__organisation__provider=True, role="support_worker")
    response = SignedIn(rival).post(f"/directory/offers/{offer.pk}/", confirmation(offer))
    assert response.status_code == 404


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"capacity": ""}, "Choose how much room there is."),
        ({"wait_days": "soon"}, "Enter the wait as a number of days, like 10."),
        ({"wait_days": "-1"}, "Enter the wait as a number of days, like 10."),
        ({"wait_days": "1000"}, "Enter the wait in days, at most 999."),
    ],
)
def test_a_slip_is_named_beside_its_field_and_nothing_typed_is_lost(as_bo, offer, typed, sentence):
    shown = page(as_bo.post(f"/directory/offers/{offer.pk}/", confirmation(offer, **typed)))
    assert shown.count(sentence) == 2  # in the summary, and at the field
    assert all(f'value="{value}"' in shown for value in typed.values() if value)


def test_a_page_left_open_is_told_what_changed_and_keeps_what_was_typed(as_bo, offer):
    path = f"/directory/offers/{offer.pk}/"
    as_bo.post(path, confirmation(offer, wait_days="7"))
    shown = page(as_bo.post(path, confirmation(offer, capacity="yes", wait_days="3")))
    assert "Somebody else has changed this offer since you opened the page." in shown
    assert 'value="3"' in shown
    assert "usual wait 7 days" in shown
    offer.refresh_from_db()
    assert offer.capacity == "full"
    again = re.search(r'name="version" value="(\d+)"', shown)[1]
    as_bo.post(path, confirmation(offer, capacity="yes", wait_days="3", version=again))
    offer.refresh_from_db()
    assert offer.capacity == "yes"
