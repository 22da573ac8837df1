"""The code at the door, and what staff type while a provider is on the phone."""

from django import forms

from accounts.widgets import ServiceForm
from accounts.wording import gettext_lazy as _
from people.forms import Typed


class CodeForm(ServiceForm):
    code = Typed(
        _("Code"),
        _("Six digits, in the email that we sent."),
        width=10,
        inputmode="numeric",
        autocomplete="one-time-code",
        spellcheck="false",
    )

    def clean_code(self) -> str:
        """Spaces are how people copy a code; anything else that is no digit can be no code."""
        typed = "".join(str(self.cleaned_data["code"]).split())
        if len(typed) != 6 or not (typed.isascii() and typed.isdecimal()):
            raise forms.ValidationError(_("Enter the six digits of the code."))
        return typed


class PhoneInForm(ServiceForm):
    reference = Typed(_("Reference"), _("Six letters and digits, like ACD 347."), width=10, autocomplete="off")
    word = Typed(
        _("Check word"),
        _("Ask them to read out the word that stands beside the reference."),
        width=20,
        autocomplete="off",
    )

    def clean(self) -> dict[str, str]:
        typed = super().clean() or {}
        if not typed.get("reference", "").strip():
            self.add_error("reference", _("Enter the reference that they read out."))
        if not typed.get("word", "").strip():
            self.add_error("word", _("Enter the word that they read out. If they have none, ring them back."))
        return typed
