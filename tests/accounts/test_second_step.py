"""The second factor outside demo mode: nothing is open without it, and no way leads round it."""

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts import actions
from accounts.models import AuditEvent
from tests.accounts.conftest import code_of
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

PAGES = ["/", "/people/", "/me/", "/reports/", "/account/password/change/", "/account/second-step/"]


@pytest.fixture(autouse=True)
def _required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture(autouse=True)
def still_clock():
    """A code must not run out between being read and being typed."""
    with time_machine.travel("2026-11-24 10:00:05+00:00", tick=False) as clock:
        yield clock


@pytest.fixture
def signed_in(ash, client, sign_in):
    sign_in(ash.user.email)
    return client


def set_up(client):
    """Walks through the pages as somebody with a phone does; gives the secret that the phone keeps."""
    client.get("/account/second-step/app/")
    secret = client.session["mfa.totp.secret"]
    return secret, client.post("/account/second-step/app/", {"code": code_of(secret)})


@pytest.mark.parametrize("page", PAGES)
def test_password_alone_opens_nothing_but_setting_up(signed_in, page):
    assert signed_in.get(page).url == "/account/second-step/app/"


def test_password_alone_opens_no_api(signed_in):
    response = signed_in.get("/api/v1/service-users/")

    assert response.status_code == 401
    assert response.json()["detail"] == "Set up a second step for signing in first."


def test_setting_up_right_after_signing_in_asks_for_no_password_again(signed_in):
    page = signed_in.get("/account/second-step/app/").content.decode()

    assert "<svg" in page
    assert "data:" not in page, "the policy for images would not show it"


def test_setting_up_later_asks_for_the_password_again(signed_in, still_clock):
    still_clock.shift(400)
    response = signed_in.get("/account/second-step/app/")
    assert response.url.startswith("/account/reauthenticate/")
    answer = signed_in.post(response.url, {"password": PASSWORD, "next": "/account/second-step/app/"})

    assert answer.url == "/account/second-step/app/"
    assert signed_in.get("/account/second-step/app/").status_code == 200


def test_after_setting_up_the_recovery_codes_are_shown_and_everything_is_open(ash, signed_in):
    _, response = set_up(signed_in)
    codes = signed_in.get(response.url).content.decode()

    assert response.url == "/account/second-step/recovery-codes/"
    assert codes.count("<code>") == 10
    assert signed_in.get("/me/").status_code == 200
    assert AuditEvent.objects.get(action="set_up_second_step").membership == ash


def test_wrong_code_sets_nothing_up(ash, signed_in):
    signed_in.get("/account/second-step/app/")
    page = signed_in.post("/account/second-step/app/", {"code": "000000"}).content.decode()

    assert "That code is not right." in page
    assert not Authenticator.objects.filter(user=ash.user).exists()


def test_signing_in_asks_for_the_code_before_there_is_a_session(ash, app_of, client, sign_in):
    secret = app_of(ash.user)
    assert sign_in(ash.user.email).url == "/account/second-step/code/"
    assert "_auth_user_id" not in client.session

    assert client.post("/account/second-step/code/", {"code": code_of(secret)}).url == "/"
    assert client.get("/me/").status_code == 200


def test_code_works_once(ash, app_of, client, sign_in):
    secret = app_of(ash.user)
    sign_in(ash.user.email)
    client.post("/account/second-step/code/", {"code": code_of(secret)})
    client.post("/account/logout/")
    sign_in(ash.user.email)
    again = client.post("/account/second-step/code/", {"code": code_of(secret)})

    assert "That code is not right." in again.content.decode()


def test_six_wrong_codes_lock_the_second_step(ash, app_of, client, sign_in):
    secret = app_of(ash.user)
    sign_in(ash.user.email)
    for _ in range(6):
        client.post("/account/second-step/code/", {"code": "000000"})
    locked = client.post("/account/second-step/code/", {"code": code_of(secret)})

    assert "Too many tries." in locked.content.decode()
    assert "_auth_user_id" not in client.session


def test_session_from_before_the_second_step_must_prove_it(ash, app_of, client, sign_in):
    """Somebody with a stolen password who was quicker than the owner gains nothing by it."""
    sign_in(ash.user.email)
    secret = app_of(ash.user)

    assert client.get("/people/").url == "/account/second-step/code-again/"
    assert client.get("/api/v1/service-users/").status_code == 401
    client.post("/account/second-step/code-again/", {"code": code_of(secret)})
    assert client.get("/me/").status_code == 200


def test_recovery_codes_alone_are_no_second_step(ash, signed_in):
    Authenticator.objects.create(user=ash.user, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "0" * 40})

    assert signed_in.get("/people/").url == "/account/second-step/app/"


def test_recovery_code_stands_in_for_the_phone_once(signed_in, ash, sign_in):
    set_up(signed_in)
    code = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()[0]
    signed_in.post("/account/logout/")
    sign_in(ash.user.email)
    assert signed_in.post("/account/second-step/code/", {"code": code}).url == "/"
    signed_in.post("/account/logout/")
    sign_in(ash.user.email)

    assert "not right" in signed_in.post("/account/second-step/code/", {"code": code}).content.decode()


def test_new_password_by_link_does_not_skip_the_second_step(ash, app_of, client, sign_in):
    app_of(ash.user)
    page = client.get(actions.password_link(user=ash.user, by=ash), follow=True)
    words = {"password1": "teapot lantern gravel moth", "password2": "teapot lantern gravel moth"}
    client.post(page.redirect_chain[-1][0], words)

    assert sign_in(ash.user.email, words["password1"]).url == "/account/second-step/code/"
    assert "_auth_user_id" not in client.session


def test_removing_the_second_step_closes_everything_again(signed_in, ash):
    set_up(signed_in)
    signed_in.post("/account/second-step/app/remove/")

    assert signed_in.get("/people/").url == "/account/second-step/app/"
    assert AuditEvent.objects.filter(action="turn_off_second_step", actor=ash.user).count() == 1


def test_removing_needs_a_fresh_proof(signed_in, still_clock):
    set_up(signed_in)
    still_clock.shift(400)

    assert signed_in.post("/account/second-step/app/remove/").url.startswith("/account/reauthenticate/")
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()


def test_token_needs_no_second_step(ash):
    """A token is made for a machine by somebody who has passed both."""
    _, secret = actions.issue_token(membership=ash, name="feed", by=ash)
    response = Client().get("/api/v1/service-users/", headers={"Authorization": f"Bearer {secret}"})

    assert response.status_code == 200
