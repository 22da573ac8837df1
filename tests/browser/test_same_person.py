"""Two records found to be one person's and taken apart again: by keyboard alone, at 320 pixels, with axe."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from people.models import Merge, ServiceUser
from tests import factories
from tests.browser.keyboard import Keyboard
from tests.browser.test_journey import sign_in
from tests.merging.records import record

pytestmark = pytest.mark.django_db(transaction=True)


def ends_with(path):
    return re.compile(f"{re.escape(path)}$")


def check(page, axe):
    axe(page)
    assert page.locator("html").evaluate("(html) => html.scrollWidth") <= page.viewport_size["width"], page.url


def test_join_and_undo_by_keyboard(new_page, axe, ash, offer):
    page = new_page(viewport={"width": 320, "height": 700})
    kept = record(ash, name="Aleksandrina-Konstantinovna " * 7, phone="07700 900123", postcode="SE5 8AF")
    other = record(ash, name="محمد عبد الرحمن", nhs_number="999 083 9549", interpreter_language="العربية")
    factories.ReferralFactory(sent=True, service_user=other, offer=offer)
    keys = Keyboard(page)
    sign_in(page, keys, ash)

    page.goto(reverse("people:detail", args=[kept.pk]))
    check(page, axe)
    keys.follow("This is the same person as")
    check(page, axe)
    keys.fill("Find a service user", "999 083 9549")
    with page.expect_navigation():
        keys.press("Enter")
    check(page, axe)
    keys.follow("Compare")
    check(page, axe)

    keys.tab_to("These are the same person")
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.locator("body")).to_contain_text("Say how you know that they are the same person.")
    check(page, axe)
    keys.tab_to("First record: Aleksandrina")
    keys.press("ArrowDown")  # the second record stays
    keys.fill("How do you know?", "One NHS letter names both")
    keys.follow("These are the same person")

    expect(page).to_have_url(ends_with(reverse("people:detail", args=[other.pk])))
    expect(page.locator("body")).to_contain_text("The two records are one.")
    check(page, axe)
    row = Merge.objects.get()
    assert (row.kept, row.other.merged_into) == (other, other)
    page.goto(reverse("people:detail", args=[kept.pk]))
    expect(page).to_have_url(ends_with(reverse("people:detail", args=[other.pk])))

    keys.follow("Undo")
    check(page, axe)
    keys.fill("How do you know?", "Both came in together")
    keys.follow("They are two people")
    expect(page.locator("body")).to_contain_text("They are two people again.")
    check(page, axe)
    assert ServiceUser.objects.standing().count() == 2


def test_what_must_be_finished_first_is_reached_by_keyboard(page, axe, ash):
    kept, other = record(ash), record(ash, name="Robyn Rivers")
    for one in (kept, other):
        factories.ScreeningFactory(service_user=one, started_by=ash)
    keys = Keyboard(page)
    sign_in(page, keys, ash)

    page.goto(reverse("compare_same_person", args=[kept.pk, other.pk]))
    check(page, axe)
    keys.follow("The screening begun on")
    expect(page).to_have_url(re.compile("/screenings/"))


def test_finding_and_adding_at_320_pixels(new_page, axe, ash):
    page = new_page(viewport={"width": 320, "height": 700})
    record(ash, name="محمد عبد الرحمن علي " * 8, communication_needs="BSL", interpreter_language="العربية")
    record(ash, name="Mohammed Alexander-Featherstonehaugh", no_fixed_address=True)
    keys = Keyboard(page)
    sign_in(page, keys, ash)

    for typed in ("muhammad", "nobody at all"):
        page.goto(reverse("people:caseload"))
        check(page, axe)
        keys.fill("Find a service user", typed)
        with page.expect_navigation():
            keys.press("Enter")
        check(page, axe)
    page.goto(reverse("people:add"))
    keys.fill("Full name", "Mohamed Alexander Featherstonehaugh")
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.locator("body")).to_contain_text("Is it one of these people?")
    check(page, axe)
