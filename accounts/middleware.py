"""Puts on the membership that a signed-in user is working as, and keeps out who has no second factor."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import Membership

SESSION_KEY = "membership"


def current_membership(request: HttpRequest) -> Membership | None:
    """The hat chosen in this session if it is still held, else the oldest one held, else None."""
    if not request.user.is_authenticated:
        return None
    held = list(
        Membership.objects.current().filter(user=request.user).select_related("user", "team__organisation")
    )
    chosen = request.session.get(SESSION_KEY)
    request.memberships = held  # type: ignore[attr-defined]
    return next((hat for hat in held if str(hat.pk) == chosen), held[0] if held else None)


def wear_membership(get_response: Callable) -> Callable:
    def middleware(request: HttpRequest) -> HttpResponse:
        request.membership = current_membership(request)  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


class RequireSecondFactor:
    """Outside demo mode a signed-in user without one can do nothing but set one up or sign out."""

    open_views = {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "account_logout",
        "account_reauthenticate",
    }

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, *_: object) -> HttpResponse | None:
        if not settings.SECOND_FACTOR_REQUIRED or not request.user.is_authenticated:
            return None
        match = request.resolver_match
        if not getattr(view, "login_required", True) or (match and match.url_name in self.open_views):
            return None
        if is_mfa_enabled(request.user):
            return None
        messages.info(request, "Set up a second step for signing in before you go on.")
        return redirect("mfa_activate_totp")
