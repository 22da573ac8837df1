"""The API's documentation page, under the same policy as every other page."""

import pytest
from django.urls import reverse

from tests.browser.keyboard import Keyboard
from tests.browser.test_journey import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_documentation_of_the_api_shows_its_routes(page, ash):
    sign_in(page, Keyboard(page), ash)
    page.goto(reverse("api-docs"))
    page.get_by_text("/api/v1/screenings/", exact=True).first.wait_for()
