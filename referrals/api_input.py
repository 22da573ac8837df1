"""What the API takes in and gives out about referrals. Everything given out about a person depends on the side."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api_base import StrictNumber, StrictSerializer, StrictText, StrictTruth
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from people.actions import plan_of
from people.models import ServiceUser
from referrals.actions.making import CHANNELS, WISHED
from referrals.actions.persons_word import is_confirmed
from referrals.lifecycle import STATES, STEPS, Status
from referrals.models import Appointment, CaseNote, ContactAttempt, FollowUp, Loan, Referral, ReferralEvent
from referrals.page import shown
from referrals.sharing import is_over, is_shareable, title_of
from referrals.standing import Standing, standing
from referrals.support_steps import LOAN_STEPS
from referrals.timeline import events_shown, may_read
from referrals.wording import sees_person


class StrictList(serializers.ListField):
    default_error_messages = {"not_a_list": _("This must be a list.")}


class Wish(StrictSerializer):
    """What a referral says. What is left out is proposed from what is known, or stays unsaid."""

    goal = StrictText(required=False, allow_blank=True)
    asked_for = StrictText(required=False, allow_blank=True)
    preferred_channel = serializers.ChoiceField(sorted(CHANNELS), required=False)
    fallback_channel = serializers.ChoiceField(sorted(CHANNELS), required=False)
    adjustments = StrictList(
        child=StrictText(), required=False, help_text="Support codes; an empty list says that none are needed."
    )
    warm_handover = StrictTruth(required=False)
    urgent = StrictTruth(required=False)
    safeguarding = StrictTruth(required=False)

    def wish(self) -> dict[str, Any]:
        said = {name: self.validated_data[name] for name in WISHED if name in self.validated_data}
        return {**said, "adjustments": tuple(said["adjustments"])} if "adjustments" in said else said


class NewReferral(Wish):
    offer = serializers.UUIDField()
    needs = StrictList(child=serializers.UUIDField(), allow_empty=False)
    kind = StrictText(required=False, help_text="Support code; left out, the one that the first need calls for.")
    send = StrictTruth(default=False, help_text="Send at once; else it stays a draft.")


class RevisedDraft(Wish):
    version = StrictNumber(min_value=1)


class StepTaken(StrictSerializer):
    evidence = serializers.DictField(default=dict, help_text="What the step must bring: see docs/referrals.md.")
    version = StrictNumber(required=False, min_value=1, help_text="The version you saw: 409 if it has moved on.")
    happened_at = serializers.DateTimeField(required=False)
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field of that name, not Field.source
        [ReferralEvent.Source.API, ReferralEvent.Source.PHONED_IN, ReferralEvent.Source.LETTER],
        default=ReferralEvent.Source.API,
    )


class NewNote(StrictSerializer):
    text = StrictText()
    corrects = serializers.UUIDField(required=False)


class NewContact(StrictSerializer):
    channel = serializers.ChoiceField(ContactAttempt.Channel.choices)
    result = serializers.ChoiceField(ContactAttempt.Result.choices)
    happened_at = serializers.DateTimeField(required=False)
    words = StrictText(default="", allow_blank=True, max_length=300)
    told = StrictTruth(default=False, help_text="The person heard the latest news: nobody owes it any more.")


class NewAppointment(StrictSerializer):
    starts_at = serializers.DateTimeField()
    where = StrictText()
    minutes = StrictNumber(default=30)
    bring = StrictText(default="", allow_blank=True)


class AppointmentOutcome(StrictSerializer):
    outcome = StrictText(help_text="attended, late, did_not_attend, cancelled_by_person, cancelled_by_service.")
    reason = StrictText(default="", allow_blank=True)
    version = StrictNumber(required=False, min_value=1)


class NewTime(StrictSerializer):
    starts_at = serializers.DateTimeField()
    where = StrictText(default="", allow_blank=True)
    version = StrictNumber(required=False, min_value=1)


class NewLoan(StrictSerializer):
    item = serializers.ChoiceField(Loan.Item.choices)
    label = StrictText()  # type: ignore[assignment]  # a field of that name, not Field.label


class LoanMoved(StrictSerializer):
    action = serializers.ChoiceField([name for name, step in LOAN_STEPS.items() if not step.by_clock])
    signed_or_witnessed = StrictText(required=False)
    ends_on = serializers.DateField(required=False)
    version = StrictNumber(required=False, min_value=1)

    def evidence(self) -> dict[str, Any]:
        return {name: self.validated_data.get(name) for name in ("signed_or_witnessed", "ends_on")}


class NewPause(StrictSerializer):
    reason = serializers.ChoiceField(ServiceUser.PauseReason.choices)
    review_on = serializers.DateField()


class NewWait(StrictSerializer):
    expected_on = serializers.DateField()


class NewError(StrictSerializer):
    words = StrictText()
    wrong_person = StrictTruth(default=False)


class FollowUpDone(StrictSerializer):
    result = StrictText()
    words = StrictText(default="", allow_blank=True)
    review_on = serializers.DateField(required=False, help_text="With `stays_paused`: when somebody looks again.")


# --- Out --------------------------------------------------------------------------------------------------


class NoteOut(serializers.ModelSerializer):
    written_by = serializers.CharField(source="written_by.user.name")

    class Meta:
        model = CaseNote
        fields = ["id", "text", "corrects", "written_at", "written_by"]


class ContactOut(serializers.ModelSerializer):
    recorded_by = serializers.CharField(source="recorded_by.user.name")

    class Meta:
        model = ContactAttempt
        fields = ["id", "channel", "result", "reached", "happened_at", "words", "recorded_at", "recorded_by"]


class AppointmentOut(serializers.ModelSerializer):
    class Meta:
        model = Appointment
        fields = ["id", "starts_at", "minutes", "where", "bring", "status", "reason", "rearranged_from", "version"]


class LoanOut(serializers.ModelSerializer):
    class Meta:
        model = Loan
        fields = ["id", "item", "label", "status", "handed_over_on", "signed_or_witnessed", "ends_on", "ended_on",
                  "version"]  # fmt: skip


class FollowUpOut(serializers.ModelSerializer):
    class Meta:
        model = FollowUp
        fields = ["id", "kind", "what", "details", "referral", "due_on", "opened_at", "done_at", "result", "words"]


class EventOut(serializers.ModelSerializer):
    by = serializers.CharField(source="by.user.name", default="")

    class Meta:
        model = ReferralEvent
        fields = ["step", "from_status", "to_status", "by", "role", "side", "happened_at", "recorded_at",
                  "reason_code", "words", "evidence", "source"]  # fmt: skip


class NewOwner(StrictSerializer):
    to = serializers.UUIDField(allow_null=True, help_text="A membership; null: the team, with nobody named.")
    version = StrictNumber(required=False)


class NeedShown(serializers.Serializer):
    id = serializers.UUIDField()
    title = serializers.CharField(help_text="Empty for a provider where a sensitive answer raised the need.")


class ReferralLine(serializers.ModelSerializer):
    """One referral in a list. Needs `context["membership"]`."""

    provider = serializers.CharField(source="provider.name")
    offer_name = serializers.CharField(source="offer.name")
    service_user = serializers.SerializerMethodField(help_text="Null for a provider, who knows `name`.")
    name = serializers.SerializerMethodField()
    available_actions = serializers.SerializerMethodField()

    class Meta:
        model = Referral
        fields = ["id", "status", "version", "action_with", "due_on", "clock", "urgent", "kind", "offer",
                  "offer_name", "provider", "service_user", "name", "available_actions", "created_at", "sent_at",
                  "ended_at"]  # fmt: skip

    @property
    def membership(self) -> Membership:
        return self.context["membership"]

    def _standing(self, referral: Referral) -> Standing:
        return standing(referral, self.membership)

    def _own(self, referral: Referral) -> bool:
        return sees_person(self.membership, self._standing(referral))

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_service_user(self, referral: Referral) -> str | None:
        return str(referral.service_user_id) if self._own(referral) else None

    def get_name(self, referral: Referral) -> str:
        return referral.service_user.name if self._own(referral) else referral.shared.get("name", "")

    def get_available_actions(self, referral: Referral) -> list[str]:
        return self._standing(referral).may_do(referral.status)


class ReferralOut(ReferralLine):
    """One referral whole. Once nothing may be shared any more a provider is told the name, and no more."""

    meaning = serializers.SerializerMethodField()
    shared = serializers.SerializerMethodField(help_text="What the provider is told, by today’s contact plan.")
    needs = serializers.SerializerMethodField()
    goal = serializers.SerializerMethodField()
    asked_for = serializers.SerializerMethodField()
    adjustments = serializers.SerializerMethodField()
    named_worker = serializers.CharField(source="named_worker.user.name", default="")
    rerouted_to = serializers.SerializerMethodField()
    confirmed = serializers.SerializerMethodField(
        help_text="Has the person, or a carer for them, said what came of it? Null while it is not closed."
    )
    events = serializers.SerializerMethodField()

    class Meta(ReferralLine.Meta):
        fields = [*ReferralLine.Meta.fields, "meaning", "shared", "needs", "goal", "asked_for", "adjustments",
                  "preferred_channel", "fallback_channel", "warm_handover", "named_worker", "expected_on",
                  "clock_left", "previous", "rerouted_to", "acknowledged_at", "accepted_at", "first_contact_at",
                  "started_at", "delivered_at", "confirmed", "events"]  # fmt: skip

    def _hidden(self, referral: Referral) -> bool:
        return self._standing(referral).is_provider_only and is_over(referral)

    def get_meaning(self, referral: Referral) -> str:
        return STATES[Status(referral.status)].meaning

    @extend_schema_field(serializers.DictField())
    def get_shared(self, referral: Referral) -> dict[str, Any]:
        if self._own(referral):
            return referral.shared
        return shown(referral, plan_of(referral.service_user), self._standing(referral))

    @extend_schema_field(NeedShown(many=True))
    def get_needs(self, referral: Referral) -> list[dict[str, str]]:
        own = self._own(referral)
        return [
            {"id": str(need.pk), "title": title_of(need) if own or is_shareable(need) else ""}
            for need in referral.needs.select_related("screening")
        ]

    def get_goal(self, referral: Referral) -> str:
        return "" if self._hidden(referral) else referral.goal

    def get_asked_for(self, referral: Referral) -> str:
        return "" if self._hidden(referral) else referral.asked_for

    @extend_schema_field(serializers.ListField(child=serializers.CharField(), allow_null=True))
    def get_adjustments(self, referral: Referral) -> list[str] | None:
        return None if self._hidden(referral) else referral.adjustments

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_rerouted_to(self, referral: Referral) -> str | None:
        later = Referral.objects.visible_to(self.membership).filter(previous=referral)
        pk = later.values_list("pk", flat=True).first()
        return str(pk) if pk else None

    def get_confirmed(self, referral: Referral) -> bool | None:
        return is_confirmed(referral)

    @extend_schema_field(EventOut(many=True))
    def get_events(self, referral: Referral) -> Any:
        events = events_shown(referral, for_provider=self._standing(referral).is_provider_only)
        reader = self.membership.organisation_id if self._hidden(referral) else None
        return [EventOut(event).data | ({} if may_read(event, reader) else UNSAID) for event in events]


UNSAID: dict[str, Any] = {"words": "", "evidence": {}}
STEP_NAMES = [name for name, step in STEPS.items() if step.sources]
