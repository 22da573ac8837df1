"""What the API of screenings takes in and gives out."""

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api_base import StrictNumber, StrictSerializer, StrictText, StrictTruth
from screening import questionnaire
from screening.models import Need, RuleChoice, Screening
from screening.questionnaire import Questionnaire
from screening.responses import answers_of
from screening.sitting import definition_of

EXAMPLE = {"CT1": ["text", "letter"], "CT2": "fine", "AC1": "never", "MH3": {"state": "prefer_not"}}


@extend_schema_field(
    {
        "type": "object",
        "description": "Item code → a code (one answer), a list of codes (several), a map of row to code (grid), "
        'or {"state": "prefer_not" | "dont_know" | "not_asked", "reason": …}. An item left out was not asked.',
        "additionalProperties": True,
        "example": EXAMPLE,
    }
)
class AnswersField(serializers.Field):
    """Any object; which answers it may hold is the definition's business."""

    default_error_messages = {
        "invalid": "The answers must be an object that maps each item's code to its answer.",
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.fail("invalid")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field(OpenApiTypes.STR)
class DefinitionField(serializers.Field):
    """`getting-online` for the newest version, `getting-online@1.0.0` for that one."""

    default_error_messages = {"unknown": "There is no questionnaire of this name, or no such version of it."}

    def to_internal_value(self, data: Any) -> Questionnaire:
        name, at, version = data.partition("@") if isinstance(data, str) else ("", "", "")
        try:
            return questionnaire.get(name, version) if at else questionnaire.latest(name)
        except questionnaire.UnknownDefinition:
            self.fail("unknown")

    def to_representation(self, value: Any) -> Any:
        return value


GOAL_HELP = "The person's goal in their own words. Kept apart from the answers, and never logged."


class NewScreening(StrictSerializer):
    service_user = serializers.UUIDField()
    definition = DefinitionField(source="asked")
    answers = AnswersField()
    submit = StrictTruth(default=False)
    form = serializers.ChoiceField(Screening.Form.choices, default=Screening.Form.FULL)
    answered_by = serializers.ChoiceField(Screening.AnsweredBy.choices, default=Screening.AnsweredBy.PERSON)
    how = serializers.ChoiceField(Screening.How.choices, default=Screening.How.FACE_TO_FACE)
    helped_by = StrictText(max_length=200, allow_blank=True, default="", help_text="Needed with `with_help`.")
    interpreter = serializers.ChoiceField(
        Screening.Interpreter.choices, allow_blank=True, default="", help_text="Empty where nobody recorded it."
    )
    interpreter_language = StrictText(
        max_length=60, allow_blank=True, default="", help_text="Needed with `helped`."
    )
    on_paper_on = serializers.DateField(allow_null=True, default=None)
    goal_in_words = StrictText(max_length=300, allow_blank=True, default="", help_text=GOAL_HELP)


class MoreAnswers(StrictSerializer):
    answers = AnswersField()
    version = StrictNumber()
    goal_in_words = StrictText(max_length=300, allow_blank=True, required=False, help_text=GOAL_HELP)


class Submission(StrictSerializer):
    version = StrictNumber(required=False, help_text="Refused with 409 if answers came after this version.")


class Correction(StrictSerializer):
    reason = StrictText(max_length=300)


class Voiding(StrictSerializer):
    reason = StrictText(max_length=1000)


class Decision(StrictSerializer):
    rule = StrictText(max_length=20)
    decision = serializers.ChoiceField([(d.value, d.label) for d in Need.Decision if d != Need.Decision.UNDECIDED])
    reason = StrictText(max_length=300, allow_blank=True, default="")
    ask_again_on = serializers.DateField(
        allow_null=True,
        default=None,
        help_text="With `not_now`: the day to ask again. Left out: in half a year.",
    )


class RuleChosen(StrictSerializer):
    rule = StrictText(max_length=20, help_text="The rule that leaves the choice.")
    chosen = StrictText(max_length=20, help_text="That rule, or the other one.")


class RuleChoiceOut(serializers.ModelSerializer):
    class Meta:
        model = RuleChoice
        fields = ["rule", "chosen", "at"]
        read_only_fields = fields


class ScreeningLine(serializers.ModelSerializer):
    """A screening without its answers and result."""

    definition = serializers.SerializerMethodField()

    class Meta:
        model = Screening
        fields = [
            "id",
            "service_user",
            "definition",
            "status",
            "form",
            "answered_by",
            "how",
            "helped_by",
            "interpreter",
            "interpreter_language",
            "on_paper_on",
            "version",
            "started_at",
            "submitted_at",
            "scoring_version",
            "corrects",
            "correction_reason",
            "corrected_at",
        ]
        read_only_fields = fields

    def get_definition(self, screening: Screening) -> str:
        return f"{screening.definition}@{screening.definition_version}"


class ScreeningOut(ScreeningLine):
    """`result` is null until the screening is submitted, or stopped because of distress now. `choices`: what was
    chosen where a suggestion leaves it to the clinician, the newest last. `corrected_by`: what took its place."""

    answers = serializers.SerializerMethodField()
    choices = RuleChoiceOut(many=True, read_only=True)
    corrected_by = serializers.SerializerMethodField()
    result = serializers.JSONField(read_only=True, allow_null=True)

    class Meta(ScreeningLine.Meta):
        fields = [*ScreeningLine.Meta.fields, "corrected_by", "answers", "goal_in_words", "result", "choices"]
        read_only_fields = fields

    def get_corrected_by(self, screening: Screening) -> UUID | None:
        correction = screening.correction if screening.status == Screening.Status.SUPERSEDED else None
        return correction.pk if correction else None

    @extend_schema_field(AnswersField)
    def get_answers(self, screening: Screening) -> dict[str, Any]:
        return answers_of(screening.responses)


class NeedOut(serializers.ModelSerializer):
    """`open`: neither resolved nor carried on by a later screening, and of one that counts. `because`: items whose
    answers raised it. `raised_in_error`: closed by a correction, which is no help that worked."""

    title = serializers.SerializerMethodField()
    open = serializers.SerializerMethodField()

    class Meta:
        model = Need
        fields = [
            "id",
            "screening",
            "service_user",
            "code",
            "title",
            "because",
            "decision",
            "decision_reason",
            "decided_at",
            "open",
            "ask_again_on",
            "resolved_at",
            "raised_in_error",
            "carried_to",
        ]
        read_only_fields = fields

    def get_title(self, need: Need) -> str:
        return definition_of(need.screening).need_title(need.code)

    def get_open(self, need: Need) -> bool:
        return need.is_open
