"""The directory's forms: finding offers, confirming one, and saying that nothing fits."""

from urllib.parse import urlencode

from django import forms
from django.utils.text import format_lazy

from accounts.errors import Refused
from accounts.widgets import ServiceForm
from accounts.wording import gettext_lazy as _
from directory.finding import Asked
from directory.kinds import TITLES
from directory.models import SupportOffer, UnmetNeed
from directory.places import locate, outward_code
from directory.weights import CONFIRM_AFTER_DAYS, HIDE_AFTER_DAYS

NEAR = _("Enter the first half of a postcode, like SE5.")
NOT_OURS = _("We do not know where %(district)s is. Leave it empty to see all.")
WAIT = _("Enter the wait as a number of days, like 10.")


class FindOffersForm(ServiceForm):
    """Nothing about a person. `near` may be typed as a whole postcode; only its district is kept."""

    words = forms.CharField(
        label=_("Words"),
        help_text=_("Like tablet, Somali or a provider’s name. Slips of the keyboard are forgiven."),
        max_length=100,
        required=False,
        error_messages={"max_length": _("Use 100 characters or fewer.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind of support"),
        choices=[("", _("All kinds")), *TITLES.items()],
        required=False,
        error_messages={"invalid_choice": _("Choose a kind of support from the list.")},
    )
    near = forms.CharField(
        label=_("Near"),
        help_text=_("The first half of a postcode, like SE5."),
        max_length=10,
        required=False,
        widget=forms.TextInput(attrs={"width": 5, "autocomplete": "off"}),
        error_messages={"max_length": NEAR},
    )
    open_now = forms.BooleanField(label=_("Open now"), required=False)
    room_now = forms.BooleanField(label=_("Room now"), required=False)
    confirmed = forms.ChoiceField(
        label=_("Confirmed by the provider"),
        choices=[
            ("", _("In the last half year")),
            ("late", format_lazy(_("Not in the last {days} days"), days=CONFIRM_AFTER_DAYS)),
            ("hidden", format_lazy(_("Hidden: not in the last {days} days"), days=HIDE_AFTER_DAYS)),
        ],
        required=False,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    show = forms.ChoiceField(
        label=_("Show as"),
        choices=[("", _("A list")), ("table", _("A table to print"))],
        required=False,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )

    def clean_near(self) -> str:
        typed = self.cleaned_data["near"]
        district = outward_code(typed)
        if typed.strip() and (district is None or locate(district) is None):
            raise forms.ValidationError(NEAR if district is None else NOT_OURS % {"district": district})
        return district or ""

    def asked(self) -> Asked:
        """An empty search where the form is not whole."""
        given = self.cleaned_data if self.is_valid() else {}
        return Asked(**{name: given[name] for name in Asked.__dataclass_fields__ if name in given})

    def as_query(self) -> str:
        """For the address: what was ticked or typed, and of a postcode its district."""
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})


class NothingFitsForm(ServiceForm):
    reason = forms.ChoiceField(
        label=_("Why does nothing fit?"),
        choices=UnmetNeed.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why nothing fits.")},
    )
    words = forms.CharField(
        label=_("Anything to add (optional)"),
        help_text=_("Do not name the person. Commissioners may read this."),
        max_length=300,
        required=False,
        error_messages={"max_length": _("Use 300 characters or fewer.")},
    )


class ConfirmOfferForm(ServiceForm):
    """`version` says which listing was looked at."""

    capacity = forms.ChoiceField(
        label=_("How much room is there?"),
        choices=[
            choice for choice in SupportOffer.Capacity.choices if choice[0] != SupportOffer.Capacity.NOT_KNOWN
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how much room there is.")},
    )
    wait_days = forms.IntegerField(
        label=_("Usual wait in days (leave empty if you do not know)"),
        min_value=0,
        max_value=999,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "width": 3}),
        error_messages={
            "invalid": WAIT,
            "min_value": WAIT,
            "max_value": _("Enter the wait in days, at most 999."),
        },
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def for_version(self, version: int, refusal: Refused) -> "ConfirmOfferForm":
        """The same typing over the listing as it is now, for whoever still means it after reading both."""
        form = ConfirmOfferForm({**{name: self.data.get(name) for name in self.fields}, "version": version})
        form.full_clean()
        form.refuse(refusal)
        return form
