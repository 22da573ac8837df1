"""The directory's pages through the door: offers found, confirmed by their own provider, and chosen for a need."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.models import AuditEvent
from directory.models import SupportOffer, UnmetNeed
from directory.terms import NothingFits
from screening.models import Need
from tests import factories
from tests.conftest import SignedIn

pytestmark = pytest.mark.django_db

LONG = "An offer whose provider had a great deal to say about it, " * 3


def page(response, status=200):
    assert response.status_code == status
    return unescape(response.content.decode())


def cards(shown):
    return re.findall(r'<li class="dx-card">.*?</h2>', shown, re.S)


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


def test_an_offer_that_ended_is_not_listed_but_its_page_says_so(as_ash, offer):
    SupportOffer.objects.update(withdrawn_at=clock.now())
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


@pytest.mark.parametrize("path", ["/directory/", "/directory/offers/{offer}/", "/directory/choose/{need}/"])
def test_nobody_gets_in_without_signing_in(client, path, offer, need):
    assert client.get(path.format(offer=offer.pk, need=need.pk)).status_code == 302


# --- One offer ------------------------------------------------------------------------------------------------


def test_what_nobody_recorded_is_said_to_be_not_recorded(as_ash):
    offer = factories.SupportOfferFactory(formats=[], languages=[], cost="", schedule="", capacity="not_known")
    shown = page(as_ash.get(f"/directory/offers/{offer.pk}/"))
    assert shown.count("Not recorded: ask") == 4
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
def test_a_health_organisation_neither_sees_the_form_nor_gets_past_it(who, request, offer):
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
    assert "Somebody else has confirmed this offer since you opened the page." in shown
    assert 'value="3"' in shown
    assert "usual wait 7 days" in shown
    offer.refresh_from_db()
    assert offer.capacity == "full"
    again = re.search(r'name="version" value="(\d+)"', shown)[1]
    as_bo.post(path, confirmation(offer, capacity="yes", wait_days="3", version=again))
    offer.refresh_from_db()
    assert offer.capacity == "yes"


# --- Choosing -------------------------------------------------------------------------------------------------


@pytest.fixture
def need(person):
    return factories.NeedFactory(screening__service_user=person, code="SKILLS_FIRST", agreed=True)


def choose(need):
    return f"/directory/choose/{need.pk}/"


def test_what_fits_is_ranked_with_reasons_for_and_against_and_one_way_to_go_on(as_ash, need):
    near = factories.SupportOfferFactory(
        name="Near", kinds=["first_steps"], location__postcode="SE5 0ZA", cost="free"
    )
    far = factories.SupportOfferFactory(
        name="Far", kinds=["first_steps"], location__postcode="CR0 0ZA", wait_days=60, capacity="waiting_list"
    )
    shown = page(as_ash.get(choose(need)))
    assert [name in card for name, card in zip(("Near", "Far"), cards(shown), strict=True)] == [True, True]
    assert "For the need: First-steps skills." in shown
    assert "dx-reasons__for" in shown
    assert "dx-reasons__against" in shown
    for offer in (near, far):
        assert f"/referrals/refer/{need.pk}/{offer.pk}/" in shown
    assert "Room now" in shown


def test_why_not_others_names_each_with_its_reason(as_ash, need):
    factories.SupportOfferFactory(name="For older people", kinds=["first_steps"], min_age=65)
    factories.SupportOfferFactory(name="Other kind", kinds=["housing"])
    shown = page(as_ash.get(choose(need)))
    assert "Why not others (1)" in shown
    assert re.search(r"For older people</a>, Organisation \d+: .*65", shown)
    assert "Other kind" not in shown


def test_nothing_that_fits_says_so_and_proposes_why(as_ash, need):
    shown = page(as_ash.get(choose(need)))
    assert "Nothing local fits." in shown
    ticked = re.search(r'value="(\w+)"[^>]*checked', shown)[1]
    assert ticked == NothingFits.NO_OFFER_OF_KIND
    assert re.search(r"<details[^>]* open>", shown)


def test_an_adjustment_travels_along_and_its_lack_of_an_offer_is_no_gap_put_forward(as_ash, person):
    need = factories.NeedFactory(screening__service_user=person, code="PACE", agreed=True)
    shown = page(as_ash.get(choose(need)))
    assert "it travels with every referral" in shown
    assert "Nothing local fits" not in shown
    assert not re.search(r"<details[^>]* open>", shown)


def test_an_unmet_need_is_recorded_once_however_often_it_is_sent(as_ash, need):
    once = re.search(r'name="once" value="([^"]+)"', page(as_ash.get(choose(need))))[1]
    for _ in range(2):
        response = as_ash.post(choose(need), {"reason": "none_near", "words": "Too far by bus", "once": once})
        assert response.url == f"/screenings/{need.screening_id}/"
    as_ash.post(choose(need), {"reason": "none_near"})
    unmet = UnmetNeed.objects.get()
    assert (unmet.kind, unmet.reason, unmet.words, unmet.need) == (
        "first_steps",
        "none_near",
        "Too far by bus",
        need,
    )


def test_nothing_is_recorded_without_a_reason(as_ash, need):
    shown = page(as_ash.post(choose(need), {"reason": ""}))
    assert "Choose why nothing fits." in shown
    assert not UnmetNeed.objects.exists()


def test_support_on_hold_says_why_and_puts_no_button_forward(as_ash, person):
    answers = {"AC2": ["landline"], "FA2": "not_now", "FA2a": "happy", "MH3": "no", "CT2": "fine"}
    screening = factories.ScreeningFactory(service_user=person, answers=answers, submitted=True)
    held = screening.needs.get(code="DEVICE")
    Need.objects.filter(pk=held.pk).update(
        decision="agreed", decided_at=clock.now(), decided_by=screening.started_by
    )
    factories.SupportOfferFactory(kinds=["device"])
    shown = page(as_ash.get(choose(held)))
    assert "On hold: the person does not want this now." in shown
    assert 'class="nhsuk-button"' not in re.search(r'<ol class="nhsuk-list dx-cards">.*?</ol>', shown, re.S)[0]


def test_the_person_and_how_they_may_be_reached_stand_on_top(as_ash, need, person):
    factories.ContactPlanFactory(
        service_user=person, answered=False, automatic=False, allowed=[], preferred="", fallback=""
    )
    shown = page(as_ash.get(choose(need)))
    assert person.name in re.search(r'<section class="dx-strip".*?</section>', shown, re.S)[0]
    assert "nhsuk-tag--yellow" in shown


def test_looking_for_support_is_audited(as_ash, ash, need):
    as_ash.get(choose(need))
    event = AuditEvent.objects.get(action="choose_support")
    assert (event.membership, event.subject_id) == (ash, str(need.pk))


@pytest.mark.parametrize("who", ["as_nia", "as_cam"])
def test_a_need_of_somebody_elses_person_does_not_exist(who, request, need):
    client = request.getfixturevalue(who)
    assert client.get(choose(need)).status_code == 404
    assert client.post(choose(need), {"reason": "none_near"}).status_code == 404
    assert not UnmetNeed.objects.exists()


@pytest.mark.parametrize("who", ["as_bo", "as_dee"])
def test_only_those_who_refer_choose(who, request, need):
    assert request.getfixturevalue(who).get(choose(need)).status_code == 403


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("decision", ["undecided", "not_now", "declined"])
def test_support_is_chosen_only_for_what_the_person_agreed_to(as_ash, need, ash, decision, method):
    told = {"decided_at": None, "decided_by": None} if decision == "undecided" else {}
    Need.objects.filter(pk=need.pk).update(decision=decision, decision_reason="Not for me", **told)
    shown = page(getattr(as_ash, method)(choose(need), {"reason": "none_near"}), status=409)
    assert "once the person has agreed" in shown
    assert not UnmetNeed.objects.exists()


def test_a_need_that_a_later_screening_took_up_is_served_there(as_ash, need, person):
    later = factories.NeedFactory(screening__service_user=person, code="SKILLS_FIRST", agreed=True)
    Need.objects.filter(pk=need.pk).update(carried_to=later)
    assert "A later screening has taken this need up" in page(as_ash.get(choose(need)), status=409)


def test_what_the_team_does_itself_has_no_offers_to_choose(as_ash, person):
    need = factories.NeedFactory(screening__service_user=person, code="SAFEGUARD", agreed=True)
    assert "for your own team to do" in page(as_ash.get(choose(need)), status=409)


def test_more_offers_cost_no_more_queries(as_ash, need, django_assert_num_queries):
    factories.SupportOfferFactory(kinds=["first_steps"])
    as_ash.get(choose(need))
    with CaptureQueriesContext(connection) as one:
        as_ash.get(choose(need))
    for _ in range(5):
        factories.SupportOfferFactory(kinds=["first_steps"], name=LONG[:180] + str(_))
    with django_assert_num_queries(len(one)):
        as_ash.get(choose(need))
