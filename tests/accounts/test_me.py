"""One's own page: who I am, which hats I have, and which keys act in my name."""

import pytest

from accounts import actions
from accounts.models import AuditEvent
from accounts.permissions import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def second_hat(ash):
    return factories.MembershipFactory(user=ash.user, team=ash.team, role=Role.ADMIN)


def test_page_says_who_i_am_and_what_i_work_as(as_ash, ash, second_hat):
    page = as_ash.get("/me/").content.decode()

    assert ash.user.email in page
    assert "Working as this now" in page
    assert f'value="{second_hat.pk}"' in page


def test_switching_puts_on_another_of_my_hats(as_ash, second_hat):
    response = as_ash.post("/me/switch/", {"membership": second_hat.pk})

    assert response.status_code == 302
    assert as_ash.session["membership"] == str(second_hat.pk)
    assert AuditEvent.objects.get(action="switch_membership").membership == second_hat


def test_somebody_elses_hat_does_not_fit(as_ash, ash, cam):
    response = as_ash.post("/me/switch/", {"membership": cam.pk})

    assert response.status_code == 400
    assert "Choose one of your own roles." in response.content.decode()
    assert as_ash.session["membership"] == str(ash.pk)


def test_hat_that_was_taken_away_does_not_fit(as_ash, ash, dee, second_hat):
    actions.end_membership(membership=second_hat, by=dee)

    assert as_ash.post("/me/switch/", {"membership": second_hat.pk}).status_code == 400


def test_my_keys_are_listed_without_their_secret(as_ash, ash):
    token, secret = actions.issue_token(membership=ash, name="Ward dashboard", by=ash)
    page = as_ash.get("/me/").content.decode()

    assert "Ward dashboard" in page
    assert "Never used" in page
    assert secret not in page
    assert token.digest not in page


def test_no_keys_is_said_in_words(as_ash):
    assert "will be listed here" in as_ash.get("/me/").content.decode()


def test_revoking_kills_the_key_at_once(as_ash, ash, client):
    token, secret = actions.issue_token(membership=ash, name="Ward dashboard", by=ash)
    as_ash.post(f"/me/keys/{token.pk}/revoke/")

    assert client.get("/api/v1/service-users/", headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    assert "Ward dashboard" not in as_ash.get("/me/").content.decode().split("Keys for other systems")[1]


def test_colleagues_keys_do_not_exist_for_me(as_dee, ash):
    token, _ = actions.issue_token(membership=ash, name="Ward dashboard", by=ash)

    assert "Ward dashboard" not in as_dee.get("/me/").content.decode()
    assert as_dee.post(f"/me/keys/{token.pk}/revoke/").status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None
