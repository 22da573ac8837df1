"""A page of questions in words a third longer than the English, on a small phone."""

import pytest

from screening import actions
from tests.browser.test_screening_pages import SMALL
from tests.factories import PASSWORD
from tests.marked import CLOSE, OPEN
from tests.screening.examples import GETTING_ONLINE

pytestmark = pytest.mark.django_db(transaction=True)


def test_longer_words_never_make_a_page_of_questions_wider_than_a_small_phone(
    marked, new_page, person, ash, axe, tmp_path
):
    draft = actions.start(service_user=person, by=ash)
    page = new_page(viewport=SMALL)
    page.goto("/account/login/")
    page.locator("[name=login]").fill(ash.user.email)
    page.locator("[name=password]").fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for section in GETTING_ONLINE.sections:
        page.goto(f"/screenings/{draft.pk}/sections/{section.code}/")
        heading = page.locator("h1").inner_text()
        assert OPEN in heading
        assert CLOSE in heading
        wide = page.locator("html").evaluate("(html) => html.scrollWidth - html.clientWidth")
        assert wide == 0, section.code
        page.screenshot(path=tmp_path / f"{section.code}.png", full_page=True)
    axe(page)
