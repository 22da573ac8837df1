"""What the API of screenings takes in and gives out."""

import json
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api_base import StrictNumber, StrictSerializer, StrictText, StrictTruth
from screening import questionnaire
from screening.models import Need, Screening
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
        "text": "The answers hold characters that are no text: half of a surrogate pair.",
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.fail("invalid")
        try:  # JSON can spell what no answer of ours could then repeat
            json.dumps(data, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            self.fail("text")
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


class NewScreening(StrictSerializer):
    service_user = serializers.UUIDField()
    definition = DefinitionField(source="asked")
    answers = AnswersField()
    submit = StrictTruth(default=False)
    form = serializers.ChoiceField(Screening.Form.choices, default=Screening.Form.FULL)
    answered_by = serializers.ChoiceField(Screening.AnsweredBy.choices, default=Screening.AnsweredBy.PERSON)
    how = serializers.ChoiceField(Screening.How.choices, default=Screening.How.FACE_TO_FACE)
    on_paper_on = serializers.DateField(allow_null=True, default=None)


class MoreAnswers(StrictSerializer):
    answers = AnswersField()
    version = StrictNumber()


class Submission(StrictSerializer):
    version = StrictNumber(required=False, help_text="Refused with 409 if answers came after this version.")


class Voiding(StrictSerializer):
    reason = StrictText(max_length=1000)


class Decision(StrictSerializer):
    rule = StrictText(max_length=20)
    decision = serializers.ChoiceField([(d.value, d.label) for d in Need.Decision if d != Need.Decision.UNDECIDED])
    reason = StrictText(max_length=300, allow_blank=True, default="")


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
            "on_paper_on",
            "version",
            "started_at",
            "submitted_at",
            "scoring_version",
        ]
        read_only_fields = fields

    def get_definition(self, screening: Screening) -> str:
        return f"{screening.definition}@{screening.definition_version}"


class ScreeningOut(ScreeningLine):
    """`result` is null until the screening is submitted, or stopped because of distress now."""

    answers = serializers.SerializerMethodField()
    result = serializers.JSONField(read_only=True, allow_null=True)

    class Meta(ScreeningLine.Meta):
        fields = [*ScreeningLine.Meta.fields, "answers", "result"]
        read_only_fields = fields

    @extend_schema_field(AnswersField)
    def get_answers(self, screening: Screening) -> dict[str, Any]:
        return answers_of(screening.responses)


class NeedOut(serializers.ModelSerializer):
    """`open`: neither resolved nor carried on by a later screening. `because`: items whose answers raised it."""

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
            "resolved_at",
            "carried_to",
        ]
        read_only_fields = fields

    def get_title(self, need: Need) -> str:
        return definition_of(need.screening).need_title(need.code)

    def get_open(self, need: Need) -> bool:
        gone = need.resolved_at is not None or need.carried_to_id is not None
        return not gone and need.screening.status != Screening.Status.VOID
