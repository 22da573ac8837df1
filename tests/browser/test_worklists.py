"""The day of a worker and of a team lead: by keyboard, read by axe, on a small screen, without JavaScript."""

import pytest
from playwright.sync_api import expect

from accounts import clock
from accounts.permissions import Role
from referrals.models import Referral
from tests import factories
from tests.browser.keyboard import Keyboard
from tests.browser.test_plan_pages import WIDER_THAN_ITS_PAGE
from tests.browser.test_screening_pages import AT_400_PERCENT, SMALL, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Maximiliana " + "Featherstonehaugh-Cholmondeley " * 6
NAMES = {"accepted": "Robin Example", "active": LONG.strip(), "declined": "عبد الرحمن بن محمد الأندلسي"}


@pytest.fixture
def sam(bo):
    return factories.MembershipFactory(user__name="Sam Shah", team=bo.team, role=Role.SUPPORT_WORKER)


@pytest.fixture
def rows(ash, bo, sam, offer):
    """A referral in each state, its person's name as long, or as far to the right, as names are."""
    people = {state: factories.ServiceUserFactory(created_by=ash, name=name) for state, name in NAMES.items()}
    return {
        state: factories.ReferralFactory(state=state, service_user=person, offer=offer, worker=bo)
        for state, person in people.items()
    }


def seen(axe, page, address):
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    axe(page)
    assert not page.evaluate(WIDER_THAN_ITS_PAGE), address


@pytest.mark.parametrize("who", ["ash", "bo", "dee"])
def test_the_daily_pages_of_each_role_are_clean_and_fit_a_small_screen(request, new_page, axe, rows, who):
    page = sign_in(new_page(viewport=SMALL), request.getfixturevalue(who))
    for address in ("/", "/referrals/", "/referrals/?show=ended", f"/referrals/{rows['active'].pk}/"):
        seen(axe, page, address)


def test_at_400_percent_nothing_is_wider_than_the_screen(new_page, bo, rows):
    page = sign_in(new_page(viewport=AT_400_PERCENT), bo)
    for address in ("/", "/referrals/", f"/referrals/{rows['active'].pk}/", "/referrals/calls/"):
        page.goto(address)
        assert not page.evaluate(WIDER_THAN_ITS_PAGE), address


def test_by_keyboard_alone_a_list_is_chosen_and_a_referral_opened(page, bo, rows):
    sign_in(page, bo)
    keyboard = Keyboard(page)
    page.goto("/referrals/")
    keyboard.follow("Due later")
    expect(page.get_by_role("link", name="Due later")).to_have_attribute("aria-current", "page")
    keyboard.follow("Mine")
    keyboard.tab_to("Choose Robin Example")
    keyboard.follow("Robin Example")
    expect(page.get_by_role("heading", name="Whose move")).to_be_visible()


def test_without_javascript_several_are_given_and_each_that_stays_says_why(noisy_page, bo, sam, rows):
    page = sign_in(noisy_page(java_script_enabled=False), bo)
    page.goto("/referrals/")
    ticks = page.locator('input[name="referral"]')
    for tick in ticks.all():
        tick.check()
    ended = {"status": "closed", "due_on": None, "action_with": "", "ended_at": clock.now()}
    Referral.objects.filter(pk=rows["active"].pk).update(**ended)  # meanwhile, by somebody else
    page.get_by_label("Give those that are ticked to").select_option(str(sam.pk))
    page.get_by_role("button", name="Give").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Some stay where they were")
    expect(page.locator("main")).to_contain_text("This has ended.")
    rows["accepted"].refresh_from_db()
    assert rows["accepted"].named_worker == sam


def test_a_lead_ends_what_a_colleague_does_here_by_keyboard(page, axe, bo, sam, rows):
    sam.is_lead = True
    sam.save()
    sign_in(page, sam)
    page.goto(f"/colleagues/{bo.pk}/leave/")
    axe(page)
    for choice in page.locator("main select").all():
        choice.select_option(str(sam.pk))
    Keyboard(page).follow("End the membership and give on the work")
    expect(page.get_by_role("status")).to_contain_text("Bo Brandt has left.")
