"""Two records of one person, for other systems: said to be one, and to be two after all. The pages' own rules."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from accounts import audit
from accounts.api_base import ScopedViewSet, StrictNumber, StrictSerializer, StrictText, read
from accounts.idempotency import idempotent
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from inclusion.merging import actions
from people.access import person_for
from people.merging import why_not_undone
from people.models import Merge
from people.same_person import BOTH, GROUPS, KEPT, OTHER


class NewMerge(StrictSerializer):
    kept = serializers.UUIDField(help_text="The service user whose record stays.")
    kept_version = StrictNumber(help_text="The `version` of that record that was looked at.")
    other = serializers.UUIDField(help_text="The record of the same person that does not stay.")
    other_version = StrictNumber()
    facts = serializers.DictField(
        child=serializers.ChoiceField(choices=[KEPT, OTHER, BOTH]),
        required=False,
        default=dict,
        help_text=f"For facts on which they differ, which is right. By {', '.join(GROUPS)}. `both` only for "
        "communication_needs. Left out: the kept record's, or the other's where only that says something.",
    )
    reason = StrictText(max_length=1000, help_text="How it is known that they are one person.")

    def validate_facts(self, facts: dict[str, str]) -> dict[str, str]:
        if unknown := sorted(set(facts) - GROUPS.keys()):
            raise serializers.ValidationError(dict.fromkeys(unknown, _("There is no such group of facts.")))
        return facts


class Undo(StrictSerializer):
    reason = StrictText(max_length=1000, help_text="How it is known that they are two people.")


class MergeOut(serializers.ModelSerializer):
    undo_until = serializers.DateTimeField(read_only=True)
    cannot_be_undone = serializers.SerializerMethodField(help_text="Why not, as a sentence; empty where it can.")

    class Meta:
        model = Merge
        fields = [
            "id",
            "kept",
            "other",
            "reason",
            "made_at",
            "undo_until",
            "cannot_be_undone",
            "undone_at",
            "undo_reason",
        ]
        read_only_fields = fields

    def get_cannot_be_undone(self, row: Merge) -> str:
        return _("This was undone already.") if row.undone_at else why_not_undone(row)


class MergeViewSet(ListModelMixin, ScopedViewSet):
    queryset = Merge.objects.select_related("kept", "other")
    serializer_class = MergeOut
    permissions = {
        "list": Permission.SEE_SERVICE_USERS,
        "retrieve": Permission.SEE_SERVICE_USERS,
        "create": Permission.EDIT_SERVICE_USERS,
        "undo": Permission.EDIT_SERVICE_USERS,
    }

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Which records are one person's. A record that was not kept is in no other list."""
        response = super().list(request, *args, **kwargs)
        audit.record("list_merges", by=request.membership, shown=len(response.data["results"]))
        return response

    @extend_schema(responses=MergeOut)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = cast(Merge, self.get_object())
        audit.record("view_merge", by=request.membership, subject=row.kept, merge=str(row.pk))
        return Response(MergeOut(row).data)

    @extend_schema(request=NewMerge, responses={201: MergeOut})
    @idempotent
    def create(self, request: Request) -> Response:
        """409 `not_finished` says what a person must decide first; 409 too where a record changed meanwhile."""
        given = read(NewMerge, request).validated_data
        kept, other = (person_for(request.membership, given[name]) for name in ("kept", "other"))
        row = actions.merge(
            kept=kept,
            other=other,
            seen={kept.pk: given["kept_version"], other.pk: given["other_version"]},
            choices=given["facts"],
            reason=given["reason"],
            by=request.membership,
        )
        return Response(MergeOut(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=Undo, responses=MergeOut)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """409 after 30 days, or where another record was joined since."""
        row = cast(Merge, self.get_object())
        actions.undo(row=row, reason=read(Undo, request).validated_data["reason"], by=request.membership)
        row.refresh_from_db()
        return Response(MergeOut(row).data)


def register(router: SimpleRouter) -> None:
    router.register("merges", MergeViewSet, basename="merge")
