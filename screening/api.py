"""Screenings for other systems: send one whole or by and by, read its result, decide about its needs."""

from typing import Any, cast

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from accounts import audit
from accounts.api_base import ScopedViewSet, read
from accounts.idempotency import idempotent
from accounts.permissions import Permission
from people.access import person_for
from screening import actions
from screening.api_input import (
    Correction,
    Decision,
    MoreAnswers,
    NeedOut,
    NewScreening,
    RuleChoiceOut,
    RuleChosen,
    ScreeningLine,
    ScreeningOut,
    Submission,
    Voiding,
)
from screening.models import Need, Screening


class ScreeningFilter(filters.FilterSet):
    service_user = filters.UUIDFilter("service_user_id")
    status = filters.ChoiceFilter(choices=Screening.Status.choices)


class NeedFilter(filters.FilterSet):
    service_user = filters.UUIDFilter("service_user_id")
    screening = filters.UUIDFilter("screening_id")
    decision = filters.ChoiceFilter(choices=Need.Decision.choices)
    open = filters.BooleanFilter(method="only_open")

    def only_open(self, needs: QuerySet, name: str, wanted: bool) -> QuerySet:
        standing = Need.objects.open()
        return needs.filter(pk__in=standing) if wanted else needs.exclude(pk__in=standing)


class ScreeningViewSet(ListModelMixin, ScopedViewSet):
    queryset = Screening.objects.all()
    serializer_class = ScreeningLine
    filterset_class = ScreeningFilter
    permissions = {
        "list": Permission.SEE_SCREENINGS,
        "retrieve": Permission.SEE_SCREENINGS,
        "create": Permission.SCREEN,
        "partial_update": Permission.SCREEN,
        "submit": Permission.SCREEN,
        "void": Permission.SCREEN,
        "correct": Permission.SCREEN,
        "decide": Permission.AGREE_NEEDS,
        "choose": Permission.AGREE_NEEDS,
    }

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset()
        return rows.defer("responses", "result") if self.action == "list" else rows

    def _screening(self) -> Screening:
        return cast(Screening, self.get_object())

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response = super().list(request, *args, **kwargs)
        shown = [line["id"] for line in response.data["results"]]
        audit.record("list_screenings", by=request.membership, shown=shown)
        return response

    @extend_schema(responses=ScreeningOut)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        screening = self._screening()
        audit.record("view_result", by=request.membership, subject=screening)
        return Response(ScreeningOut(screening).data)

    @extend_schema(request=NewScreening, responses={201: ScreeningOut})
    @idempotent
    def create(self, request: Request) -> Response:
        """A draft, or with `submit` a screening with its result. Distress now stops a draft at once: it comes back
        paused, with a result. 409 where the person has an open draft and this would be another."""
        given = read(NewScreening, request).validated_data
        person = person_for(request.membership, given.pop("service_user"))
        screening = actions.record(service_user=person, by=request.membership, **given)
        return Response(ScreeningOut(screening).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=MoreAnswers, responses=ScreeningOut)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Adds to a draft or changes it; the same answers again change nothing. 409 where somebody else changed it
        after `version`: read it again, then decide."""
        given = read(MoreAnswers, request).validated_data
        saved = actions.save_answers(screening=self._screening(), by=request.membership, together=False, **given)
        return Response(ScreeningOut(saved.screening).data)

    @extend_schema(request=Submission, responses=ScreeningOut)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Freezes the answers and gives the result; the second time gives the same."""
        given = read(Submission, request).validated_data
        screening = actions.submit(screening=self._screening(), by=request.membership, **given)
        return Response(ScreeningOut(screening).data)

    @extend_schema(request=Correction, responses={201: ScreeningOut})
    @action(detail=True, methods=["post"])
    @idempotent
    def correct(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A draft with the same answers, to be put right and submitted; until then the screening counts as it is.
        409 where it is being corrected already, or no longer counts."""
        given = read(Correction, request).validated_data
        draft = actions.correct(screening=self._screening(), by=request.membership, **given)
        return Response(ScreeningOut(draft).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=Voiding, responses=ScreeningOut)
    @action(detail=True, methods=["post"])
    def void(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Recorded in error: it can still be read, and counts for nothing."""
        given = read(Voiding, request).validated_data
        screening = actions.void(screening=self._screening(), by=request.membership, **given)
        return Response(ScreeningOut(screening).data)

    @extend_schema(request=Decision, responses=NeedOut(many=True))
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def decide(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What the person decided about one suggestion, named by its rule; it holds for all needs behind it."""
        given = read(Decision, request).validated_data
        needs = actions.decide(screening=self._screening(), by=request.membership, **given)
        return Response(NeedOut(needs, many=True).data)

    @extend_schema(request=RuleChosen, responses=RuleChoiceOut)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def choose(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Which of two suggestions it is, where `clinician_choice` leaves it to the clinician."""
        given = read(RuleChosen, request).validated_data
        choice = actions.choose_rule(screening=self._screening(), by=request.membership, **given)
        return Response(RuleChoiceOut(choice).data)


class NeedViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    queryset = Need.objects.select_related("screening").defer("screening__responses", "screening__result")
    serializer_class = NeedOut
    filterset_class = NeedFilter
    permissions = {"list": Permission.SEE_SCREENINGS, "retrieve": Permission.SEE_SCREENINGS}

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response = super().list(request, *args, **kwargs)
        shown = [line["id"] for line in response.data["results"]]
        audit.record("list_needs", by=request.membership, shown=shown)
        return response

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        need = cast(Need, self.get_object())
        audit.record("view_need", by=request.membership, subject=need)
        return Response(NeedOut(need).data)


def register(router: SimpleRouter) -> None:
    router.register("screenings", ScreeningViewSet, basename="screening")
    router.register("needs", NeedViewSet, basename="need")
