"""Puts on the membership that a signed-in user is working as, and keeps out who has no second factor."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import second_step
from accounts.models import Membership
from accounts.wording import gettext_lazy as _

SESSION_KEY = "membership"


def current_membership(request: HttpRequest) -> Membership | None:
    """The hat chosen in this session; the oldest one held if none was chosen yet; else None.

    A session whose hat was taken away ends: what was begun as clinician must not go on as admin.
    """
    request.memberships = []  # type: ignore[attr-defined]
    if not request.user.is_authenticated:
        return None
    held = request.user.hats
    chosen = request.session.get(SESSION_KEY)
    worn = next((hat for hat in held if chosen in (None, str(hat.pk))), None)
    if worn is None:
        logout(request)
        return None
    request.memberships = held  # type: ignore[attr-defined]
    return worn


def wear_membership(get_response: Callable) -> Callable:
    def middleware(request: HttpRequest) -> HttpResponse:
        request.membership = current_membership(request)  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


class RequireSecondFactor:
    """Outside demo mode a session without it can do nothing but set it up, prove it or sign out.

    The API has its own door for sessions (accounts/api_auth.py), which answers 401 instead of a page.
    """

    open_views = {
        "mfa_activate_totp",
        "mfa_reauthenticate",
        "account_logout",
        "account_reauthenticate",
    }

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, *rest: object) -> HttpResponse | None:
        if not settings.SECOND_FACTOR_REQUIRED or not request.user.is_authenticated:
            return None
        match = request.resolver_match
        if hasattr(view, "while_handed_over"):
            return None  # shows questions to whoever holds the screen; leaving it proves the second factor
        if not getattr(view, "login_required", True) or (match and match.url_name in self.open_views):
            return None
        if not second_step.is_owed(request):
            return None
        if second_step.is_set_up(request.user):
            return redirect("mfa_reauthenticate")
        messages.info(request, _("Set up a second step for signing in before you go on."))
        return redirect("mfa_activate_totp")
