"""Taking back a screen that was handed over: the user's own sign-in again, in the session that is locked."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts import audit, hand_over, second_step
from accounts.access import get_and_post, requires
from accounts.permissions import Permission
from accounts.sign_in_forms import CodeAgainForm
from accounts.widgets import ServiceForm, posted

NOT_FILLED_IN = "new-password"
"""So that no browser types a password that it has kept, for whoever holds the screen; "off" does not stop it."""
TOO_MANY = {"too_many_login_attempts", "rate_limited"}


class TakeBackForm(ServiceForm):
    """Password, and a code where the user has a second step.

    Counted as tries to sign in are. One sentence for whatever is wrong: whoever holds the screen must not learn
    that half of it was right.
    """

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": NOT_FILLED_IN}),
        error_messages={"required": _("Enter your password.")},
    )
    code = forms.CharField(
        label=_("Code from your app"),
        help_text=_("6 digits, or one of your recovery codes."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false", "width": 10}
        ),
        error_messages={"required": _("Enter the code that your app shows.")},
    )

    def __init__(self, request: Any, data: Any = None) -> None:
        super().__init__(data)
        self.request = request
        self.code_form: CodeAgainForm | None = None
        if not second_step.is_set_up(request.user):
            del self.fields["code"]

    def clean(self) -> None:
        if self.errors:
            return
        sentence = self._wrong_password() or self._wrong_code()
        if sentence:
            hat = self.request.membership
            audit.record("take_back_failed", by=hat, subject=hat.user)
            raise ValidationError(sentence)

    def _wrong_password(self) -> Any:
        try:
            right = get_adapter().reauthenticate(self.request.user, self.cleaned_data["password"])
        except ValidationError as refused:
            return _in_words(refused)
        return None if right else NOT_RIGHT

    def _wrong_code(self) -> Any:
        if "code" not in self.fields:
            return None
        self.code_form = CodeAgainForm({"code": self.cleaned_data["code"]}, user=self.request.user)
        if self.code_form.is_valid():
            return None
        return _in_words(self.code_form.errors.as_data()["code"][0])

    def save(self) -> None:
        """The session has just proved both again."""
        reauthenticate_by_password(self.request)
        if self.code_form:
            self.code_form.save()


NOT_RIGHT = _("That did not work. Check what you typed and try again.")


def _in_words(refused: ValidationError) -> Any:
    return refused.message if refused.code in TOO_MANY else NOT_RIGHT


@get_and_post
@hand_over.while_handed_over(idle=True)
@requires(Permission.SIGNED_IN)
def take_back(request: Any) -> HttpResponse:
    """Also the page that stands when nobody has touched the screen for too long."""
    lock = hand_over.lock_of(request)
    if lock is None:
        return redirect("home")
    if "sign_out" in request.POST:
        get_adapter().logout(request)
        return redirect("account_login")
    form = TakeBackForm(request, posted(request))
    if form.is_valid():
        form.save()
        return redirect(hand_over.take_back(request, by=request.membership))
    context = {"form": form, "again": None if lock.is_idle else lock.page}
    return hand_over.page(request, "accounts/take_back.html", context, status=400 if form.is_bound else 200)
