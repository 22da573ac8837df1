"""A screening again: corrected, beside the last one, chosen and decided; the goal typed as it is said."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from accounts import clock
from screening import actions
from screening.models import Screening
from tests.browser.test_screening_pages import SMALL, saved, sign_in
from tests.factories import ScreeningFactory
from tests.screening.examples import CASES

pytestmark = pytest.mark.django_db(transaction=True)

HOME = CASES["supported-home-never-online"]
GOAL = "To see my granddaughter"


@pytest.fixture
def home(person, ash):
    return ScreeningFactory(service_user=person, started_by=ash, answers=HOME, submitted=True)


def whole(page, axe):
    """Nothing is cut off at this width, and axe finds nothing."""
    wider = page.locator("html").evaluate("(html) => html.scrollWidth - html.clientWidth")
    assert wider <= 0, page.url
    axe(page)


@pytest.mark.parametrize("size", [{"width": 1280, "height": 900}, SMALL], ids=["wide", "320"])
@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_a_screening_is_corrected_from_its_result(new_page, axe, ash, home, size, javascript):
    page = sign_in(new_page(viewport=size, java_script_enabled=javascript), ash)
    check = (lambda: whole(page, axe)) if javascript else (lambda: None)
    page.goto(f"/screenings/{home.pk}/")
    page.get_by_role("link", name="Correct this screening").click()
    page.get_by_role("button", name="Go on to the answers").click()
    expect(page.get_by_role("alert").get_by_text("Say what was wrong")).to_be_visible()
    check()
    page.get_by_label("What was wrong").fill("She has a phone of her own")
    page.get_by_role("button", name="Go on to the answers").click()
    expect(page.get_by_text("She has a phone of her own")).to_be_visible()
    check()
    page.get_by_role("link", name="Change the answer to: Which of these do you have").click()
    page.locator("[id='AC2-none']").uncheck()
    page.locator("[id='AC2-smart']").check()
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/check/**")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Raised by the error only, and closed:")).to_be_visible()
    check()
    page.get_by_role("link", name="See what was recorded first").click()
    expect(page.get_by_text("This version counts for nothing any more.")).to_be_visible()
    check()
    expect(page.get_by_role("button", name="Agree")).to_have_count(0)
    assert Screening.objects.submitted().get().corrects == home


@pytest.mark.parametrize("size", [{"width": 1280, "height": 900}, SMALL], ids=["wide", "320"])
def test_the_last_time_stands_beside_this_one(new_page, axe, ash, person, size):
    with clock.at(clock.now() - timedelta(days=90)):
        ScreeningFactory(service_user=person, started_by=ash, answers=HOME, submitted=True)
    now = {**HOME, "AC2": ["smart"], "AC3": ["home"], "AC4": "no", "MH3": "no"}
    screening = ScreeningFactory(service_user=person, started_by=ash, answers=now, submitted=True)
    page = sign_in(new_page(viewport=size), ash)
    page.goto(f"/screenings/{screening.pk}/")
    change = page.get_by_role("region", name="Since last time")
    expect(change.get_by_text("No own working device")).to_be_visible()
    change.get_by_text("What cannot be compared").click()
    whole(page, axe)
    page.emulate_media(media="print")
    assert "Some people feel watched" not in page.locator("main").inner_text()


def test_a_choice_and_a_day_to_ask_again_by_keyboard(noisy_page, axe, ash, home):
    page = sign_in(noisy_page(), ash)
    page.set_viewport_size(SMALL)
    page.goto(f"/screenings/{home.pk}/")
    held = page.locator("details", has=page.locator("#R16"))
    if held.count():
        held.locator("summary").first.click()
    card = page.locator("#R16")
    card.get_by_role("button", name="R16").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#R16")
    page.locator("#R16").get_by_text("Chosen:").wait_for()
    device = page.locator("#R06")
    device.get_by_text("Not now", exact=False).first.click()
    device.get_by_label("Ask again on").fill("tomorrow")
    device.get_by_role("button", name="Record as not now").click()
    page.get_by_role("alert").get_by_text("Enter a day, such as 27 3 2027.").wait_for()
    whole(page, axe)
    day = clock.today() + timedelta(days=40)
    page.locator("#R06").get_by_label("Ask again on").fill(f"{day:%d %m %Y}")
    page.locator("#R06").get_by_role("button", name="Record as not now").click()
    page.wait_for_url("**#R06")
    expect(page.locator("#R06").get_by_text(f"Ask again on {day.day} {day:%B %Y}")).to_be_visible()


# --- The goal in their own words


@pytest.fixture
def at_goal(ash, person, noisy_page):
    draft = actions.start(service_user=person, by=ash)
    page = sign_in(noisy_page(), ash)
    page.goto(f"/screenings/{draft.pk}/sections/what-you-want/")
    return draft, page


def goal(draft):
    draft.refresh_from_db()
    return draft.goal_in_words


def test_words_are_saved_while_they_are_typed_and_letters_are_no_keys(at_goal):
    draft, page = at_goal
    page.get_by_label("In their own words").press_sequentially(GOAL)
    saved(page)
    assert goal(draft) == GOAL
    assert draft.responses == {}
    expect(page.locator("#asked input:checked")).to_have_count(0)


def test_leaving_the_page_takes_the_words_along(at_goal):
    draft, page = at_goal
    page.get_by_label("In their own words").fill(GOAL)
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/getting-online/")
    assert goal(draft) == GOAL


def test_somebody_elses_words_are_shown_and_mine_are_not_lost(at_goal, ash):
    draft, page = at_goal
    actions.save_answers(screening=draft, answers={}, version=1, by=ash, goal_in_words="To email my sister")
    page.locator("[id='FA2-lot']").check()
    saved(page)
    expect(page.get_by_label("In their own words")).to_have_value("To email my sister")
    draft.refresh_from_db()
    actions.save_answers(screening=draft, answers={}, version=draft.version, by=ash, goal_in_words="To bank")
    page.get_by_label("In their own words").fill(GOAL)
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("alert").get_by_text("somebody else wrote: “To bank”").wait_for()
    expect(page.get_by_label("In their own words")).to_have_value(GOAL)
    assert goal(draft) == "To bank"
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/getting-online/")
    assert goal(draft) == GOAL
