"""Screening in the clinic: a bad network, two windows, a session that ended, keys, small screens."""

import re

import pytest
from playwright.sync_api import expect

from screening import actions
from screening.models import Screening
from screening.responses import same
from tests.factories import PASSWORD, ScreeningFactory
from tests.screening.examples import CASES, GETTING_ONLINE

pytestmark = pytest.mark.django_db(transaction=True)

SMALL = {"width": 320, "height": 640}
AT_400_PERCENT = {"width": 320, "height": 256}  # what is left of 1280 by 1024


def sign_in(page, membership):
    page.goto("/account/login/")
    page.get_by_label("Email").fill(membership.user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page


@pytest.fixture
def draft(person, ash):
    return actions.start(service_user=person, by=ash)


@pytest.fixture
def at(page, ash, draft):
    """Ash's page, at a section of the open draft."""
    sign_in(page, ash)

    def go(section, page=page):
        page.goto(f"/screenings/{draft.pk}/sections/{section}/")
        return page

    return go


def choose(page, code, *values):
    for value in values:
        page.locator(f"[id='{code}-{value}']").check()


def saved(page):
    """All of it: nothing is on its way any more, and the page says so."""
    page.wait_for_function(
        """() => /^Saved/.test(document.getElementById('saved').textContent)
        && !('sending' in document.getElementById('questions').dataset)"""
    )


def answers(draft):
    draft.refresh_from_db()
    return actions.answers_of(draft.responses)


def test_the_start_asks_who_helps_only_where_somebody_does(new_page, ash, person):
    page = sign_in(new_page(java_script_enabled=False), ash)
    page.goto(f"/screenings/of/{person.pk}/start/")
    helper = page.get_by_label("Who helps?")
    expect(helper).to_be_hidden()
    page.get_by_label("The person, with help").check()
    helper.fill("Her sister")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/sections/**")
    assert Screening.objects.get().helped_by == "Her sister"


# --- Saving


def test_answers_are_saved_as_they_change(at, draft):
    page = at("getting-online")
    choose(page, "AC1", "daily")
    saved(page)
    assert answers(draft) == {"AC1": "daily"}


def test_with_the_network_gone_answers_stay_in_the_page_and_go_up_when_it_returns(noisy_page, ash, draft):
    page = sign_in(noisy_page(), ash)
    page.goto(f"/screenings/{draft.pk}/sections/getting-online/")
    page.context.set_offline(True)
    choose(page, "AC1", "daily")
    choose(page, "AC2", "smart", "basic")
    bar = page.locator("#offline")
    bar.wait_for(state="visible")
    expect(bar).to_contain_text("No connection. Keep this page open: your answers are here and will be sent.")
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_timeout(300)
    expect(page.locator("#AC1-daily")).to_be_checked()
    assert answers(draft) == {}
    assert page.evaluate("() => localStorage.length + sessionStorage.length") == 0
    page.context.set_offline(False)
    saved(page)
    assert answers(draft) == {"AC1": "daily", "AC2": ["smart", "basic"]}
    expect(bar).to_be_hidden()


def test_a_session_that_ended_loses_nothing(noisy_page, ash, draft):
    page = sign_in(noisy_page(), ash)
    page.goto(f"/screenings/{draft.pk}/sections/getting-online/")
    page.context.clear_cookies()
    choose(page, "AC1", "daily")
    page.get_by_text("You are signed out").wait_for()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in in another window").click()
    sign_in(opened.value, ash)
    page.bring_to_front()
    saved(page)
    assert answers(draft) == {"AC1": "daily"}


def test_two_windows_on_one_question_both_see_both_answers(at, noisy_page, ash, draft):
    one = at("getting-online")
    two = sign_in(noisy_page(), ash)
    two.goto(one.url)
    choose(one, "AC1", "daily")
    saved(one)
    choose(two, "AC1", "never")
    two.get_by_text("There is a problem").wait_for()
    expect(two.locator(".nhsuk-error-summary")).to_contain_text("answered “Every day”")
    assert answers(draft) == {"AC1": "daily"}
    with two.expect_navigation():
        two.get_by_role("button", name="Save and continue").click()
    assert answers(draft)["AC1"] == "never"


def test_two_windows_on_different_questions_are_told_and_lose_nothing(at, new_page, ash, draft):
    one = at("getting-online")
    two = sign_in(new_page(), ash)
    two.goto(one.url)
    choose(one, "AC1", "daily")
    saved(one)
    choose(two, "AC2", "smart")
    saved(two)
    expect(two.locator("#saved")).to_contain_text("Both are kept")
    expect(two.locator("#AC1-daily")).to_be_checked()
    assert answers(draft) == {"AC1": "daily", "AC2": ["smart"]}


# --- What follows from an answer


def test_a_question_that_follows_comes_and_goes_with_its_answer(at, draft):
    page = at("reaching-you")
    choose(page, "CT2", "avoid")
    page.get_by_text("Which ways should we not use?").wait_for()
    choose(page, "CT2a", "letter")
    saved(page)
    choose(page, "CT2", "fine")
    page.get_by_text("Which ways should we not use?").wait_for(state="detached")
    choose(page, "CT2", "avoid")
    page.locator("#CT2a-letter").wait_for()
    expect(page.locator("#CT2a-letter")).to_be_checked()


def test_an_answer_that_can_be_worked_out_is_shown_with_its_reason(at, draft):
    page = at("getting-online")
    choose(page, "AC2", "basic")
    page.get_by_text("Is there one you can share").wait_for()
    choose(page, "AC2a", "no")
    page.get_by_text("No device to connect").wait_for()
    expect(page.locator("#AC3-cannot")).to_be_checked()
    assert "AC3" not in answers(draft)


def test_right_now_stops_at_once(at, draft):
    page = at("how-you-feel")
    choose(page, "MH3", "now")
    page.get_by_text("The questions stopped").wait_for()
    draft.refresh_from_db()
    assert draft.status == "paused"


# --- Keys


def test_a_whole_screening_takes_one_key_an_answer_and_one_a_page(at, draft):
    given = CASES["supported-home-never-online"]
    page, pressed = at("reaching-you"), 0
    allowed = 0
    while "/sections/" in page.url:
        here = page.url
        for code in iter(lambda: _question_in_focus(page), None):
            keys = _keys(page, code, given.get(code))
            for key in keys:
                page.keyboard.press(key)
            pressed += len(keys)
            allowed += len(keys)
            page.wait_for_function("() => !('sending' in document.getElementById('questions').dataset)")
        page.keyboard.press("Enter")
        pressed += 1
        page.wait_for_url(lambda url, here=here: url.split("#")[0] != here)
    stored = answers(draft)
    assert stored.keys() == given.keys()
    assert all(same(stored[code], given[code]) for code in given)
    assert pressed <= allowed + len(GETTING_ONLINE.sections)
    expect(page).to_have_url(re.compile("/check/"))


def _question_in_focus(page):
    return page.evaluate("() => document.activeElement.closest('[data-question]')?.dataset.question ?? null")


def _keys(page, code, answer):
    """The keys of an answer: a letter an option, with Shift for the last of several. None given: rather not say,
    or Enter past what is worked out already."""
    if answer is None:
        return ["Enter"] if page.locator(f"[name='{code}']:checked, [name^='{code}-']:checked").count() else ["r"]
    values = [answer] if isinstance(answer, str) else list(answer)
    letters = [page.locator(f"[id='{code}-{value}']").get_attribute("data-key") for value in values]
    return letters if isinstance(answer, str) else [*letters[:-1], f"Shift+{letters[-1].upper()}"]


def test_letters_are_nobodys_shortcuts_outside_a_question(at, draft):
    page = at("getting-online")
    page.get_by_role("link", name="Check answers").focus()
    page.keyboard.press("a")
    expect(page.locator("#questions input:checked")).to_have_count(0)


def test_an_answer_and_no_answer_take_each_other_away(at, draft):
    page = at("reaching-you")
    choose(page, "CT1", "text", "letter")
    page.locator("#CT1-prefer_not").check()
    expect(page.locator("#CT1-text")).not_to_be_checked()
    choose(page, "CT1", "letter")
    saved(page)
    expect(page.locator("#CT1-prefer_not")).not_to_be_checked()


# --- For everyone


PAGES = ["sections/reaching-you/", "sections/what-you-can-do/", "sections/how-you-feel/", "check/", "void/"]


@pytest.mark.parametrize(
    "size", [{"width": 1280, "height": 900}, SMALL, AT_400_PERCENT], ids=["wide", "320", "400%"]
)
def test_every_page_is_whole_and_free_of_faults_at_any_size(new_page, axe, ash, person, draft, size):
    done = ScreeningFactory(
        service_user=person, started_by=ash, answers=CASES["many-needs-three-offers"], submitted=True
    )
    page = sign_in(new_page(viewport=size), ash)
    paths = [f"{draft.pk}/{path}" for path in PAGES]
    for path in [*paths, f"{done.pk}/", f"of/{person.pk}/", f"of/{person.pk}/start/"]:
        page.goto(f"/screenings/{path}")
        wider = page.locator("html").evaluate("(html) => html.scrollWidth - html.clientWidth")
        assert wider <= 0, path
        axe(page)


def test_targets_are_large_enough(at):
    page = at("reaching-you")
    small = page.evaluate(
        """() => [...document.querySelectorAll("#questions label, #questions summary, #questions button")]
        .filter((target) => target.offsetParent && target.getBoundingClientRect().height < 44)
        .map((target) => target.textContent)"""
    )
    assert small == []


def test_all_of_it_works_without_javascript(new_page, ash, draft):
    page = sign_in(new_page(java_script_enabled=False), ash)
    page.goto(f"/screenings/{draft.pk}/sections/reaching-you/")
    choose(page, "CT1", "text")
    choose(page, "CT2", "avoid")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("One more question follows from that answer.")).to_be_visible()
    page.locator("[data-question=CT2a] summary").click()
    page.locator("[id='CT2a-not_asked-not_alone']").check()
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url(re.compile("what-you-want"))
    assert answers(draft)["CT2a"] == {"state": "not_asked", "reason": "not_alone"}
    page.goto(f"/screenings/{draft.pk}/check/")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("heading", name="Result of the screening")).to_be_visible()
    assert Screening.objects.get().status == "submitted"


def test_sensitive_answers_are_left_out_of_print(page, ash, person):
    done = ScreeningFactory(
        service_user=person, started_by=ash, answers=CASES["watched-often-wants-letter"], submitted=True
    )
    sign_in(page, ash)
    page.goto(f"/screenings/{done.pk}/")
    page.emulate_media(media="print")
    printed = page.locator("main").inner_text()
    for item in GETTING_ONLINE.items:
        assert not item.sensitive or item.text not in printed
    assert "not printed" in printed
