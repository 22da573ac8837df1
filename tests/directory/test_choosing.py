"""Choosing support for a need, through the door: what fits and why, and the gap recorded where nothing does."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.models import AuditEvent
from directory.models import UnmetNeed
from directory.terms import NothingFits
from screening.models import Need
from tests import factories

pytestmark = pytest.mark.django_db

LONG = "An offer whose provider had a great deal to say about it, " * 3


def page(response, status=200):
    assert response.status_code == status
    return unescape(response.content.decode())


def cards(shown):
    return re.findall(r'<li class="dx-card">.*?</h2>', shown, re.S)


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


def test_nobody_gets_in_without_signing_in(client, need):
    assert client.get(choose(need)).status_code == 302
