"""A provider without an account, on a phone: from the link to yes, also without JavaScript, each page with axe."""

import pytest
from playwright.sync_api import expect

from referrals.models import Referral
from referrals.partner import door
from tests import factories
from tests.referrals.partner.opening import newest_code, token_of

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = {"width": 320, "height": 640}


def fits(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_from_the_link_to_yes_on_a_small_screen(new_page, axe, person, provider, javascript):
    village = factories.SupportOfferFactory(provider=provider, team=None, contact_email="hall@example.org")
    referral = factories.ReferralFactory(state="sent", service_user=person, offer=village)
    page = new_page(viewport=SMALL, java_script_enabled=javascript)

    def look():
        if javascript:  # both are measured by a script
            fits(page)
            axe(page)

    page.goto(f"/partner/{token_of(referral)}/")
    look()
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
    look()
    door.answer_asked()
    page.get_by_label("Code").fill(newest_code())
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("heading", name="Your answer")).to_be_visible()
    look()
    page.get_by_role("link", name="Accept").click()
    page.get_by_label("Who will work with the person").or_(page.locator("#id_named_worker")).first.fill(
        "Robin Vale"
    )
    look()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("status")).to_contain_text("Accepted")
    look()
    page.get_by_role("button", name="Leave this page").click()
    expect(page.get_by_role("heading", name="Open a referral")).to_be_visible()

    assert Referral.objects.get(pk=referral.pk).status == "accepted"
