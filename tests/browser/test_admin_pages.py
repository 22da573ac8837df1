"""An admin's pages about the machinery and colleagues: webhooks, mail, System, leaving; also without scripts."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from accounts import set_aside
from accounts.models import SetAside
from referrals.mail import queue_mail
from referrals.models import HookEndpoint, Mail
from tests import factories
from tests.browser.keyboard import Keyboard
from tests.browser.test_exchange import WIDE, fits
from tests.browser.test_screening_pages import AT_400_PERCENT, SMALL, sign_in
from tests.referrals.hook_receiver import Receiver

pytestmark = pytest.mark.django_db(transaction=True)
BOTH = pytest.mark.parametrize(
    ("size", "javascript"), [(WIDE, True), (SMALL, False)], ids=["wide", "small, no script"]
)
LONG = f"{'Featherstonehaugh' * 9} {'أحمد' * 10}"[:200]


@pytest.fixture
def receiver(settings):
    settings.HOOKS_MAY_BE_LOCAL = True
    with Receiver() as running:
        yield running


@pytest.fixture
def aside(dee):
    """A job's item that was tried until a person has to look at it."""
    return set_aside.put(
        "clock", uuid4(), ValueError("poison"), organisation_id=dee.organisation_id, for_good=True
    )


@pytest.fixture
def failed(dee):
    return queue_mail(key="failed", to="no address", subject="3 things are due", body="Look.", team=dee.team)


@pytest.fixture
def leaver(dee):
    """With a name as long as names may be, partly written from right to left."""
    return factories.MembershipFactory(team=dee.team, user=factories.UserFactory(name=LONG))


def opened(new_page, dee, size, javascript):
    return sign_in(new_page(viewport=size, java_script_enabled=javascript), dee)


@pytest.mark.parametrize("size", [WIDE, SMALL, AT_400_PERCENT], ids=["wide", "small", "400%"])
def test_axe_finds_nothing_and_nothing_is_cut_off(new_page, axe, dee, aside, failed, leaver, size):
    page = opened(new_page, dee, size, javascript=True)
    paths = ["/system/", "/referrals/events/", "/referrals/events/add/", "/referrals/mail/?show=failed",
             f"/referrals/mail/{failed.pk}/", "/colleagues/", f"/colleagues/{leaver.pk}/leave/"]  # fmt: skip
    for path in paths:
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        axe(page)
        assert fits(page), path


@BOTH
def test_a_system_is_set_up_given_its_secret_once_and_sent_a_test(noisy_page, dee, receiver, size, javascript):
    page = opened(noisy_page, dee, size, javascript)
    page.goto("/referrals/events/")
    page.get_by_role("link", name="Add a system").click()
    page.get_by_label("Address of the other system").fill("not an address")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter an address")
    if javascript:
        expect(page.locator(".nhsuk-error-summary")).to_be_focused()
    page.get_by_label("Address of the other system").fill(receiver.url)
    page.get_by_label("What it is").fill(LONG)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Show the secret, once").click()
    expect(page.get_by_text(re.compile("^whsec_"))).to_be_visible()
    assert fits(page)
    page.get_by_role("button", name="Send a test event").click()
    expect(page.get_by_text("A test event is on its way.")).to_be_visible()
    expect(page.get_by_text(re.compile("^whsec_"))).to_have_count(0)
    assert HookEndpoint.objects.get().deliveries.count() == 1
    assert fits(page)


@BOTH
def test_what_was_set_aside_is_tried_again(new_page, dee, aside, size, javascript):
    page = opened(new_page, dee, size, javascript)
    page.goto("/")
    page.get_by_role("link", name="1 item").click()
    expect(page.get_by_text("Needs a person", exact=True)).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("It will be tried again within a few minutes.")).to_be_visible()
    expect(page.get_by_text("Needs a person", exact=True)).to_have_count(0)
    assert SetAside.objects.get(pk=aside.pk).next_at is not None


@BOTH
def test_the_home_page_leads_to_the_email_that_did_not_go(new_page, dee, failed, size, javascript):
    page = opened(new_page, dee, size, javascript)
    page.goto("/")
    page.get_by_role("link", name="1 email").click()
    page.get_by_role("link", name=re.compile("Open ?: 3 things are due")).click()
    expect(page.get_by_text("There is no email address that can be used")).to_be_visible()
    assert Mail.objects.get().fate == "failed"
    assert fits(page)


def test_a_colleague_leaves_by_keyboard_alone(page, dee, leaver):
    sign_in(page, dee)
    page.goto("/colleagues/")
    keys = Keyboard(page)
    keys.follow(f"Leaves: {LONG}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("leaves")
    keys.follow("End the membership and give on the work")
    expect(page.get_by_role("heading", name="People who work here")).to_be_visible()
    leaver.refresh_from_db()
    assert leaver.ended_at is not None
