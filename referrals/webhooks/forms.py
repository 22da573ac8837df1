"""Forms of the pages where an admin sets up who listens."""

from django import forms

from accounts.widgets import ServiceForm
from accounts.wording import gettext_lazy as _
from referrals.webhooks.kinds import KINDS


class EndpointForm(ServiceForm):
    url = forms.CharField(
        label=_("Address of the other system"),
        help_text=_("It starts with https:// and is open to the internet."),
        error_messages={"required": _("Enter the address.")},
    )
    description = forms.CharField(
        label=_("What it is (optional)"),
        help_text=_("So that a colleague knows which system this is."),
        required=False,
    )
    kinds = forms.MultipleChoiceField(
        label=_("Which events?"),
        help_text=_("Choose none to send all of them, also those that are added later."),
        choices=list(KINDS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
