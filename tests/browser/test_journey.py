"""The main flow in Chromium, by keyboard alone, with axe on each page that it meets."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts import clock
from referrals.models import Referral
from tests import factories
from tests.browser.keyboard import Keyboard
from tests.factories import PASSWORD
from tests.test_journey import ANSWERS

pytestmark = pytest.mark.django_db(transaction=True)


def sign_in(page, keys, membership):
    page.goto("/account/login/")
    keys.fill("Email", membership.user.email)
    keys.fill("Password", PASSWORD)
    with page.expect_navigation():
        keys.press("Enter")


def sign_out(keys):
    keys.follow("Sign out")


def screen_by_keyboard(page, keys, axe):
    """Section after section: one letter an option, Enter after several ticks, Enter at the end of the page."""
    while "/sections/" in page.url:
        here = page.url.split("#")[0]
        axe(page)
        done = set()
        while True:
            code = page.evaluate("() => document.activeElement.closest('[data-question]')?.dataset.question")
            if code is None or code in done:
                break
            keys.answer(code, ANSWERS[code])
            done.add(code)
            page.wait_for_function("() => !('sending' in document.getElementById('questions').dataset)")
        page.get_by_role("button", name="Save and continue").focus()
        keys.press("Enter")
        page.wait_for_url(lambda url, here=here: url.split("#")[0] != here, wait_until="load")


def test_the_whole_way_by_keyboard(page, axe, ash, bo, dee, provider, provider_team):
    offer = factories.SupportOfferFactory(
        name="Bill and social tariff check", provider=provider, team=provider_team, kinds=["social_tariff"]
    )
    keys = Keyboard(page)

    sign_in(page, keys, ash)
    axe(page)
    assert keys.focus().startswith("Find") or page.locator("#q").evaluate("e => e === document.activeElement")
    keys.write("Robin Rivers")
    with page.expect_navigation():
        keys.press("Enter")
    axe(page)
    keys.follow("Add")
    axe(page)
    keys.fill("Full name", "Robin Rivers")
    keys.fill("Date of birth", "4 5 1971")
    keys.fill("NHS number", "999 083 9549")
    keys.fill("Phone number", "07700 900123")
    keys.fill("Postcode", "SE5 8AZ")
    with page.expect_navigation():
        keys.press("Enter")
    axe(page)

    keys.follow("screening")
    axe(page)
    keys.follow("Start")
    screen_by_keyboard(page, keys, axe)
    axe(page)
    keys.follow("Submit")
    axe(page)
    expect(page.locator("body")).to_contain_text("Social tariff check")

    page.locator("#R09").scroll_into_view_if_needed()
    keys.follow("Agree: Cannot keep up phone or data cost")
    page.locator("input[name=choice][value=yes]").focus()
    keys.press("Space")
    page.locator("input[name=how][value=spoken]").focus()
    keys.press("Space")
    with page.expect_navigation():
        keys.press("Enter")
    axe(page)
    keys.follow("Choose support")
    axe(page)
    keys.follow(f"Refer to {offer.name}")
    axe(page)
    page.locator("select[name=preferred_channel]").focus()
    keys.write("Text")
    page.locator("select[name=fallback_channel]").focus()
    keys.write("Phone")
    page.locator("input[name=adjustments][value=none]").focus()
    if not page.locator("input[name=adjustments]:checked").count():
        keys.press("Space")
    keys.follow("Send referral")
    axe(page)
    referral = Referral.objects.get()
    assert referral.status == "sent"
    sign_out(keys)

    sign_in(page, keys, bo)
    axe(page)
    page.goto(reverse("referrals:worklist"))
    axe(page)
    keys.follow("Open and acknowledge")
    axe(page)
    keys.follow("Accept")
    axe(page)
    page.locator("select[name=named_worker]").focus()
    keys.write(bo.user.name)
    keys.follow("Accept")
    axe(page)
    keys.follow("Start")
    axe(page)
    page.locator("input[name=successful_contact][value=spoke]").focus()
    keys.press("Space")
    keys.follow("Start")
    keys.follow("Record what was given")
    axe(page)
    keys.fill("What was given", "A social tariff")
    for need in referral.needs.all():
        page.locator(f"input[name='need_{need.pk}'][value=met]").focus()
        keys.press("Space")
    keys.follow("Record what was given")
    axe(page)
    sign_out(keys)

    sign_in(page, keys, ash)
    page.goto(reverse("referrals:detail", args=[referral.pk]))
    axe(page)
    keys.follow("Close with an outcome")
    axe(page)
    page.locator("input[name=outcome][value=helped]").focus()
    keys.press("Space")
    page.locator("input[name=whose_word][value=person]").focus()
    keys.press("Space")
    keys.follow("Close with an outcome")
    axe(page)
    referral.refresh_from_db()
    assert referral.status == "closed"
    sign_out(keys)

    sign_in(page, keys, dee)
    axe(page)
    keys.follow("Report")
    axe(page)
    assert clock.today() - referral.created_at.date() < timedelta(days=2)
