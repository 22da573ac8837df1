"""What the API takes and gives about people. Types are checked here; rules and their words are the pages’ own."""

from typing import Any

from rest_framework import serializers

from accounts.api_base import StrictNumber, StrictSerializer, StrictText, StrictTruth
from accounts.models import Organisation
from accounts.wording import gettext_lazy as _
from people.contact_plan import CHANNELS, Plan, describe
from people.facts import READERS
from people.groups import CHOICES, QUINTILES
from people.models import Consent, ContactPlan, FairnessAnswers, ServiceUser


class PersonOut(serializers.ModelSerializer):
    team_name = serializers.CharField(source="team.name", read_only=True)

    class Meta:
        model = ServiceUser
        fields = [
            "id",
            "version",
            *READERS,
            "team",
            "team_name",
            "on_caseload_since",
            "left_caseload_on",
            "paused_at",
            "pause_reason",
            "pause_review_on",
        ]
        read_only_fields = fields


def _fact(**kwargs: Any) -> StrictText:
    return StrictText(required=False, allow_blank=True, **kwargs)


class Facts(StrictSerializer):
    """All as somebody would type them; what is left out is not known, or not changed."""

    name = _fact()
    preferred_name = _fact()
    pronouns = _fact()
    date_of_birth = _fact(allow_null=True, help_text="A day, best as 1961-04-03.")
    nhs_number = _fact(help_text="10 digits, with or without spaces.")
    local_number = _fact()
    phone = _fact()
    email = _fact()
    address = _fact()
    postcode = _fact()
    no_fixed_address = StrictTruth(required=False)
    care_of = _fact()
    interpreter_language = _fact()
    communication_needs = _fact()


class NewPerson(Facts):
    not_the_same_as = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=50,
        help_text="Ids from a 409 `looks_like_somebody`, once somebody has looked and it is another person.",
    )


class ChangedPerson(Facts):
    version = StrictNumber(help_text="The `version` that the change was made from.")


class Search(StrictSerializer):
    text = StrictText(max_length=200)


class FoundOut(serializers.Serializer):
    people = PersonOut(many=True)
    alike = PersonOut(many=True, help_text="Others with a name like it, where few are called exactly that.")
    found_by = serializers.CharField(source="kind")
    more = serializers.BooleanField()
    hint = serializers.CharField()


class FairnessOut(serializers.ModelSerializer):
    class Meta:
        model = FairnessAnswers
        fields = ["version", *CHOICES, "deprivation_quintile", "recorded_at"]
        read_only_fields = fields


def _answer(name: str, help_text: str) -> serializers.ChoiceField:
    """Empty text takes an answer back to not recorded."""
    choices = list(CHOICES[name].items())
    return serializers.ChoiceField(choices=choices, allow_blank=True, required=False, help_text=help_text)


class NewFairness(StrictSerializer):
    version = StrictNumber(help_text="The `version` that the change was made from, 0 where nothing is recorded.")
    gender = _answer("gender", "In the person’s own view.")
    gender_since_birth = _answer("gender_since_birth", "Whether it is as registered at birth.")
    ethnic_group = _answer("ethnic_group", "NHS ethnic category, 16 + 1: a letter, Z for “prefers not to say”.")
    main_language = _answer("main_language", "An interpreter is a fact about the person, and not asked here.")
    disability = _answer(
        "disability", "Besides their mental health. Communication needs are a fact by themselves."
    )
    diagnosis_group = _answer("diagnosis_group", "The broad group, as the team knows it.")
    living_situation = _answer("living_situation", "By the codes of the screening’s question OC1.")
    deprivation_quintile = StrictNumber(
        min_value=QUINTILES[0],
        max_value=QUINTILES[-1],
        required=False,
        allow_null=True,
        help_text="Of the neighbourhood: 1 for the most deprived fifth. A change of postcode empties it.",
    )


class PlanOut(serializers.ModelSerializer):
    words = serializers.SerializerMethodField(help_text="The plan in sentences, for a worker to act on.")

    class Meta:
        model = ContactPlan
        fields = [
            "number",
            "answered",
            "allowed",
            "automatic",
            "voicemail",
            "hours_from",
            "hours_to",
            "weekdays",
            "preferred",
            "fallback",
            "may_name_service",
            "via_person",
            "source",
            "made_at",
            "words",
        ]
        read_only_fields = fields

    def get_words(self, row: ContactPlan) -> list[str]:
        return describe(row.plan)


class NewPlan(StrictSerializer):
    """A whole plan: what is left out is a no."""

    seen = StrictNumber(help_text="The `number` of the plan that this one changes, 0 where there is none.")
    allowed = serializers.MultipleChoiceField(choices=sorted(CHANNELS))
    automatic = StrictTruth(default=False)
    voicemail = StrictTruth(default=False)
    hours_from = serializers.TimeField(required=False, allow_null=True, default=None)
    hours_to = serializers.TimeField(required=False, allow_null=True, default=None)
    weekdays = serializers.ListField(
        child=StrictNumber(max_value=6), required=False, allow_null=True, default=None, max_length=7
    )
    preferred = serializers.ChoiceField(choices=sorted(CHANNELS), allow_blank=True, default="")
    fallback = serializers.ChoiceField(choices=sorted(CHANNELS), allow_blank=True, default="")
    may_name_service = StrictTruth(default=False)
    via_person = StrictText(allow_blank=True, default="")
    reason = StrictText(allow_blank=True, default="", help_text="Needed where the plan allows more than before.")

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if (given["hours_from"] is None) != (given["hours_to"] is None):
            raise serializers.ValidationError({"hours_to": _("Enter both times, or neither.")})
        return given

    def plan(self, old: Plan) -> Plan:
        given = self.validated_data
        return Plan(
            allowed=frozenset(given["allowed"]),
            automatic=given["automatic"],
            reason=None if given["automatic"] else old.reason or "staff",
            answered=old.answered or bool(given["allowed"]),
            voicemail=given["voicemail"],
            hours=(given["hours_from"], given["hours_to"]) if given["hours_from"] else None,
            weekdays=None if given["weekdays"] is None else frozenset(given["weekdays"]),
            may_name_service=given["may_name_service"],
            preferred=given["preferred"],
            fallback=given["fallback"],
            via_person=given["via_person"],
        )


class ConsentOut(serializers.ModelSerializer):
    class Meta:
        model = Consent
        fields = [
            "id",
            "choice",
            "provider",
            "how",
            "wording",
            "given_at",
            "expires_on",
            "withdrawn_at",
            "withdrawn_how",
        ]
        read_only_fields = fields


class NewConsent(StrictSerializer):
    choice = serializers.ChoiceField(choices=Consent.Choice.choices)
    how = serializers.ChoiceField(choices=Consent.How.choices)
    wording = StrictText(max_length=60, help_text="Names the words that were put to the person.")
    provider = serializers.PrimaryKeyRelatedField(
        queryset=Organisation.objects.all(),
        required=False,
        allow_null=True,
        help_text="Left out: any provider.",
    )
    expires_on = serializers.DateField(required=False, allow_null=True)
