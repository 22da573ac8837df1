"""The forms that write listings: an offer, its provider and its places. Lists are typed with commas."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.errors import Refused
from accounts.models import Organisation, Team
from accounts.widgets import DayField, ServiceForm
from directory import opening
from directory.kinds import TITLES
from directory.models import Location, Stock, SupportOffer
from directory.stock_steps import BY_HAND
from directory.terms import FORMATS

NOT_RECORDED = _("Not recorded")
HOW_MANY = _("Enter how many: 1 or more.")
NUMBER = _("Enter a whole number, like 18.")


def text(
    label: Any, hint: Any = "", *, most: int, lines: int = 0, missing: Any = "", **attrs: Any
) -> forms.CharField:
    """`missing`: what is said where it is left empty; without, it may be."""
    widget = forms.Textarea({"rows": lines}) if lines else forms.TextInput(attrs)
    message = _("Use %(limit_value)s characters or fewer.")
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=most,
        required=bool(missing),
        widget=widget,
        error_messages={"max_length": message, "required": missing},
    )


def number(label: Any, hint: Any = "", *, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=hint,
        min_value=0,
        max_value=most,
        required=False,
        widget=forms.TextInput({"inputmode": "numeric", "width": 3}),
        error_messages={"invalid": NUMBER, "min_value": NUMBER, "max_value": NUMBER},
    )


def ticks(label: Any, choices: Any, hint: Any = "", *, missing: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        help_text=hint,
        choices=choices,
        required=bool(missing),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose from the list."), "required": missing},
    )


class Maybe(forms.TypedChoiceField):
    """Yes, no, or not recorded, which is not the same as no."""

    def __init__(self, label: Any, hint: Any = "") -> None:
        super().__init__(
            label=label,
            help_text=hint,
            required=False,
            empty_value=None,
            coerce=lambda value: value == "True",
            choices=[("", NOT_RECORDED), ("True", _("Yes")), ("False", _("No"))],
            error_messages={"invalid_choice": _("Choose from the list.")},
        )


class Parts(forms.CharField):
    """A list typed with commas; each part up to 60 characters, each once."""

    def __init__(self, label: Any, hint: Any) -> None:
        super().__init__(label=label, help_text=hint, required=False, max_length=1000)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        parts = list(dict.fromkeys(filter(None, (part.strip() for part in super().clean(value).split(",")))))
        if any(len(part) > 60 for part in parts):
            raise forms.ValidationError(gettext("Put a comma between one and the next."))
        return parts


class Times(forms.CharField):
    def __init__(self, label: Any, hint: Any) -> None:
        widget = forms.Textarea({"rows": 3})
        super().__init__(label=label, help_text=hint, required=False, max_length=2000, widget=widget)

    def prepare_value(self, value: Any) -> Any:
        return opening.in_words(value).replace("; ", "\n") if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        try:
            return opening.read(super().clean(value))
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from wrong


class OfferForm(ServiceForm):
    """`version` says which listing was looked at; a new one has none."""

    name = text(_("Name of the offer"), most=200, missing=_("Enter the name of the offer."))
    description = text(_("What happens there, in plain words"), most=2000, lines=3)
    kinds = ticks(
        _("Kinds of support"),
        TITLES.items(),
        _("Tick all that it gives."),
        missing=_("Choose at least one kind of support from the list."),
    )
    formats = ticks(
        _("How it is given"),
        [(code, capfirst(words)) for code, words in FORMATS.items()],
        _("Tick all that a person can choose."),
    )
    location = forms.ModelChoiceField(
        label=_("Place"), queryset=Location.objects.none(), required=False, empty_label=_("No place of its own")
    )
    at_home = forms.BooleanField(label=_("Comes to the person’s home"), required=False)
    remote = forms.BooleanField(label=_("By phone or online"), required=False)
    serves = Parts(
        _("Areas it serves"), _("Postcode districts or boroughs, like SE5, SE15, Lambeth. Empty: anywhere.")
    )
    schedule = text(_("When, in your own words"), _("For people to read, like “term time only”."), most=200)
    times = Times(_("Opening times"), opening.HOW_TO_WRITE)
    min_age = number(_("Youngest age"), most=130)
    max_age = number(_("Oldest age"), most=130)
    low_income_only = Maybe(_("Only for people on a low income?"))
    benefits_only = Maybe(_("Only for people who get certain benefits?"))
    needs_diagnosis = Maybe(_("Only for people with a certain diagnosis?"))
    languages = Parts(_("Languages"), _("Like English, Somali, BSL."))
    cost = text(_("Cost"), _("Write “free” if it is. Leave it empty if you do not know."), most=100)
    warm_handover = Maybe(_("Can somebody go along the first time?"))
    goes_along = text(_("Who goes along"), _("Like “a volunteer who lives nearby”."), most=200)
    capacity = forms.ChoiceField(
        label=_("How much room is there?"),
        choices=SupportOffer.Capacity.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how much room there is.")},
    )
    wait_days = number(_("Usual wait in days"), _("Leave it empty if you do not know."), most=999)
    accepts_referrals = forms.TypedChoiceField(
        label=_("Takes referrals?"),
        choices=[("True", _("Yes")), ("False", _("No, people go by themselves"))],
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
        initial="True",
        error_messages={"required": _("Choose yes or no.")},
    )
    team = forms.ModelChoiceField(
        label=_("Team that takes the referrals"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=_("None: works without an account"),
    )
    contact_name = text(_("Whom referrers ask for"), _("Leave these empty to show the provider’s own."), most=200)
    contact_phone = text(_("Their phone number"), most=20, width=20)
    contact_email = forms.EmailField(
        label=_("Their email address"), required=False, error_messages={"invalid": _("Enter an email address.")}
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    GROUPS = (
        (_("What it is"), ("name", "description", "kinds", "formats")),
        (_("Where and when"), ("location", "at_home", "remote", "serves", "schedule", "times")),
        (
            _("Who for"),
            ("min_age", "max_age", "low_income_only", "benefits_only", "needs_diagnosis", "languages", "cost"),
        ),
        (_("Going along"), ("warm_handover", "goes_along")),
        (_("Room and referrals"), ("capacity", "wait_days", "accepts_referrals", "team")),
        (_("For referrers"), ("contact_name", "contact_phone", "contact_email")),
    )

    def __init__(self, *args: Any, provider: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("location", provider.locations.all())
        self.offer("team", provider.teams.all())
        if not provider.teams.exists():
            del self.fields["team"]

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in self.GROUPS]

    def over(self, version: int, refusal: Refused) -> None:
        """The same typing, for whoever still means it over the listing as it is now."""
        given: Any = self.data
        data = given.copy()
        data["version"] = str(version)
        self.data = data
        self.full_clean()
        self.refuse(refusal)


def as_typed(offer: SupportOffer) -> dict[str, Any]:
    """What the form begins with."""
    values = {name: getattr(offer, name) for name in OfferForm.base_fields if name != "version"}
    maybe = [name for name, field in OfferForm.base_fields.items() if isinstance(field, Maybe)]
    chosen = {name: "" if values[name] is None else str(values[name]) for name in maybe}
    return {**values, **chosen, "accepts_referrals": str(offer.accepts_referrals), "version": offer.version}


class ProviderForm(ServiceForm):
    name = text(_("Name of the provider"), most=200, missing=_("Enter the provider’s name."))
    phone = text(_("Phone number for referrers"), most=20, width=20)
    email = forms.EmailField(
        label=_("Email address"), required=False, error_messages={"invalid": _("Enter an email address.")}
    )
    website = forms.URLField(
        label=_("Website"),
        required=False,
        max_length=500,
        assume_scheme="https",
        error_messages={"invalid": _("Enter an address like https://www.example.org.")},
    )
    description = text(_("What the provider does"), most=2000, lines=3)


class PlaceForm(ServiceForm):
    name = text(_("Name of the place"), most=200, missing=_("Enter the name of the place."))
    address = text(_("Address"), most=500, lines=3)
    postcode = text(_("Postcode"), most=8, width=10)
    step_free = Maybe(_("Step-free?"))
    hearing_support = Maybe(_("Hearing support?"), _("A hearing loop, or somebody who signs."))
    sight_support = Maybe(_("Sight support?"), _("Large print, speech on the computers, somebody to guide."))


class StockForm(ServiceForm):
    kind = forms.ChoiceField(
        label=_("What"),
        choices=Stock.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is counted.")},
    )
    step = forms.ChoiceField(
        label=_("What happened"),
        choices=[(step.value, step.label) for step in BY_HAND],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happened.")},
    )
    quantity = forms.IntegerField(
        label=_("How many"),
        initial=1,
        widget=forms.TextInput({"inputmode": "numeric", "width": 3}),
        error_messages={"required": HOW_MANY, "invalid": HOW_MANY},
    )
    ends_on = DayField(
        label=_("Until when (optional)"),
        help_text=_("When the loan ends, or by when a SIM must be used. For example, 31 3 2027."),
        required=False,
        error_messages={"invalid": _("Enter a day, like 31 3 2027.")},
    )
    words = text(_("Note (optional)"), _("Where they came from, say. Do not name the person."), most=200)
