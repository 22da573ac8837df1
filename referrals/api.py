"""Referrals for other systems: make one, take a step, and write down what is done with the person."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from accounts import audit, clock
from accounts.access import fetch
from accounts.api_base import ScopedViewSet, read
from accounts.errors import InvalidInput
from accounts.idempotency import idempotent
from accounts.models import Membership
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from directory.models import SupportOffer
from referrals import actions
from referrals import api_input as given
from referrals.actions.stepping import RELATED
from referrals.api_closing import ClosingActions
from referrals.api_offers import OfferEndViewSet
from referrals.api_plans import PlanViewSet
from referrals.api_work import WORK
from referrals.how_we_work.api import register as register_how_we_work
from referrals.lifecycle import STEPS
from referrals.looking_up import look_up
from referrals.models import FollowUp, Referral
from referrals.prefill import kind_for
from referrals.sieves import COORDINATOR, EVERYBODY, sieves
from referrals.webhooks.api import WebhookEndpointViewSet
from screening.models import Need

SEE = Permission.SEE_REFERRALS
A_STEP = OpenApiParameter("step", OpenApiTypes.STR, "path", enum=given.STEP_NAMES)


class ReferralFilter(filters.FilterSet):
    status = filters.MultipleChoiceFilter(choices=Referral._meta.get_field("status").choices)
    due_before = filters.DateFilter("due_on", lookup_expr="lt")
    service_user = filters.UUIDFilter("service_user_id")
    action_with = filters.ChoiceFilter(choices=Referral.ActionWith.choices)
    on_list = filters.ChoiceFilter(
        choices=[(name, name) for name in EVERYBODY + COORDINATOR],
        method="of_list",
        label=_("A list of the worklist. Those of a coordinator hold nothing for anybody else."),
    )

    def of_list(self, rows: QuerySet[Referral], _name: str, value: str) -> QuerySet[Referral]:
        sieve = sieves(self.request.membership, clock.today()).get(value)
        return rows.none() if sieve is None else rows.filter(sieve)


class ReferralViewSet(ListModelMixin, ClosingActions):
    """Which steps somebody may take is the table's business: a role that may not is answered 403 by the step."""

    queryset = Referral.objects.counted().select_related(*RELATED)
    serializer_class = given.ReferralLine
    filterset_class = ReferralFilter
    permissions = dict.fromkeys(
        ("list", "retrieve", "create", "partial_update", "take_step", "propose_error", "assign", *WORK), SEE
    )

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "membership": getattr(self.request, "membership", None)}

    def _out(self, referral: Referral, code: int = status.HTTP_200_OK) -> Response:
        fresh = Referral.objects.select_related(*RELATED).get(pk=referral.pk)
        return Response(given.ReferralOut(fresh, context=self.get_serializer_context()).data, status=code)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response = super().list(request, *args, **kwargs)
        audit.record("see_worklist", by=request.membership, shown=len(response.data["results"]))
        return response

    @extend_schema(responses=given.ReferralOut)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        referral = self._referral()
        audit.record("view_referral", by=request.membership, subject=referral)
        return self._out(referral)

    @extend_schema(request=given.NewReferral, responses={201: given.ReferralOut})
    @idempotent
    def create(self, request: Request) -> Response:
        """A draft, or with `send` a referral that is sent.

        409 where a need is not agreed, the offer takes none, or one is open to it already; with `send` also where
        consent, contact plan, channels or adjustments are missing.
        """
        typed = read(given.NewReferral, request)
        needs, offer = self._needs(typed.validated_data["needs"]), self._offer(typed.validated_data["offer"])
        make = actions.refer_and_send if typed.validated_data["send"] else actions.refer
        referral = make(
            service_user=needs[0].service_user,
            offer=offer,
            needs=needs,
            kind=typed.validated_data.get("kind") or kind_for(needs[0], offer),
            by=request.membership,
            source="api",
            **typed.wish(),
        )
        return self._out(referral, status.HTTP_201_CREATED)

    def _needs(self, ids: Sequence[UUID]) -> Sequence[Need]:
        """Needs of the caller's own people, or of the referrals that it works."""
        known = Need.objects.visible_to(self.request.membership) | Need.objects.filter(
            referrals__in=Referral.objects.visible_to(self.request.membership)
        )
        related = known.select_related("screening", "service_user__team__organisation").distinct()
        found = {need.pk: need for need in related.filter(pk__in=ids)}
        if len(found) != len(set(ids)):
            raise InvalidInput(_("There is no such need."), fields={"needs": _("There is no such need.")})
        return [found[pk] for pk in dict.fromkeys(ids)]

    def _offer(self, pk: UUID) -> SupportOffer:
        try:
            offers = SupportOffer.objects.select_related("provider", "team")
            return cast(SupportOffer, fetch(offers, self.request.membership, pk=pk))
        except Http404:
            sentence = _("There is no such offer.")
            raise InvalidInput(sentence, fields={"offer": sentence}) from None

    @extend_schema(request=given.RevisedDraft, responses=given.ReferralOut)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Changes a draft; what is left out stays. 409 where it was changed or sent after `version`."""
        typed = read(given.RevisedDraft, request)
        referral = actions.revise(
            referral=self._referral(),
            version=typed.validated_data["version"],
            by=request.membership,
            **typed.wish(),
        )
        return self._out(referral)

    @extend_schema(request=given.StepTaken, responses=given.ReferralOut, parameters=[A_STEP])
    @action(detail=True, methods=["post"], url_path=r"actions/(?P<step>[a-z_]+)")
    @idempotent
    def take_step(self, request: Request, pk: str, step: str) -> Response:
        """One step of the table. 403 for the wrong side or role, 409 with `state` and `available_actions` for the
        wrong state, 400 with `errors` for evidence that is missing or wrong; then nothing has changed."""
        typed = read(given.StepTaken, request).validated_data
        referral = self._referral()
        if step not in STEPS or not STEPS[step].sources:
            raise Http404
        after = actions.act(
            referral=referral,
            action=step,
            by=request.membership,
            evidence=look_up(referral, STEPS[step], typed.pop("evidence")),
            **typed,
        )
        return self._out(after)

    @extend_schema(request=given.NewOwner, responses=given.ReferralOut)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Who looks after it on the caller's side; `to` null gives it back to the team. Twice changes nothing."""
        typed, referral = read(given.NewOwner, request).validated_data, self._referral()
        to = None
        if typed["to"] is not None:
            to = Membership.objects.select_related("user", "team").filter(pk=typed["to"]).first()
            if to is None:
                raise InvalidInput.in_fields({"to": _("Choose somebody who works in this team now.")})
        actions.assign(referral=referral, to=to, by=request.membership, version=typed.get("version"), source="api")
        return self._out(referral)

    @extend_schema(request=given.NewError, responses={204: None})
    @action(detail=True, methods=["post"], url_path="error-proposals")
    def propose_error(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The first of two people; an admin who is somebody else then takes the step `mark_error`."""
        typed = read(given.NewError, request).validated_data
        actions.propose_error(referral=self._referral(), by=request.membership, **typed)
        return Response(status=status.HTTP_204_NO_CONTENT)


class FollowUpFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=FollowUp.Kind.choices)
    due_before = filters.DateFilter("due_on", lookup_expr="lt")
    done = filters.BooleanFilter("done_at", lookup_expr="isnull", exclude=True)


class FollowUpViewSet(ListModelMixin, ScopedViewSet):
    """What the caller's team owes to people."""

    queryset = FollowUp.objects.all()
    serializer_class = given.FollowUpOut
    filterset_class = FollowUpFilter
    permissions = {"list": SEE, "complete": SEE}

    @extend_schema(request=given.FollowUpDone, responses=given.FollowUpOut)
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """409 if somebody has dealt with it already."""
        follow_up = cast(FollowUp, self.get_object())
        actions.complete_follow_up(
            follow_up=follow_up, by=request.membership, **read(given.FollowUpDone, request).validated_data
        )
        follow_up.refresh_from_db()
        return Response(given.FollowUpOut(follow_up).data)


def register(router: SimpleRouter) -> None:
    router.register("referrals", ReferralViewSet, basename="referral")
    router.register("offers", OfferEndViewSet, basename="offer-end")
    router.register("plans", PlanViewSet, basename="plan")
    router.register("webhook-endpoints", WebhookEndpointViewSet, basename="webhook-endpoint")
    router.register("follow-ups", FollowUpViewSet, basename="follow-up")
    register_how_we_work(router)
