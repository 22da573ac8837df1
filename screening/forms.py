"""The forms around the questions: how a sitting starts and ends, and what the person decided."""

from typing import Any

from django import forms

from accounts.widgets import DateInput, ServiceForm
from people.models import Consent
from screening import words
from screening.models import Screening
from screening.questionnaire import Questionnaire


class StartForm(ServiceForm):
    """Who answers, how we talk, and how much time there is."""

    answered_by = forms.ChoiceField(
        label="Who answers?",
        choices=Screening.AnsweredBy.choices,
        initial=Screening.AnsweredBy.PERSON,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who answers."},
    )
    on_paper_on = forms.DateField(
        label="Day that the paper form was filled in",
        help_text="Only for a paper form. For example, 27 3 2026.",
        required=False,
        input_formats=["%d %m %Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y"],
        widget=DateInput(),
        error_messages={"invalid": "Enter a day, such as 27 3 2026."},
    )
    how = forms.ChoiceField(
        label="How do you talk?",
        choices=Screening.How.choices,
        initial=Screening.How.FACE_TO_FACE,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you are talking."},
    )
    form = forms.ChoiceField(
        label="How much time is there?",
        choices=[
            (Screening.Form.FULL, "About seven minutes: all questions"),
            (Screening.Form.SHORT, "About three minutes: the short form"),
        ],
        initial=Screening.Form.FULL,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose all questions or the short form."},
    )


class SubmitForm(ServiceForm):
    """The end of the questions. What nobody asked gets its reason here, for all of it at once."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    rest = forms.ChoiceField(label="Why were the rest not asked?", required=False, widget=forms.Select)

    def __init__(self, asked: Questionnaire, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = [(code, words.not_asked(code)) for code in asked.not_asked_reasons]
        self.offer("rest", [("", "No reason given"), *reasons])


class ConsentForm(ServiceForm):
    """The consent step of a definition, in its own words."""

    choice = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": "Choose what the person says."}
    )
    how = forms.ChoiceField(
        label="How does the person say so?",
        choices=Consent.How.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how the person says so."},
    )

    def __init__(self, asked: Questionnaire, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["choice"].label = asked.consent.text
        self.offer("choice", [(option.code, option.label) for option in asked.consent.options])


class VoidForm(ServiceForm):
    reason = forms.CharField(
        label="Why was it recorded in error?",
        help_text="For example: these are somebody else’s answers.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why the screening was recorded in error."},
    )
