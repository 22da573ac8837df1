"""The page of fairness answers by keyboard, at 320 pixels, with axe."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from people.fairness import answers_of
from tests.browser.keyboard import Keyboard
from tests.browser.test_journey import sign_in
from tests.browser.test_same_person import check

pytestmark = pytest.mark.django_db(transaction=True)


def test_answers_are_given_by_keyboard(new_page, axe, ash, person):
    page = new_page(viewport={"width": 320, "height": 700})
    keys = Keyboard(page)
    sign_in(page, keys, ash)
    page.goto(reverse("people:detail", args=[person.pk]))
    keys.follow("About the person, for fairness checks")
    check(page, axe)

    page.get_by_label("Non-binary").check()
    page.get_by_label("Ethnic group").select_option(label="Black or Black British: Caribbean")
    keys.tab_to("Save")
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.locator("body")).to_contain_text("Saved, for fairness checks only.")
    row = answers_of(person)
    assert (row.gender, row.ethnic_group, row.main_language) == ("non_binary", "M", "")
