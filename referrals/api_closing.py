"""The API of letting a person go: the question about safety, their own word later, and asking a provider again."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.api_base import StrictSerializer, StrictText, read
from accounts.errors import InvalidInput
from accounts.idempotency import idempotent
from accounts.wording import gettext_lazy as _
from referrals import actions
from referrals import api_input as given
from referrals.actions.persons_word import HEARD_BY, OUTCOMES, THEIR_WORD
from referrals.actions.safety import clinicians_of
from referrals.api_work import CREATED, WorkActions
from referrals.models import Outcome


class SafetyQuestion(StrictSerializer):
    clinician = serializers.UUIDField(help_text="Membership of a clinician in the team that referred.")


class PersonsWord(StrictSerializer):
    outcome = serializers.ChoiceField(list(OUTCOMES))
    whose_word = serializers.ChoiceField(list(THEIR_WORD))
    heard_by = serializers.ChoiceField(list(HEARD_BY))
    words = StrictText(default="", allow_blank=True)
    happened_at = serializers.DateTimeField(required=False)


class AskedAgain(StrictSerializer):
    words = StrictText(help_text="Why they are asked again before their day.")


class OutcomeOut(serializers.ModelSerializer):
    recorded_by = serializers.CharField(source="recorded_by.user.name")

    class Meta:
        model = Outcome
        fields = ["outcome", "whose_word", "heard_by", "words", "recorded_at", "recorded_by"]


class ClosingActions(WorkActions):
    @extend_schema(request=SafetyQuestion, responses={201: given.FollowUpOut})
    @action(detail=True, methods=["post"], url_path="safety-questions")
    @idempotent
    def ask_safety(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """A clinician of the referring team answers it as a follow-up; the step `could_not_reach` needs that."""
        referral, wanted = self._referral(), read(SafetyQuestion, request).validated_data["clinician"]
        clinician = next((one for one in clinicians_of(referral) if one.pk == wanted), None)
        if clinician is None:
            raise InvalidInput.in_fields({"clinician": _("Choose a clinician of the team that referred.")})
        asked = actions.ask_safety(referral=referral, clinician=clinician, by=request.membership, source="api")
        return Response(given.FollowUpOut(asked).data, status=CREATED)

    @extend_schema(request=PersonsWord, responses={201: OutcomeOut})
    @action(detail=True, methods=["post"], url_path="their-word")
    @idempotent
    def persons_word(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """What the person, or a carer, says of a referral that is closed; 409 before it is."""
        typed = read(PersonsWord, request).validated_data
        said = actions.record_persons_word(referral=self._referral(), by=request.membership, source="api", **typed)
        return Response(OutcomeOut(said).data, status=CREATED)

    @extend_schema(request=AskedAgain, responses={204: None})
    @action(detail=True, methods=["post"], url_path="ask-again")
    def lift_park(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Lets the provider that declined this be asked again before the day that its reason set."""
        typed = read(AskedAgain, request).validated_data
        actions.lift_park(referral=self._referral(), by=request.membership, source="api", **typed)
        return Response(status=status.HTTP_204_NO_CONTENT)
