"""The directory's forms: finding offers, confirming one, and saying that nothing fits."""

from django import forms

from accounts.errors import Refused
from accounts.widgets import ServiceForm
from directory.kinds import TITLES
from directory.models import SupportOffer, UnmetNeed
from directory.weights import CONFIRM_AFTER_DAYS

WAIT = "Enter the wait as a number of days, like 10."


class FindOffersForm(ServiceForm):
    kind = forms.ChoiceField(
        label="Kind of support",
        choices=[("", "All kinds"), *TITLES.items()],
        required=False,
        error_messages={"invalid_choice": "Choose a kind of support from the list."},
    )
    confirmed = forms.ChoiceField(
        label="Confirmed by the provider",
        choices=[("", "At any time, or never"), ("late", f"Not in the last {CONFIRM_AFTER_DAYS} days")],
        required=False,
        error_messages={"invalid_choice": "Choose from the list."},
    )


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
    """`version` says which listing was looked at."""

    capacity = forms.ChoiceField(
        label="How much room is there?",
        choices=[
            choice for choice in SupportOffer.Capacity.choices if choice[0] != SupportOffer.Capacity.NOT_KNOWN
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how much room there is."},
    )
    wait_days = forms.IntegerField(
        label="Usual wait in days (leave empty if you do not know)",
        min_value=0,
        max_value=999,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "width": 3}),
        error_messages={"invalid": WAIT, "min_value": WAIT, "max_value": "Enter the wait in days, at most 999."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def for_version(self, version: int, refusal: Refused) -> "ConfirmOfferForm":
        """The same typing over the listing as it is now, for whoever still means it after reading both."""
        form = ConfirmOfferForm({**{name: self.data.get(name) for name in self.fields}, "version": version})
        form.full_clean()
        form.refuse(refusal)
        return form
