"""How an organisation works, set in a real browser: with scripts and without, at 320 pixels, by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import Organisation
from referrals.models import MessageWords, ReasonCode
from tests.browser.keyboard import Keyboard
from tests.browser.test_exchange import WIDE, fits
from tests.browser.test_screening_pages import SMALL, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
HERE = "/referrals/how-we-work/"
GOOD = "Hello {{ name }}. There is a place for you. Ring {{ phone }}. {{ sender }}"
PAGES = ("", "messages/", "messages/appointment_changed/letter/", "messages/closed/text/preview/", "clocks/",
         "reasons/", "reasons/decline/add/", "reasons/cancel/died/")  # fmt: skip


@pytest.mark.parametrize("size", [WIDE, SMALL])
def test_axe_finds_nothing_and_nothing_is_cut_off(new_page, axe, dee, size):
    page = sign_in(new_page(viewport=size), dee)
    for path in PAGES:
        page.goto(HERE + path)
        axe(page)
        assert fits(page), path


@pytest.mark.parametrize(("size", "javascript"), [(WIDE, True), (SMALL, False)])
def test_own_words_are_mended_previewed_put_in_force_and_taken_back(new_page, axe, dee, size, javascript):
    def looked_at():
        assert fits(page)
        if javascript:  # axe is a script itself
            axe(page)

    page = sign_in(new_page(viewport=size, java_script_enabled=javascript), dee)
    page.goto(f"{HERE}messages/accepted/text/")
    words = page.get_by_label("Your own words")
    expect(words).to_have_value("Hello {{ name }}. Good news: there is a place for you. "
        "[{{ worker }} will get in touch soon to say hello. |Someone will get in touch soon to say hello. ]"
        "Any questions? Ring {{ phone }}. {{ sender }}")  # fmt: skip
    words.fill(f"See our clinic! {GOOD}")
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.get_by_role("alert")).to_contain_text("Line 1, “clinic”")
    expect(words).to_have_value(f"See our clinic! {GOOD}")
    looked_at()
    words.fill(GOOD)
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.get_by_role("heading", name="Preview")).to_be_visible()
    expect(page.get_by_text("Hello محمد. There is a place for you.")).to_be_visible()
    looked_at()
    page.get_by_role("button", name="Put in force").click()
    expect(page.get_by_text("In force. The next message that is sent has these words.")).to_be_visible()
    assert MessageWords.objects.get().state == "in_force"
    looked_at()
    page.get_by_role("button", name="Go back to the usual words").click()
    expect(page.get_by_text("The usual words are in force.")).to_be_visible()
    assert MessageWords.objects.get().state == "ended"
    looked_at()


def test_a_preview_is_reached_read_and_put_in_force_by_keyboard_alone(page, dee):
    sign_in(page, dee)
    page.goto(f"{HERE}messages/")
    keys = Keyboard(page)
    keys.tab_to("Text message: There is a place for them")
    with page.expect_navigation():
        keys.press("Enter")
    keys.tab_to("Save as a draft and preview")
    with page.expect_navigation():
        keys.press("Enter")
    keys.tab_to("Put in force")
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.get_by_text("In force. The next message that is sent has these words.")).to_be_visible()


@pytest.mark.parametrize(("size", "javascript"), [(WIDE, True), (SMALL, False)])
def test_a_clock_is_set_and_a_reason_added_and_retired(new_page, dee, trust, size, javascript):
    page = sign_in(new_page(viewport=size, java_script_enabled=javascript), dee)
    page.goto(HERE)
    page.get_by_role("link", name="Clocks").click()
    page.get_by_label("Decide on a referral").fill("7")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Decide on a referral: from 5 to 7")).to_be_visible()
    assert Organisation.objects.get(pk=trust.pk).clocks == {"decide": 7}
    page.goto(f"{HERE}reasons/")
    page.get_by_role("link", name=re.compile("Add a reason ?: Reasons to cancel")).click()
    page.get_by_label("The reason").fill("The bus no longer goes there")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Change The bus no longer goes there").click()
    page.get_by_label("Retired").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Retired")).to_be_visible()
    assert ReasonCode.objects.get().hidden
