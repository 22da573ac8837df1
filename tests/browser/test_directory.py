"""The directory by keyboard alone, at 320 pixels, with axe on every page that it meets."""

import re

import pytest
from playwright.sync_api import expect

from directory.models import SupportOffer
from tests.browser.keyboard import Keyboard
from tests.browser.test_screening_pages import SMALL, sign_in
from tests.factories import SupportOfferFactory

pytestmark = pytest.mark.django_db(transaction=True)


def check(page, axe):
    axe(page)
    assert page.locator("html").evaluate("(html) => html.scrollWidth - html.clientWidth") == 0


def test_a_provider_pauses_changes_and_withdraws_an_offer_by_keyboard(new_page, axe, bo, offer):
    page = sign_in(new_page(viewport=SMALL, java_script_enabled=False), bo)
    keys = Keyboard(page)
    page.goto(f"/directory/offers/{offer.pk}/")
    keys.follow("Pause: no room")
    expect(page.get_by_text("Recorded. Referrers see this at once.")).to_be_visible()
    keys.follow("Change")
    keys.fill("Cost", "free")
    keys.follow("Save")
    expect(page.get_by_text("Saved.")).to_be_visible()
    keys.follow("Withdraw")
    keys.tab_to("It has ended")
    keys.press("Space")
    keys.follow("Withdraw the offer")
    offer.refresh_from_db()
    assert (offer.cost, offer.withdrawn_reason) == ("free", "ended")


def test_every_page_of_keeping_listings_is_whole_at_320_pixels(new_page, axe, bo, offer):
    page = sign_in(new_page(viewport=SMALL), bo)
    SupportOffer.objects.update(name="Tablet loan with data and a first lesson at the library " * 3)
    own, provider = f"/directory/offers/{offer.pk}/", f"/directory/providers/{offer.provider_id}/"
    end = f"/referrals/offers/{offer.pk}/withdraw/"
    for path in (own, f"{own}edit/", f"{own}stock/", end, "/directory/providers/", provider):
        page.goto(path)
        check(page, axe)


def test_support_is_found_by_keyboard_and_no_postcode_stands_in_the_address(new_page, axe, ash):
    SupportOfferFactory(name="Tablet loan", location__postcode="SE15 0ZA")
    page = sign_in(new_page(viewport=SMALL), ash)
    keys = Keyboard(page)
    page.goto("/directory/")
    keys.fill("Words", "tabelt")
    keys.fill("Near", "SE5 8XX")
    keys.follow("Find support")
    expect(page.get_by_role("link", name="Tablet loan")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/directory/\?words=tabelt&near=SE5$"))
    check(page, axe)
    page.goto("/directory/?near=SE5&show=table")
    check(page, axe)


def test_a_rule_is_tried_by_an_admin(new_page, axe, dee):
    page = sign_in(new_page(viewport=SMALL), dee)
    page.goto("/reports/what-if/")
    check(page, axe)
    Keyboard(page).follow("Try it")
    expect(page.get_by_role("heading", name="What came of it")).to_be_visible()
    check(page, axe)
