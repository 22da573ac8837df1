"""The page that asks about the person for fairness checks: why, who sees it, and that no care depends on it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts import audit
from accounts.access import get_and_post, requires
from accounts.errors import AlreadyChanged, InvalidInput
from accounts.permissions import Permission
from accounts.widgets import ServiceForm, posted
from accounts.wording import gettext_lazy as _
from people.fairness import FIELDS, QUINTILE, answers_of, record_fairness
from people.groups import CHOICES, GROUPINGS
from people.models import FairnessAnswers
from people.views import about, person_of

NOT_RECORDED = ("", _("Not recorded"))
FIFTHS = list(zip("12345", GROUPINGS["deprivation"].groups.values(), strict=False))


def _few(name: str, label: str, hint: str = "") -> forms.ChoiceField:
    choices = [*CHOICES[name].items(), NOT_RECORDED]
    return forms.ChoiceField(
        label=label, help_text=hint, choices=choices, widget=forms.RadioSelect, required=False
    )


def _many(choices: Any, label: str, hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, help_text=hint, choices=[NOT_RECORDED, *choices], required=False)


class FairnessForm(ServiceForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    gender = _few("gender", _("How does the person describe their gender?"))
    gender_since_birth = _few("gender_since_birth", _("Is that the same as registered when they were born?"))
    ethnic_group = _many(CHOICES["ethnic_group"].items(), _("Ethnic group"), _("As the person says."))
    main_language = _few(
        "main_language",
        _("Main language"),
        _("If they need an interpreter, write that with the facts, where everybody who books a talk sees it."),
    )
    disability = _few(
        "disability",
        _("A disability or long-term condition, besides their mental health?"),
        _("What helps them to talk with you belongs with the facts, under communication needs."),
    )
    diagnosis_group = _many(
        CHOICES["diagnosis_group"].items(), _("Diagnosis"), _("The broad group. From the record; no need to ask.")
    )
    living_situation = _many(CHOICES["living_situation"].items(), _("Where the person lives just now"))
    deprivation_quintile = _many(
        FIFTHS,
        _("Deprivation of the neighbourhood"),
        _("Filled in from a list of postcodes where your organisation has one. Leave it if you do not know."),
    )

    @classmethod
    def begin(cls, row: FairnessAnswers) -> dict[str, Any]:
        return {"version": row.version, **{name: _as_shown(getattr(row, name)) for name in FIELDS}}

    def answers(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in FIELDS}
        return {**given, QUINTILE: int(given[QUINTILE]) if given[QUINTILE] else None}

    def different(self, row: FairnessAnswers) -> list[tuple[str, str]]:
        """Where the row says something else than what was chosen here: label, and the row's words."""
        now = self.begin(row)
        apart = [name for name in FIELDS if now[name] != self.data.get(name, "")]
        return [(str(self[name].label), str(dict(self._choices(name))[now[name]])) for name in apart]

    def _choices(self, name: str) -> Any:
        field: Any = self.fields[name]
        return field.choices


def _as_shown(value: Any) -> str:
    return "" if value is None else str(value)


@get_and_post
@requires(Permission.EDIT_SERVICE_USERS)
def fairness(request: Any, pk: UUID) -> HttpResponse:
    """Whoever comes second sees what the first one saved, with their own choices kept."""
    person = person_of(request, pk)
    row = answers_of(person)
    form = FairnessForm(posted(request), initial=FairnessForm.begin(row))
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            record_fairness(service_user=person, version=version, by=request.membership, **form.answers())
        except AlreadyChanged as refused:
            row = answers_of(person)
            form = FairnessForm({**request.POST.dict(), "version": row.version})
            theirs = form.different(row)
            form.refuse(refused)
        except InvalidInput as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Saved, for fairness checks only."))
            return redirect("people:detail", pk=person.pk)
    else:
        audit.record("view_fairness_answers", by=request.membership, subject=person)
    return render(request, "people/fairness.html", about(person, form=form, theirs=theirs))
