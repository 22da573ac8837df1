"""The directory's exchange in a real browser: with scripts and without, wide and at 320 pixels."""

import json

import pytest
from playwright.sync_api import expect

from directory.importing import running
from directory.models import SupportOffer
from tests import factories
from tests.browser.test_screening_pages import SMALL, sign_in
from tests.directory import messy_feed

pytestmark = pytest.mark.django_db(transaction=True)

WIDE = {"width": 1280, "height": 900}


def fits(page):
    page.wait_for_load_state()
    return page.locator("html").evaluate("(html) => html.scrollWidth <= window.innerWidth")


def file(name, content):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content.encode()}


@pytest.mark.parametrize(("size", "javascript"), [(WIDE, True), (SMALL, True), (SMALL, False)])
def test_a_feed_is_read_in_and_its_oddities_looked_at(new_page, dee, axe, size, javascript):
    def looked_at():
        assert fits(page)
        if javascript:  # axe is a script itself
            axe(page)

    page = sign_in(new_page(viewport=size, java_script_enabled=javascript), dee)
    page.goto("/directory/")
    page.get_by_role("link", name="Import and export").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Import and export")
    looked_at()
    page.get_by_role("link", name="Read a file").click()
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_text("Choose a directory.").first).to_be_visible()
    looked_at()
    page.get_by_label("Which directory is the file from?").select_option("A new directory")
    page.get_by_label("Name of a new directory").fill("Council")
    page.get_by_label("The file", exact=True).set_input_files(file("f.json", json.dumps(messy_feed.feed()[0])))
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_text("services read")).to_be_visible()
    looked_at()
    running.read_feeds()
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_label("What to show")).to_be_visible()
    looked_at()
    page.get_by_label("What to show").select_option("no_name")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".dx-line")).to_have_count(2)
    looked_at()


@pytest.mark.parametrize(("size", "javascript"), [(WIDE, True), (SMALL, False)])
def test_a_spreadsheet_goes_out_comes_back_and_is_tried_before_it_is_applied(new_page, dee, axe, size, javascript):
    factories.SupportOfferFactory(name="Tablets", schedule="Term time only")
    page = sign_in(new_page(viewport=size, java_script_enabled=javascript), dee)
    page.goto("/directory/exchange/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the offers as CSV").click()
    text = download.value.path().read_text(encoding="utf-8")
    for old, new in (("Room now", "Lots"), ("Term time only", "All year")):
        page.goto("/directory/exchange/spreadsheets/")
        changed = text.replace(old, new)
        page.get_by_label("The spreadsheet, saved as CSV").set_input_files(file("offers.csv", changed))
        page.get_by_role("button", name="See what would change").click()
        told = "Some rows cannot be read" if new == "Lots" else "What the spreadsheet would change"
        expect(page.get_by_role("heading", level=1)).to_contain_text(told)
        assert fits(page)
        if javascript:
            axe(page)
        if new == "Lots":
            expect(page.get_by_text("Row 2, Room")).to_be_visible()
    page.get_by_role("button", name="Change the directory").click()
    expect(page.get_by_role("heading", name="The spreadsheet has been applied")).to_be_visible()
    assert SupportOffer.objects.get().schedule == "All year"
