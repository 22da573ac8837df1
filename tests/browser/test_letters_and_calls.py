"""Letters in a run and a call written down: by keyboard, read by axe, on a small screen, without JavaScript."""

import pytest
from playwright.sync_api import expect

from accounts import clock
from referrals.models import BatchLetter, CallAttempt, LetterBatch
from tests.browser.keyboard import Keyboard
from tests.browser.test_plan_pages import WIDER_THAN_ITS_PAGE
from tests.browser.test_screening_pages import SMALL, sign_in
from tests.factories import ContactPlanFactory
from tests.referrals.posting import letters_for
from tests.referrals.test_call_list import owe

pytestmark = pytest.mark.django_db(transaction=True)
WIDE = {"width": 1280, "height": 900}


@pytest.fixture
def letters(offer, ash, bo):
    return letters_for(2, offer, ash, bo)


@pytest.fixture
def to_ring(person, team):
    ContactPlanFactory(service_user=person, allowed=["call"], preferred="call")
    owe(person, team)
    return person


def seen(axe, page):
    axe(page)
    assert not page.evaluate(WIDER_THAN_ITS_PAGE)


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["small", "wide"])
def test_letter_pages_are_clean_and_fit(new_page, axe, bo, letters, size):
    page = sign_in(new_page(viewport=size), bo)
    page.goto("/referrals/letters/")
    seen(axe, page)
    page.get_by_role("button", name="Put all 2 letters into a run").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Run R-")
    seen(axe, page)
    page.get_by_role("link", name="Not posted").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("A letter that was not posted")
    seen(axe, page)
    page.goto("/referrals/letters/returned/")
    seen(axe, page)


def test_by_keyboard_alone_letters_go_into_a_run_and_one_is_spoiled(page, bo, letters):
    sign_in(page, bo)
    page.goto("/referrals/letters/")
    keyboard = Keyboard(page)
    keyboard.tab_to("Put all 2 letters into a run")
    with page.expect_navigation():
        keyboard.press("Enter")
    keyboard.tab_to("Not posted")
    with page.expect_navigation():
        keyboard.press("Enter")
    keyboard.tab_to("It came out badly")
    keyboard.press("Space")
    keyboard.tab_to("Save")
    with page.expect_navigation():
        keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Written down.")
    assert list(BatchLetter.objects.values_list("status", flat=True)) == ["spoiled", "printed"]


def test_without_javascript_a_run_is_marked_as_posted(new_page, bo, letters):
    page = sign_in(new_page(java_script_enabled=False), bo)
    page.goto("/referrals/letters/")
    page.get_by_role("button", name="Put all 2 letters into a run").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Run R-")
    batch = LetterBatch.objects.get()
    batch.prints.create(letters=2, printed_by=bo)  # the PDF opens in the browser's own viewer
    page.reload()
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Mark the run as posted").click()
    expect(page.locator("body")).to_contain_text("2 letters are marked as posted.")


def test_what_is_refused_takes_the_focus_and_says_why(noisy_page, axe, bo, letters):
    page = sign_in(noisy_page(viewport=SMALL), bo)
    summary = page.locator(".nhsuk-error-summary")
    page.goto("/referrals/letters/")
    page.get_by_role("button", name="Put those that are ticked into a run").click()
    expect(summary).to_be_focused()
    seen(axe, page)
    page.get_by_role("button", name="Put all 2 letters into a run").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Run R-")
    LetterBatch.objects.get().prints.create(letters=2, printed_by=bo)
    page.reload()
    page.get_by_role("button", name="Mark the run as posted").click()
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Say whether it was in time.")
    seen(axe, page)


def test_a_day_filled_in_beforehand_is_written_as_its_hint_shows_one(page, bo, letters):
    sign_in(page, bo)
    page.goto("/referrals/letters/returned/")
    today = clock.today()
    expect(page.get_by_label("Came back on")).to_have_value(f"{today.day} {today.month} {today.year}")


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["small", "wide"])
def test_call_pages_are_clean_and_fit(new_page, axe, ash, to_ring, size):
    page = sign_in(new_page(viewport=size), ash)
    page.goto("/referrals/calls/")
    seen(axe, page)
    page.goto(f"/referrals/calls/{to_ring.pk}/")
    seen(axe, page)


def test_by_keyboard_alone_a_meeting_is_written_down(page, ash, to_ring):
    sign_in(page, ash)
    page.goto(f"/referrals/calls/{to_ring.pk}/")
    keyboard = Keyboard(page)
    keyboard.tab_to("Phone call")
    keyboard.press("ArrowDown")
    for choice in ("Reached the person", "Ask how things are going."):
        keyboard.tab_to(choice)
        keyboard.press("Space")
    keyboard.tab_to("Save")
    with page.expect_navigation():
        keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("What you ticked is settled.")
    assert CallAttempt.objects.get().result == "reached"


def test_without_javascript_a_meeting_is_written_down(new_page, ash, to_ring):
    page = sign_in(new_page(java_script_enabled=False), ash)
    page.goto(f"/referrals/calls/{to_ring.pk}/")
    page.get_by_label("In person", exact=True).check()
    page.get_by_label("Reached the person", exact=True).check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("body")).to_contain_text("What you ticked is settled.")
