"""allauth's forms in the design system's dress, and their sentences in plain words."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms

from accounts.widgets import dress
from accounts.wording import gettext_lazy as _

HOW_TO_CHOOSE = _(
    "At least 15 characters. Four words that have nothing to do with each other are strong, and easy to remember."
)

# field: (label, hint or None for allauth's own, sentence when it is empty)
WORDS = {
    "login": (_("Email address"), "", _("Enter your email address.")),
    "password": (_("Password"), None, _("Enter your password.")),
    "oldpassword": (_("Your password now"), "", _("Enter the password that you use now.")),
    "password1": (_("New password"), HOW_TO_CHOOSE, _("Enter a new password.")),
    "password2": (_("New password again"), "", _("Enter the new password again.")),
    "code": (
        _("Code from your app"),
        _("6 digits, or one of your recovery codes."),
        _("Enter the code that your app shows."),
    ),
}


class InHouseStyle(forms.Form):
    """Goes before an allauth form among the bases, so that it sees the fields which that form has made."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            label, hint, missing = WORDS[name]
            field.label = label
            if hint is not None:
                field.help_text = hint
            field.error_messages["required"] = missing
            field.widget.attrs.pop("placeholder", None)
            dress(field)


class SignInForm(InHouseStyle, account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].error_messages["invalid"] = _("Enter an email address, like name@example.org.")
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class PasswordAgainForm(InHouseStyle, account.ReauthenticateForm):
    pass


class ChangePasswordForm(InHouseStyle, account.ChangePasswordForm):
    pass


class ChoosePasswordForm(InHouseStyle, account.ResetPasswordKeyForm):
    pass


class Code(InHouseStyle):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "width": 10, "spellcheck": "false"}
        dress(self.fields["code"])


class CodeForm(Code, mfa.AuthenticateForm):
    pass


class CodeAgainForm(Code, mfa.ReauthenticateForm):
    pass


class SetUpAppForm(Code, totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("The 6 digits that your app shows now.")
