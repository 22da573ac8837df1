"""allauth's pages as this service opens them: GET and POST only, changes to the second step audited."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.db import transaction
from django.http import HttpResponse

from accounts import audit, second_step
from accounts.access import get_and_post
from accounts.models import User

View = Callable[..., HttpResponse]


def _authenticators(user: User) -> set[int]:
    return set(Authenticator.objects.filter(user=user).values_list("pk", flat=True))


def audited(action: str) -> Callable[[View], View]:
    """Records `action` in the transaction in which the view adds or removes a second step."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method != "POST":
                return view(request, *args, **kwargs)
            with transaction.atomic():
                before = _authenticators(request.user)
                response = view(request, *args, **kwargs)
                if _authenticators(request.user) != before:
                    audit.record(action, by=request.membership, actor=request.user, subject=request.user)
            return response

        return guarded

    return decorate


@wraps(totp.activate_totp)
def _activate(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    already = second_step.is_set_up(request.user)
    response = totp.activate_totp(request, *args, **kwargs)
    if not already and second_step.is_set_up(request.user):
        second_step.remember_passed(request)
    return response


login = get_and_post(account.login)
logout = get_and_post(account.logout)
inactive = get_and_post(account.account_inactive)
reauthenticate = get_and_post(account.reauthenticate)
change_password = get_and_post(account.password_change)
choose_password = get_and_post(account.password_reset_from_key)
password_chosen = get_and_post(account.password_reset_from_key_done)
second_steps = get_and_post(mfa.index)
give_code = get_and_post(mfa.authenticate)
give_code_again = get_and_post(mfa.reauthenticate)
activate_totp = get_and_post(audited("set_up_second_step")(_activate))
deactivate_totp = get_and_post(audited("turn_off_second_step")(totp.deactivate_totp))
view_codes = get_and_post(recovery_codes.view_recovery_codes)
make_codes = get_and_post(audited("make_recovery_codes")(recovery_codes.generate_recovery_codes))
