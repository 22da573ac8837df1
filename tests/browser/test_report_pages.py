"""The report by keyboard, from home to a figure, its trend and the paper; axe at every size."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from reports import indicators, pages
from tests.browser.keyboard import Keyboard
from tests.browser.test_exchange import WIDE, fits
from tests.browser.test_screening_pages import AT_400_PERCENT, SMALL, sign_in
from tests.reports.rows import at, people, referred, screened

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESSES = [
    reverse("reports:caseload"),
    *(reverse("reports:question", args=[question.code]) for question in [*pages.QUESTIONS, pages.WHOLE_PAGE]),
    reverse("reports:figure", args=[indicators.RATES[0].code]),
]


@pytest.fixture
def counted(team, ash, offer):
    """Enough for figures in most places, and something to hold back."""
    for number, person in enumerate(people(team, ash, 30)):
        screened(person, at("2026-10-02 10:00"), needs=["DEVICE"] if number else ["CONF"])
        referred(
            person, offer, at("2026-09-10 10:00"), first_contact_at=at("2026-09-14 10:00") if number % 2 else None
        )


@pytest.mark.parametrize("size", [WIDE, SMALL, AT_400_PERCENT], ids=["wide", "small", "400%"])
def test_axe_finds_nothing_and_nothing_is_cut_off(new_page, axe, dee, counted, size):
    page = sign_in(new_page(viewport=size), dee)
    for path in ADDRESSES:
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        axe(page)
        assert fits(page), path


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
def test_an_admin_goes_by_keyboard_from_home_to_a_figure_its_trend_and_the_paper(new_page, dee, counted, size):
    page = sign_in(new_page(viewport=size), dee)
    keys = Keyboard(page)
    page.goto("/")
    keys.follow("Screened in the last year")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Screened in the last year")
    expect(page.get_by_role("img", name="Screened in the last year. The table has the figures.")).to_be_visible()
    keys.follow("Outcomes")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Outcomes")
    keys.follow("Needs resolved at 12 weeks")
    keys.tab_to("One-page summary (PDF)")
    answer = page.request.get(page.evaluate("() => document.activeElement.href"))
    assert answer.headers["content-type"] == "application/pdf"


def test_without_scripts_a_period_and_a_team_are_chosen_and_kept(new_page, dee, team, counted):
    page = sign_in(new_page(viewport=SMALL, java_script_enabled=False), dee)
    page.goto("/reports/needs/")
    page.get_by_label("Month or quarter").select_option(index=2)
    page.get_by_label("Team", exact=True).select_option(label=str(team))
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(f"**/reports/needs/?period=*&team={team.pk}")
    page.get_by_role("link", name="Reach").click()
    page.wait_for_url(f"**/reports/reach/?period=*&team={team.pk}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(str(team))
