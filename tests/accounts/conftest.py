"""What the tests of signing in share: a clean count of tries, and an authenticator app."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache

from tests.factories import PASSWORD


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def sign_in(client):
    """Types an email address and a password into the sign-in page; gives the answer."""

    def type_in(email, password=PASSWORD, **more):
        return client.post("/account/login/", {"login": email, "password": password}, **more)

    return type_in


def code_of(secret):
    """What the app shows now for `secret`."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def app_of():
    """Sets up an authenticator app for a user and gives its secret."""

    def set_up(user):
        secret = totp.generate_totp_secret()
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": secret})
        return secret

    return set_up
