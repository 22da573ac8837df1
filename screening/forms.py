"""The forms around the questions: how a sitting starts and ends, and what the person decided."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.widgets import DateInput, DayField, ServiceForm
from people.models import Consent
from screening import words
from screening.models import Screening
from screening.questionnaire import Questionnaire


def minutes(questions: int) -> int:
    """Desk estimate: 14 seconds a question, those that follow from an answer included, for not all are asked."""
    return max(1, round(questions * 14 / 60))


class StartForm(ServiceForm):
    """Who answers, how we talk, through whom, and how much time there is.

    `needs`: the language in which the person is recorded as needing an interpreter, "" where none is.
    """

    answered_by = forms.ChoiceField(
        label=_("Who answers?"),
        choices=Screening.AnsweredBy.choices,
        initial=Screening.AnsweredBy.PERSON,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who answers.")},
    )
    helped_by = forms.CharField(
        label=_("Who helps?"),
        help_text=_("Only where the person has help. For example: her sister, or a support worker."),
        max_length=200,
        required=False,
    )
    on_paper_on = forms.DateField(
        label=_("Day that the paper form was filled in"),
        help_text=_("Only for a paper form. For example, 27 3 2026."),
        required=False,
        input_formats=["%d %m %Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y"],
        widget=DateInput(),
        error_messages={"invalid": _("Enter a day, such as 27 3 2026.")},
    )
    how = forms.ChoiceField(
        label=_("How do you talk?"),
        choices=Screening.How.choices,
        initial=Screening.How.FACE_TO_FACE,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you are talking.")},
    )
    interpreter = forms.ChoiceField(
        label=_("Is there an interpreter?"),
        choices=Screening.Interpreter.choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether there is an interpreter.")},
    )
    interpreter_language = forms.CharField(
        label=_("Interpreter’s language"),
        help_text=_("Only where an interpreter helps, or was wanted."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"width": "20"}),
    )
    form = forms.ChoiceField(
        label=_("How much time is there?"),
        choices=Screening.Form.choices,
        initial=Screening.Form.FULL,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose all questions or the short form.")},
    )

    def __init__(self, asked: Questionnaire, *args: Any, needs: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        full, short = (
            _("About %(minutes)s minutes: all questions"),
            _("About %(minutes)s minutes: the short form"),
        )
        self.offer(
            "form",
            [
                (Screening.Form.FULL, full % {"minutes": minutes(len(asked.items))}),
                (Screening.Form.SHORT, short % {"minutes": minutes(len(asked.short_form))}),
            ],
        )
        if needs:
            interpreter = self.fields["interpreter"]
            interpreter.required = True
            interpreter.help_text = _("The record says that this person needs one: %(language)s.") % {
                "language": needs
            }
            self.initial.setdefault("interpreter_language", needs)

    def clean_interpreter_language(self) -> str:
        """Filled in beforehand from the record, it says nothing where there is no interpreter."""
        said = self.cleaned_data.get("interpreter") in {Screening.Interpreter.HELPED, Screening.Interpreter.ABSENT}
        language: str = self.cleaned_data["interpreter_language"]
        return language if said or language != self.initial.get("interpreter_language") else ""


class SubmitForm(ServiceForm):
    """The end of the questions. What nobody asked gets its reason here, for all of it at once."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    rest = forms.ChoiceField(label=_("Why were the rest not asked?"), required=False, widget=forms.Select)

    def __init__(self, asked: Questionnaire, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = [(code, words.not_asked(code)) for code in asked.not_asked_reasons]
        self.offer("rest", [("", _("No reason given")), *reasons])


class ConsentForm(ServiceForm):
    """The consent step of a definition, in its own words."""

    choice = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": _("Choose what the person says.")}
    )
    how = forms.ChoiceField(
        label=_("How does the person say so?"),
        choices=Consent.How.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the person says so.")},
    )

    def __init__(self, asked: Questionnaire, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["choice"].label = asked.consent.text
        self.offer("choice", [(option.code, option.label) for option in asked.consent.options])


class AskAgainForm(ServiceForm):
    """Beside "not now": the day to ask again. Left empty, it is half a year on."""

    ask_again_on = DayField(required=False, error_messages={"invalid": _("Enter a day, such as 27 3 2027.")})


class CorrectForm(ServiceForm):
    reason = forms.CharField(
        label=_("What was wrong, and how do you know?"),
        help_text=_("For example: I ticked “never online”. She says today that she goes online every day."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what was wrong, and how you know.")},
    )


class VoidForm(ServiceForm):
    reason = forms.CharField(
        label=_("Why was it recorded in error?"),
        help_text=_("For example: these are somebody else’s answers."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why the screening was recorded in error.")},
    )
