"""A real browser against a running server: Chromium by Playwright, with axe at hand."""

import os

import pytest

from tests.plugins.left_out import chromium

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--no-first-run"]


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=10_000)

    # Playwright keeps an event loop in this thread; Django's guard against async would refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def new_page(browser, live_server):
    """Opens pages in fresh contexts; the console and failed requests must stay silent."""
    contexts, said = [], []

    def open_page(**options):
        context = browser.new_context(base_url=live_server.url, locale="en-GB", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == [], said


@pytest.fixture
def noisy_page(browser, live_server):
    """A page whose console may report what the test itself breaks: a lost network, a refused request."""
    contexts = []

    def open_page(**options):
        contexts.append(browser.new_context(base_url=live_server.url, locale="en-GB", **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(15_000)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page):
    return new_page(viewport={"width": 1280, "height": 900})


@pytest.fixture(scope="session")
def axe():
    """`axe(page)` fails with every violation of WCAG 2.2 A and AA and best practice, and where it is."""
    from axe_playwright_python.sync_playwright import Axe

    tool = Axe()

    def check(page):
        found = tool.run(page).response["violations"]
        places = [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]
        assert not places, f"{page.url}\n" + "\n".join(places)

    return check
