"""The forms of letters: when a run was posted, why one was not, and one that came back."""

from django import forms

from accounts.widgets import DayField, ServiceForm
from accounts.wording import gettext_lazy as _
from people.forms import YES_NO, Typed, choose
from referrals.forms import DAY_ERRORS, DAY_HINT
from referrals.models import BatchLetter
from referrals.post.reasons import REASONS


class PostedForm(ServiceForm):
    posted_on = DayField(label=_("Posted on"), help_text=DAY_HINT, error_messages=DAY_ERRORS)
    last_collection = choose(
        _("Was it in time for that day’s last collection?"), YES_NO, _("Say whether it was in time.")
    )

    def clean_last_collection(self) -> bool:
        return bool(self.cleaned_data["last_collection"] == "yes")


class NotPostedForm(ServiceForm):
    reason = choose(_("Why was it not posted?"), list(REASONS.items()), _("Say why it was not posted."))
    words = Typed(_("In a few words"), _("Needed if it should not go."), lines=2)


class ReturnedForm(ServiceForm):
    reference = forms.CharField(
        label=_("Reference on the letter"),
        help_text=_("Scan the bars, or type it: small or large letters, with or without the gap."),
        max_length=40,
        widget=forms.TextInput(attrs={"width": 20, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": _("Enter the reference."),
            "max_length": _("A reference has 8 letters and figures."),
        },
    )
    returned_on = DayField(label=_("Came back on"), help_text=DAY_HINT, error_messages=DAY_ERRORS)
    reason = choose(_("What does it say?"), BatchLetter.Returned.choices, _("Say why it came back."))
    words = Typed(_("In a few words"), _("Needed for something else."), lines=2)
