"""The second factor: whether a user has one, and whether this very session was opened with it."""

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.models import User


def is_set_up(user: User | AnonymousUser) -> bool:
    """Recovery codes alone are no second factor: sign-in would never ask for one."""
    return is_mfa_enabled(user, types=[Authenticator.Type.TOTP])


def remember_passed(request: HttpRequest) -> None:
    """For a session that has just proved the second factor by setting it up: a code was typed."""
    record_authentication(request, request.user, "mfa", type=Authenticator.Type.TOTP, reauthenticated=True)


def is_owed(request: HttpRequest) -> bool:
    """True while this session may do nothing but prove its second factor.

    A session that was opened by password before the second factor was set up elsewhere has not proved
    it, and a stolen password must not be worth anything because of when it was used.
    """
    if not settings.SECOND_FACTOR_REQUIRED:
        return False
    methods = {record["method"] for record in get_authentication_records(request, request.user)}
    return "mfa" not in methods or not is_set_up(request.user)
