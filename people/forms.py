"""The forms about a person. What is typed is read by people/facts.py, so that pages and API say the same."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.text import capfirst

from accounts.models import Organisation
from accounts.widgets import DayField, ServiceForm
from accounts.wording import gettext_lazy as _
from people.contact_plan import DAYS, WAYS, Plan
from people.models import Consent, ServiceUser

CLOCK_FORMS = ["%H:%M", "%H.%M", "%I%p", "%I:%M%p", "%I.%M%p", "%I %p", "%H"]


class Typed(forms.CharField):
    """Text just as typed, whatever the browser made of its line ends; the rule behind the form tidies it."""

    def __init__(self, label: str, hint: str = "", *, lines: int = 0, **attrs: Any) -> None:
        widget = forms.Textarea(attrs | {"rows": lines}) if lines else forms.TextInput(attrs)
        super().__init__(label=label, help_text=hint, required=False, strip=False, widget=widget)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class SearchForm(ServiceForm):
    q = Typed(
        _("Find a service user"),
        _("NHS number, local number, name or date of birth, in any order."),
        autocomplete="off",
        spellcheck="false",
    )


class PersonForm(ServiceForm):
    """Fields under the names of the facts."""

    name = Typed(_("Full name"), autocomplete="off", spellcheck="false")
    preferred_name = Typed(_("Likes to be called"), _("If it is not the first name."), autocomplete="off")
    pronouns = Typed(_("Pronouns"), width=20, autocomplete="off")
    date_of_birth = Typed(
        _("Date of birth"), _("For example, 3 4 1961 or 3 Apr 1961."), width=20, autocomplete="off"
    )
    nhs_number = Typed(
        _("NHS number"), _("10 digits. Leave it empty if it is not known."), width=20, autocomplete="off"
    )
    local_number = Typed(
        _("Local number"), _("Your own system’s number for this person."), width=20, autocomplete="off"
    )
    phone = Typed(_("Phone number"), width=20, autocomplete="off")
    email = Typed(_("Email address"), autocomplete="off", spellcheck="false")
    no_fixed_address = forms.BooleanField(label=_("No fixed address"), required=False)
    address = Typed(_("Address"), lines=3, autocomplete="off")
    postcode = Typed(_("Postcode"), width=10, autocomplete="off")
    care_of = Typed(
        _("Letters care of"), _("Who takes in letters, where there is no fixed address."), autocomplete="off"
    )
    interpreter_language = Typed(
        _("Interpreter needed"), _("For which language. Leave it empty if none."), width=20
    )
    communication_needs = Typed(_("Communication needs"), _("Large print, BSL, more time, and so on."), lines=3)

    GROUPS = (
        (_("Who they are"), ("name", "preferred_name", "pronouns", "date_of_birth", "nhs_number", "local_number")),
        (_("Where to reach them"), ("phone", "email", "no_fixed_address", "address", "postcode", "care_of")),
        (_("Talking together"), ("interpreter_language", "communication_needs")),
    )

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]


class EditForm(PersonForm):
    """Each box carries what it began with: what this editor changed is told from what they left alone."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.facts():
            self.fields[name].show_hidden_initial = True

    def facts(self) -> list[str]:
        return [name for _title, names in self.GROUPS for name in names]

    def touched(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.changed_data if name in self.facts()}

    def seen(self) -> dict[str, Any]:
        """The facts as they stood when this editor opened the page."""
        return {
            name: self.fields[name].to_python(self.data.get(self.add_initial_prefix(name), ""))
            for name in self.facts()
        }

    def over(self, now: Mapping[str, Any], version: int) -> "EditForm":
        """The same typing on top of the facts as they are `now`."""
        begun = {self.add_initial_prefix(name): now[name] for name in self.facts()}
        return EditForm(data={**now, **self.touched(), **begun, "version": version})


class Clock(forms.TimeField):
    def __init__(self, label: str) -> None:
        super().__init__(
            label=label,
            required=False,
            input_formats=CLOCK_FORMS,
            widget=forms.TimeInput(attrs={"width": 5}, format="%H:%M"),
            error_messages={"invalid": _("Enter a time, like 10:00 or 4.30pm.")},
        )
        self.widget.input_type = "text"

    def to_python(self, value: Any) -> time | None:
        return super().to_python(value.replace(" ", "") if isinstance(value, str) else value)


def choose(label: str, choices: Any, missing: str, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, error_messages={"required": missing}, **kwargs
    )


def tick(label: str, choices: Any, hint: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, help_text=hint, widget=forms.CheckboxSelectMultiple, required=False
    )


YES_NO = [("yes", _("Yes")), ("no", _("No"))]
WAY_CHOICES = [(str(way), capfirst(words)) for way, words in WAYS.items()]


class ContactPlanForm(ServiceForm):
    allowed = tick(
        _("Safe ways to reach this person"), WAY_CHOICES, _("Tick none if no way is safe at the moment.")
    )
    preferred = forms.ChoiceField(
        label=_("First choice"), choices=[("", _("Not said")), *WAY_CHOICES], required=False
    )
    fallback = forms.ChoiceField(
        label=_("If that does not work"), choices=[("", _("Not said")), *WAY_CHOICES], required=False
    )
    via_person = Typed(_("Through whom"), _("If someone they trust passes messages on."), autocomplete="off")
    voicemail = choose(_("May a voicemail be left?"), YES_NO, _("Choose yes or no."))
    automatic = choose(
        _("May messages be sent without a worker looking first?"),
        YES_NO,
        _("Choose yes or no."),
        help_text=_("Reminders by text, letter or email."),
    )
    may_name_service = choose(_("May a message say which service it is from?"), YES_NO, _("Choose yes or no."))
    hours_from = Clock(_("Not before"))
    hours_to = Clock(_("Not after"))
    weekdays = tick(
        _("Only on these days"), [(str(n), day) for n, day in enumerate(DAYS)], _("Tick none for any day.")
    )
    reason = Typed(
        _("Why"), _("Needed where this allows more than before: what changed, and who said so."), lines=3
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("hours_from"), cleaned.get("hours_to")
        if (start is None) != (end is None):
            self.add_error("hours_to" if start else "hours_from", _("Enter both times, or neither."))
        elif start and end and start >= end:
            self.add_error("hours_to", _("This must be later than the first time."))
        return cleaned

    def plan(self, old: Plan) -> Plan:
        """The plan as ticked. Whoever was never asked stays so until a way is allowed."""
        ticked = self.cleaned_data
        allowed = frozenset(ticked["allowed"])
        automatic = ticked["automatic"] == "yes"
        return Plan(
            allowed=allowed,
            automatic=automatic,
            reason=None if automatic else old.reason or "staff",
            answered=old.answered or bool(allowed),
            voicemail=ticked["voicemail"] == "yes",
            hours=(ticked["hours_from"], ticked["hours_to"]) if ticked["hours_from"] else None,
            weekdays=frozenset(map(int, ticked["weekdays"])) or None,
            may_name_service=ticked["may_name_service"] == "yes",
            preferred=ticked["preferred"],
            fallback=ticked["fallback"],
            via_person=ticked["via_person"].strip(),
        )

    @staticmethod
    def begin(plan: Plan, number: int) -> dict[str, Any]:
        """What the boxes show for a plan."""
        return {
            "allowed": sorted(plan.allowed),
            "preferred": plan.preferred,
            "fallback": plan.fallback,
            "via_person": plan.via_person,
            "voicemail": "yes" if plan.takes_voicemail else "no",
            "automatic": "yes" if plan.automatic else "no",
            "may_name_service": "yes" if plan.may_name_service else "no",
            "hours_from": plan.hours[0] if plan.hours else None,
            "hours_to": plan.hours[1] if plan.hours else None,
            "weekdays": [str(day) for day in sorted(plan.weekdays or ())],
            "seen": number,
        }


class ConsentForm(ServiceForm):
    choice = choose(_("What did the person say?"), Consent.Choice.choices, _("Choose what the person said."))
    provider = forms.ModelChoiceField(
        label=_("About which provider?"),
        queryset=Organisation.objects.none(),
        empty_label=_("Any provider"),
        required=False,
        error_messages={"invalid_choice": _("Choose a provider of support.")},
    )
    how = choose(_("How did they say so?"), Consent.How.choices, _("Choose how the person said so."))
    expires_on = DayField(
        label=_("Until when?"),
        help_text=_("Leave it empty if they named no day. For example, 31 3 2027."),
        required=False,
        error_messages={"invalid": _("Enter a day, like 31 3 2027.")},
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        """`organisation`: whose own teams may give support, too."""
        super().__init__(*args, **kwargs)
        providers = Q(kind=Organisation.Kind.PROVIDER) | Q(pk=organisation.pk)
        self.offer("provider", Organisation.objects.filter(providers))


class PauseForm(ServiceForm):
    reason = choose(_("Why does contact pause?"), ServiceUser.PauseReason.choices, _("Choose why contact pauses."))
    review_on = DayField(
        label=_("When will somebody look at this again?"),
        help_text=_("A day in the next 12 months. For example, 31 3 2027."),
        error_messages={"required": _("Enter a day."), "invalid": _("Enter a day, like 31 3 2027.")},
    )
