"""The plan on screen: read by axe, by keyboard alone, on a small screen, and as a browser prints it."""

import pytest
from playwright.sync_api import expect

from accounts import clock
from tests.browser.keyboard import Keyboard
from tests.browser.test_screening_pages import SMALL, sign_in
from tests.factories import ContactPlanFactory, ScreeningFactory

pytestmark = pytest.mark.django_db(transaction=True)
ANSWERS = {
    "CT1": ["call", "letter"],
    "CT2": "fine",
    "FA1": ["people"],
    "FA3": ["slow"],
    "AC2": ["none"],
    "KN3": "no",
}
WIDER_THAN_ITS_PAGE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
SIZES = """() => [...document.querySelectorAll('.dx-plan *')].filter((one) => one.children.length === 0 &&
  one.textContent.trim() && !one.classList.contains('nhsuk-u-visually-hidden'))
  .map((one) => parseFloat(getComputedStyle(one).fontSize))"""
SHOWN = """() => [...document.querySelectorAll('body *')].filter((one) => one.checkVisibility() &&
  one.children.length === 0 && one.textContent.trim() && !one.closest('.dx-plan')).map((one) => one.textContent)"""
POINT = 96 / 72


@pytest.fixture
def screened(person, ash):
    person.preferred_name = "Wolfeschlegelsteinhausenbergerdorff " * 5
    person.save()
    ScreeningFactory(service_user=person, answers=ANSWERS, submitted=True)
    person.needs.update(decision="agreed", decided_at=clock.now(), decided_by=ash)
    ContactPlanFactory(service_user=person)
    return person


def plan_of(person, form="standard"):
    return f"/referrals/plans/{person.pk}/?form={form}"


@pytest.mark.parametrize("form", ["standard", "large", "easy_read"])
def test_axe_finds_nothing_and_nothing_is_cut_off(new_page, axe, ash, screened, form):
    for size in (SMALL, {"width": 1280, "height": 900}):
        page = sign_in(new_page(viewport=size), ash)
        page.goto(plan_of(screened, form))
        axe(page)
        assert not page.evaluate(WIDER_THAN_ITS_PAGE)


def test_the_list_to_print_from_is_clean_and_fits_a_small_screen(new_page, axe, ash, screened):
    page = sign_in(new_page(viewport=SMALL), ash)
    page.goto("/referrals/plans/")
    axe(page)
    assert not page.evaluate(WIDER_THAN_ITS_PAGE)


def test_what_is_wrong_with_the_list_is_said_where_a_reader_hears_it(browser, live_server, axe, ash, screened):
    context = browser.new_context(base_url=live_server.url)  # its console tells of the 400 that is meant
    page = sign_in(context.new_page(), ash)
    page.goto("/referrals/plans/")
    page.get_by_role("button", name="Print those that are ticked").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick at least one person.")
    axe(page)
    context.close()


@pytest.mark.parametrize(("form", "points"), [("standard", 16), ("large", 24), ("easy_read", 18)])
def test_on_paper_there_is_the_plan_and_nothing_else(page, ash, screened, form, points):
    sign_in(page, ash)
    page.goto(plan_of(screened, form))
    page.emulate_media(media="print")
    assert page.evaluate(SHOWN) == []
    assert page.title() == "My plan"
    sizes = page.evaluate(SIZES)
    assert min(sizes) >= points * POINT - 0.1
    number = page.locator(".dx-plan__line--phone .dx-plan__words")
    assert number.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= 24 * POINT - 0.1


def test_by_keyboard_alone_from_the_result_to_the_plan_in_the_persons_hand(page, ash, screened):
    sign_in(page, ash)
    page.goto(f"/screenings/{screened.screenings.get().pk}/")
    keyboard = Keyboard(page)
    keyboard.tab_to("Print plan")
    with page.expect_navigation():
        keyboard.press("Enter")
    keyboard.tab_to("Open to print")
    keyboard.tab_to("Large print")
    with page.expect_navigation():
        keyboard.press("Enter")
    keyboard.tab_to("We read it together, and they took it")
    with page.expect_navigation():
        keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Written down: the person has this plan.")
    assert screened.plans_given.get().form == "large"


def test_without_javascript_all_of_it_works(new_page, ash, screened):
    page = sign_in(new_page(java_script_enabled=False), ash)
    page.goto(plan_of(screened))
    page.get_by_role("button", name="We read it together, and they took it").click()
    expect(page.locator("body")).to_contain_text("Given by hand, and read together. Standard, by Ash Amadi.")
