"""The directory's forms: finding offers, confirming one, and saying that nothing fits."""

from django import forms

from accounts.widgets import ServiceForm
from directory.models import SupportOffer, UnmetNeed


class NothingFitsForm(ServiceForm):
    reason = forms.ChoiceField(
        label="Why does nothing fit?",
        choices=UnmetNeed.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why nothing fits."},
    )
    words = forms.CharField(
        label="Anything to add (optional)",
        help_text="Do not name the person. Commissioners may read this.",
        max_length=300,
        required=False,
        error_messages={"max_length": "Use 300 characters or fewer."},
    )


class ConfirmOfferForm(ServiceForm):
    capacity = forms.ChoiceField(
        label="How much room is there?",
        choices=[choice for choice in SupportOffer.Capacity.choices if choice[0] != "not_known"],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how much room there is."},
    )
    wait_days = forms.IntegerField(
        label="Usual wait in days (leave empty if you do not know)",
        min_value=0,
        max_value=999,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "width": 3}),
        error_messages={
            "invalid": "Enter the wait as a number of days, like 10.",
            "min_value": "Enter the wait as a number of days, like 10.",
            "max_value": "Enter the wait in days, at most 999.",
        },
    )
