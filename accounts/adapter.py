"""How django-allauth behaves here: nobody signs up by themselves, and every sign-in leaves an audit row.

allauth's own signals are not used: these hooks run inside the flow, where a failure stops it.
"""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts import audit, second_step
from accounts.middleware import SESSION_KEY
from accounts.models import Membership, User
from accounts.wording import gettext_lazy as _


def first_hat(user: User | None) -> Membership | None:
    return Membership.objects.held_by(user).first()


class StaffAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The email address or the password is not right. Check both and try again."),
        "enter_current_password": _("That is not your password now."),
        "incorrect_password": _("That is not your password."),
        "too_many_login_attempts": _("Too many tries. Wait 10 minutes, then try again."),
        "rate_limited": _("Too many tries. Wait 10 minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        return False  # the API has doors of its own; these are pages only

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:me")

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """A leaver is told so after the right password, and not before: nobody else learns who left."""
        if first_hat(user) is None:
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    @transaction.atomic
    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        hat = first_hat(user)
        request.session[SESSION_KEY] = str(hat.pk) if hat else ""
        audit.record("sign_in", by=hat, actor=user, subject=user)

    @transaction.atomic
    def logout(self, request: Any) -> None:
        membership = getattr(request, "membership", None)
        audit.record("sign_out", by=membership, actor=request.user, subject=request.user)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """An address that nobody has leaves a row too, without the address: somebody may have typed a secret."""
        user = User.objects.filter(email__iexact=credentials.get("email", "")).first()
        hat = first_hat(user)
        audit.record(
            "sign_in_failed", by=None, actor=user, subject=user, organisation=hat.organisation if hat else None
        )

    @transaction.atomic
    def set_password(self, user: Any, password: str) -> None:
        super().set_password(user, password)
        audit.record("set_password", by=first_hat(user), actor=user, subject=user)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever signed in a moment ago to set up a first second step has only just typed the password."""
        if second_step.is_set_up(self.request.user):
            return super().is_reauthentication_required(app=app, **kwargs)
        records = get_authentication_records(self.request, self.request.user)
        return not records or time.time() - records[-1]["at"] > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong passwords are counted by address *and* account: by account alone, anybody could lock a
        clinician out from anywhere; by address alone, one person would lock out a whole clinic."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{self.get_client_ip(request)}"


class SecondStepAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("That code is not right. Codes change every 30 seconds: type the newest one."),
    }
