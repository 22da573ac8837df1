"""One-click sign-in: a convenience of the demo that does not exist anywhere else."""

import pytest

from accounts.models import AuditEvent
from inclusion.demo import DEMO_PASSWORD, SIGN_INS
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ash_of_the_demo():
    return factories.MembershipFactory(user__email="ash@example.org", user__name="Ash Amadi")


def test_demo_sign_in_does_not_exist_outside_demo_mode(ash_of_the_demo, client):
    response = client.post("/account/demo/", {"email": "ash@example.org"})

    assert response.status_code == 404
    assert "_auth_user_id" not in client.session
    page = client.get("/account/login/").content.decode()
    assert "demo" not in page.lower()
    assert DEMO_PASSWORD not in page


def test_demo_sign_in_page_lists_everybody_with_a_button_each(client, settings):
    settings.DEMO_MODE = True
    page = client.get("/account/login/").content.decode()

    assert DEMO_PASSWORD in page
    for person in SIGN_INS:
        assert f'value="{person.email}"' in page


def test_demo_button_signs_in_as_that_person(ash_of_the_demo, client, settings):
    settings.DEMO_MODE = True
    client.post("/account/demo/", {"email": "ash@example.org"})

    assert client.session["membership"] == str(ash_of_the_demo.pk)
    assert AuditEvent.objects.get(action="sign_in").actor == ash_of_the_demo.user


@pytest.mark.parametrize("email", ["real@example.com", "", "ash@example.org\x00"])
def test_demo_button_signs_in_as_nobody_else(client, settings, email):
    settings.DEMO_MODE = True
    factories.MembershipFactory(user__email="real@example.com")
    response = client.post("/account/demo/", {"email": email})

    assert response.status_code == 404
    assert "_auth_user_id" not in client.session


def test_demo_password_is_one_that_the_service_would_take():
    assert len(DEMO_PASSWORD) >= 15
