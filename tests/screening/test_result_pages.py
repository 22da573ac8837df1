"""The result: safety first, every because, nothing missing read as no need; and what the person decides."""

import html
import re

import pytest

from accounts.models import AuditEvent
from people.models import Consent
from screening import actions, words
from screening.models import Need, Screening
from screening.result_page import result_page
from tests.factories import ContactPlanFactory, ScreeningFactory
from tests.screening.examples import CASES, GETTING_ONLINE, VECTORS


@pytest.fixture
def screened(person, ash):
    def take(answers, **more):
        return ScreeningFactory(service_user=person, started_by=ash, answers=answers, submitted=True, **more)

    return take


def shown(client, screening):
    response = client.get(f"/screenings/{screening.pk}/")
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def page_of(screening):
    return result_page(screening, list(screening.needs.all()))


# --- What it shows


def test_safety_stands_above_everything_else(as_ash, screened):
    page = shown(as_ash, screened(CASES["phone-is-checked"]))
    headings = re.findall(r'<h2 id="([a-z-]+)"', page)
    assert headings[0] == "safety"
    assert headings[1:4] == ["words", "themes", "help"]
    assert "Private safeguarding conversation by the clinician" in page


def test_no_safety_section_where_there_is_nothing_unsafe(as_ash, screened):
    assert 'id="safety"' not in shown(as_ash, screened(CASES["no-barriers"]))


@pytest.mark.parametrize("case", ["contact-unknown-not-alone", "nothing-asked"])
def test_safe_contact_that_was_not_asked_about_is_a_matter_of_safety(as_ash, screened, case):
    assert str(words.CONTACT["not_asked"]) in shown(as_ash, screened(CASES[case]))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_every_need_suggestion_and_reason_of_the_result_is_on_the_page(as_ash, screened, vector):
    page = shown(as_ash, screened(vector["answers"]))
    for suggestion in vector["expect"]["suggestions"]:
        rule = GETTING_ONLINE.rule(suggestion["rule"])
        card = page[page.index(f'id="{rule.id}"') :]
        card = card[: card.index("</article>")]
        assert rule.text in card
        assert all(GETTING_ONLINE.need_title(need) in card for need in suggestion["needs"])
        assert all(f'href="#answer-{item}"' in card for item in suggestion["because"])
        assert (words.hold(suggestion["hold"]) or rule.text) in card
    assert set(re.findall(r'href="#(answer-\w+)"', page)) <= set(re.findall(r'id="(answer-\w+)"', page))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_levels_are_in_words_and_there_is_no_total(as_ash, screened, vector):
    screening = screened(vector["answers"])
    page = page_of(screening)
    assert [card.words for card in page.themes] == [
        words.LEVELS[vector["expect"]["levels"][theme.code]] for theme in GETTING_ONLINE.themes
    ]
    assert "score" not in shown(as_ash, screening).lower()


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_a_theme_with_a_gap_never_reads_none_found(screened, vector):
    for card in page_of(screened(vector["answers"])).themes:
        assert not (card.unknown and card.words == "None found")


def test_what_is_not_known_is_named_with_the_shortest_way_to_know(as_ash, screened):
    page = shown(as_ash, screened(CASES["no-barriers-but-MH3-not-asked"]))
    assert "Not known" in page
    assert "ask “Some people feel watched" in page


def test_a_goal_that_was_not_asked_about_is_not_passed_over(as_ash, screened):
    assert "Ask before anything is offered" in shown(as_ash, screened({"AC1": "never"}))


def test_of_many_ticks_a_because_names_only_those_that_count(screened):
    page = page_of(screened(CASES["many-needs-three-offers"]))
    basics = next(card for _, cards in page.stages for card in cards if card.rule.id == "R23")
    assert [line.answer for line in basics.because] == ["Food or heating"]


def test_three_offers_stand_open_and_the_rest_wait_with_a_date(as_ash, screened):
    screening = screened(CASES["many-needs-three-offers"])
    page = page_of(screening)
    open_offers = [card for _, cards in page.stages for card in cards if card.rule.type == "offer"]
    assert len(open_offers) == 3
    assert f"{len(page.later)} more for later" in shown(as_ash, screening)


def test_a_choice_left_to_the_clinician_is_put_in_words(as_ash, screened):
    page = shown(as_ash, screened(CASES["supported-home-never-online"]))
    assert GETTING_ONLINE.rule("R16").choice.text in page


def test_sensitive_answers_are_not_printed(as_ash, screened):
    page = shown(as_ash, screened(CASES["watched-often-wants-letter"]))
    rows = re.findall(r'<div class="nhsuk-summary-list__row([^"]*)" id="answer-(\w+)"', page)
    printed = {code for extra, code in rows if "dx-no-print" not in extra}
    assert not printed & {item.code for item in GETTING_ONLINE.items if item.sensitive}
    assert {"MH3", "CT2", "OC3"} <= {code for _, code in rows}


def test_the_screening_before_stands_beside_it(as_ash, screened):
    screened(CASES["supported-home-never-online"])
    page = shown(as_ash, screened(CASES["no-barriers-but-MH3-not-asked"]))
    assert "Last time: High" in page
    change = page[page.index('id="change"') :]
    assert "No longer a need" in change
    assert re.search(r"Not asked this time, so still open</dt><dd[^>]*>Feels watched", change)


def test_a_plan_that_staff_made_stricter_is_pointed_out(as_ash, person, screened):
    ContactPlanFactory(service_user=person, allowed=["text"], source="staff")
    assert "The contact plan allows less than these answers do" in shown(as_ash, screened(CASES["no-barriers"]))


def test_looking_at_a_result_is_audited(as_ash, screened):
    screening = screened(CASES["no-barriers"])
    shown(as_ash, screening)
    assert AuditEvent.objects.get(action="view_result").subject_id == str(screening.pk)


# --- Deciding


@pytest.fixture
def home(screened):
    return screened(CASES["supported-home-never-online"])


def decide(client, screening, rule, **sent):
    return client.post(f"/screenings/{screening.pk}/suggestions/{rule}/", sent)


def test_a_decision_leads_back_to_its_suggestion_and_shows_there(as_ash, home):
    response = decide(as_ash, home, "R06", decision="agreed")
    assert response.url == f"/screenings/{home.pk}/#R06"
    page = shown(as_ash, home)
    assert "Agreed" in page[page.index('id="R06"') : page.index('id="R08"')]


def test_what_was_agreed_leads_on_to_local_support(as_ash, home):
    decide(as_ash, home, "R06", decision="agreed")
    need = Need.objects.get(screening=home, code="DEVICE")
    page = shown(as_ash, home)
    assert f"/{need.pk}/" in page[page.index('id="next"') :]


def test_declining_without_a_reason_is_asked_for_one_at_its_place(as_ash, home):
    refused = decide(as_ash, home, "R06", decision="declined", reason=" ")
    assert refused.status_code == 400
    assert 'href="#R06-reason"' in refused.content.decode()
    assert Need.objects.get(screening=home, code="DEVICE").decision == "undecided"


def test_a_reason_in_odd_words_is_shown_and_harmless(as_ash, home):
    decide(as_ash, home, "R06", decision="declined", reason="<script>alert(1)</script>")
    assert "&lt;script&gt;" in as_ash.get(f"/screenings/{home.pk}/").content.decode()


def test_an_admin_sees_the_result_and_decides_nothing(as_dee, home):
    assert "/suggestions/" not in shown(as_dee, home)
    assert decide(as_dee, home, "R06", decision="agreed").status_code == 403


# --- Consent, carrying on, void


def test_consent_is_recorded_in_the_words_of_the_definition(as_ash, home):
    response = as_ash.post(f"/screenings/{home.pk}/consent/", {"choice": "ask_each", "how": "spoken"})
    assert response.url.endswith("#consent")
    consent = Consent.objects.get()
    assert (consent.choice, consent.wording) == ("ask_each", "getting-online 1.0.0")


def test_consent_without_a_choice_is_refused_at_the_field(as_ash, home):
    refused = as_ash.post(f"/screenings/{home.pk}/consent/", {"how": "spoken"})
    assert refused.status_code == 400
    assert "Choose what the person says." in refused.content.decode()
    assert not Consent.objects.exists()


def test_sharing_is_not_asked_about_before_there_is_a_result(as_ash, person, ash):
    draft = actions.start(service_user=person, by=ash)
    assert as_ash.post(f"/screenings/{draft.pk}/consent/", {"choice": "yes", "how": "spoken"}).status_code == 409


def test_a_stopped_screening_can_be_carried_on(as_ash, screened):
    stopped = screened({"AC1": "daily", "MH3": "now"})
    assert "carry on with the questions" in shown(as_ash, stopped)
    response = as_ash.post(f"/screenings/{stopped.pk}/carry-on/")
    draft = Screening.objects.drafts().get()
    assert response.url == f"/screenings/{draft.pk}/sections/reaching-you/"


def test_voiding_asks_why_and_the_screening_can_still_be_read(as_ash, home):
    page = f"/screenings/{home.pk}/void/"
    assert as_ash.get(page).status_code == 200
    assert "Say why the screening was recorded in error" in as_ash.post(page, {"reason": " "}).content.decode()
    assert as_ash.post(page, {"reason": "Somebody else's"}).status_code == 302
    assert "This screening counts for nothing" in shown(as_ash, home)


def test_a_discarded_draft_says_so(as_ash, person, ash):
    draft = actions.start(service_user=person, by=ash)
    actions.void(screening=draft, reason="Opened by mistake", by=ash)
    assert "never submitted" in shown(as_ash, draft)


def test_the_list_says_what_will_appear_when_it_is_empty(as_ash, person):
    page = as_ash.get(f"/screenings/of/{person.pk}/").content.decode()
    assert "No screening yet" in page


def test_the_list_names_every_screening_and_is_audited(as_ash, person, home):
    page = as_ash.get(f"/screenings/of/{person.pk}/").content.decode()
    assert f"/screenings/{home.pk}/" in page
    assert AuditEvent.objects.filter(action="list_screenings", subject_id=str(person.pk)).exists()
