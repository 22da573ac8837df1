"""The call list for other systems: whom to ring, and a try written down."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from accounts import audit
from accounts.api_base import ScopedViewSet, StrictSerializer, StrictText, read
from accounts.errors import InvalidInput
from accounts.idempotency import idempotent
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from referrals.calls import listing, seen
from referrals.calls.recording import record
from referrals.models import CallAttempt

SEE = Permission.SEE_REFERRALS
FILTERS = [
    OpenApiParameter("who", OpenApiTypes.STR, enum=["team", "mine"]),
    OpenApiParameter("when", OpenApiTypes.STR, enum=["all", "now"], description=_("now: may be rung now.")),
    OpenApiParameter("after", OpenApiTypes.STR, description=_("As `next` of the page before.")),
]


class TopicOut(serializers.Serializer):
    key = serializers.CharField(help_text=_("To name it in `told`."))
    what = serializers.CharField()
    due_on = serializers.DateField()
    referral = serializers.UUIDField(source="referral.pk", default=None, allow_null=True)


class CallLineOut(serializers.Serializer):
    service_user = serializers.UUIDField(source="person.pk")
    name = serializers.CharField(source="known.name", help_text=_("As far as the caller may know it."))
    topics = TopicOut(many=True)
    may_ring_now = serializers.BooleanField(source="known.verdict.ok")
    why_not = serializers.CharField(
        source="known.verdict.reason", help_text=_("A code; empty where one may ring.")
    )
    slot = serializers.CharField(help_text=_("In words: now, from when, or why never."))
    phone = serializers.CharField(source="known.number", help_text=_("Only while they may be rung."))
    try_number = serializers.IntegerField(source="number", help_text=_("Of three."))
    next_on = serializers.DateField(allow_null=True)
    hint = serializers.CharField()


class CallListOut(serializers.Serializer):
    results = CallLineOut(many=True)
    next = serializers.CharField(help_text=_("Mark of the next page; empty on the last."))


class NewCall(StrictSerializer):
    service_user = serializers.UUIDField()
    how = serializers.ChoiceField(CallAttempt.How.choices)
    result = serializers.ChoiceField(CallAttempt.Result.choices)
    told = serializers.ListField(child=StrictText(max_length=60), default=list, max_length=50)
    stop = serializers.ListField(child=serializers.UUIDField(), default=list, max_length=50)
    happened_at = serializers.DateTimeField(required=False)
    words = StrictText(default="", allow_blank=True, max_length=300)
    why_then = StrictText(default="", allow_blank=True, max_length=300)


class CallOut(serializers.ModelSerializer):
    class Meta:
        model = CallAttempt
        fields = [
            "id",
            "service_user",
            "how",
            "result",
            "happened_at",
            "words",
            "why_then",
            "next_on",
            "next_part",
        ]


class CallViewSet(ScopedViewSet):
    queryset = CallAttempt.objects.all()
    serializer_class = CallOut
    pagination_class = None
    permissions = {"list": SEE, "create": SEE}

    @extend_schema(responses=CallListOut, parameters=FILTERS)
    def list(self, request: Any) -> Response:
        """One line a person, the longest due first."""
        if unknown := set(request.query_params) - {"who", "when", "after"}:
            raise InvalidInput.in_fields(dict.fromkeys(sorted(unknown), _("There is no such filter.")))
        filters = listing.Filters.read(request.query_params)
        lines, after = listing.page(request.membership, filters)
        audit.record("view_call_list", by=request.membership, who=filters.who, when=filters.when, shown=len(lines))
        return Response(CallListOut({"results": lines, "next": after}).data)

    @extend_schema(request=NewCall, responses={201: CallOut})
    @idempotent
    def create(self, request: Any) -> Response:
        """A call or a meeting. What is named in `told` is settled where the person was reached; after three calls
        that reached nobody a follow-up asks somebody to choose another way. 400 with `why_then` where the contact
        plan did not allow it and no reason was given."""
        typed = dict(read(NewCall, request).validated_data)
        line = seen.line_of(request.membership, UUID(str(typed.pop("service_user"))))
        if line is None:
            raise Http404
        attempt = record(service_user=line.person, by=request.membership, **typed)
        return Response(CallOut(attempt).data, status=status.HTTP_201_CREATED)


def register(router: SimpleRouter) -> None:
    router.register("calls", CallViewSet, basename="call")
