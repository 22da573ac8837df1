"""How we work, for other systems: clocks and reasons of the caller's own organisation, read and changed."""

from dataclasses import replace
from typing import Any

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from accounts.api_base import ScopedViewSet, StrictNumber, StrictSerializer, StrictText, StrictTruth, read
from accounts.errors import InvalidInput
from accounts.idempotency import idempotent
from accounts.models import Membership
from accounts.permissions import Permission
from referrals.coded import reasons_of
from referrals.how_we_work import clocks, reasons
from referrals.how_we_work.api_messages import MessageWordsViewSet
from referrals.how_we_work.reasons import Wanted
from referrals.models import ReasonCode, SettingChange
from referrals.reasons import NextAction

SET_UP = Permission.SET_UP_ORGANISATION
CLOCK = OpenApiParameter("clock", OpenApiTypes.STR, "path", enum=[one.value for one in clocks.CLOCKS])
VERSION_HINT = "The version you saw: 409 if it has been changed since."


class ClockOut(serializers.Serializer):
    """`days`: working days as the organisation has it; `usual`: where nobody changed it."""

    clock = serializers.CharField()
    title = serializers.CharField()
    does = serializers.CharField()
    least = serializers.IntegerField()
    most = serializers.IntegerField()
    usual = serializers.IntegerField()
    days = serializers.IntegerField()


class ClocksOut(serializers.Serializer):
    version = serializers.IntegerField()
    clocks = ClockOut(many=True)


class ClockIn(StrictSerializer):
    days = StrictNumber()
    version = StrictNumber(help_text=VERSION_HINT)


class ClockViewSet(ScopedViewSet):
    """The clocks of the caller's own organisation. One version for all of them."""

    queryset = SettingChange.objects.all()
    lookup_field = "clock"
    lookup_value_regex = "[a-z_]+"
    pagination_class = None
    permissions = {"list": SET_UP, "partial_update": SET_UP}

    def _all(self, by: Membership) -> Response:
        by.organisation.refresh_from_db()
        rows = {"version": clocks.version_of(by.organisation), "clocks": clocks.days_of(by.organisation)}
        return Response(ClocksOut(rows).data)

    @extend_schema(responses=ClocksOut)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._all(request.membership)

    @extend_schema(
        request=ClockIn,
        responses=ClocksOut,
        parameters=[CLOCK],
    )
    def partial_update(self, request: Request, clock: str) -> Response:
        """For clocks that start from now on. 400 out of bounds, 409 where one was changed after `version`."""
        if clock not in clocks.CLOCKS:
            raise Http404
        typed = read(ClockIn, request).validated_data
        try:
            clocks.set_days(by=request.membership, days={clock: typed["days"]}, seen=typed["version"])
        except InvalidInput as refusal:  # here the field is called days, whichever clock it is
            raise InvalidInput(refusal.message, fields={"days": refusal.fields[clock]}) from None
        return self._all(request.membership)


class ReasonOut(serializers.Serializer):
    id = serializers.SerializerMethodField(help_text="Step and code, like decline.full.")
    step = serializers.SerializerMethodField()
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name, not Field.label
    needs_words = serializers.BooleanField()
    ask = serializers.CharField()
    next_action = serializers.ChoiceField([one.value for one in NextAction], allow_null=True)
    park_days = serializers.IntegerField()
    silent = serializers.BooleanField()
    hidden = serializers.BooleanField()
    usual = serializers.SerializerMethodField(help_text="One of those that every organisation begins with.")
    version = serializers.SerializerMethodField()

    def get_id(self, reason: Any) -> str:
        return f"{self.context['step']}.{reason.code}"

    def get_step(self, reason: Any) -> str:
        return str(self.context["step"])

    def get_usual(self, reason: Any) -> bool:
        return reason.code in reasons.usual(self.context["step"])

    def get_version(self, reason: Any) -> int:
        return int(self.context["versions"].get((self.context["step"], reason.code), 0))


class ReasonSaid(StrictSerializer):
    needs_words = StrictTruth(required=False)
    ask = StrictText(required=False, allow_blank=True)
    next_action = serializers.ChoiceField([one.value for one in NextAction], required=False)
    park_days = StrictNumber(required=False, allow_null=True)


class ReasonChanged(ReasonSaid):
    """What is left out stays as it is."""

    label = StrictText(required=False)  # type: ignore[assignment]  # a field of that name, not Field.label
    hidden = StrictTruth(required=False)
    version = StrictNumber(help_text=VERSION_HINT)


class NewReason(ReasonSaid):
    step = serializers.ChoiceField(ReasonCode.Step.choices)
    label = StrictText()  # type: ignore[assignment]  # a field of that name, not Field.label


class ReasonViewSet(ScopedViewSet):
    """Reasons of the caller's own organisation: the usual ones, changed ones, its own, and retired ones."""

    queryset = ReasonCode.objects.all()
    lookup_value_regex = r"[a-z]+\.[a-z0-9_]+"
    pagination_class = None
    permissions = {"list": SET_UP, "create": SET_UP, "partial_update": SET_UP}

    def _out(self, step: str, *codes: str) -> Any:
        organisation = self.request.membership.organisation
        listed = reasons_of(organisation, step)
        rows = [listed[code] for code in codes] if codes else list(listed.values())
        context = {"step": step, "versions": reasons.versions_of(organisation)}
        return ReasonOut(rows, many=True, context=context).data

    @extend_schema(responses=ReasonOut(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response([row for step in ReasonCode.Step.values for row in self._out(step)])

    @extend_schema(request=NewReason, responses={201: ReasonOut})
    @idempotent
    def create(self, request: Request) -> Response:
        """400 with a sentence a field: say, a decline without a next action, or a label that is there already."""
        typed = dict(read(NewReason, request).validated_data)
        step = typed.pop("step")
        code = reasons.add(by=request.membership, step=step, wanted=Wanted(**typed))
        return Response(self._out(step, code)[0], status=status.HTTP_201_CREATED)

    @extend_schema(
        request=ReasonChanged,
        responses=ReasonOut,
        parameters=[OpenApiParameter("id", OpenApiTypes.STR, "path", description="Step and code: decline.full")],
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Changes, retires (`hidden`) or brings back one reason. 409 where it was changed after `version`."""
        step, _dot, code = pk.partition(".")
        if step not in ReasonCode.Step.values or code not in (
            listed := reasons_of(request.membership.organisation, step)
        ):
            raise Http404
        typed = dict(read(ReasonChanged, request).validated_data)
        seen = typed.pop("version")
        wanted = replace(reasons.wanted_from(listed[code]), **typed)
        reasons.change(by=request.membership, step=step, code=code, wanted=wanted, seen=seen)
        return Response(self._out(step, code)[0])


def register(router: SimpleRouter) -> None:
    router.register("clocks", ClockViewSet, basename="clock")
    router.register("reasons", ReasonViewSet, basename="reason")
    router.register("message-words", MessageWordsViewSet, basename="message-words")
