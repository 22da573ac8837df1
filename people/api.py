"""Service users for other systems: find, add, change; how to reach them, and what they agreed to share."""

from contextlib import suppress
from typing import Any, cast
from uuid import UUID

from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from accounts import audit, clock
from accounts.api_base import ScopedViewSet, read
from accounts.idempotency import idempotent
from accounts.permissions import Permission
from people import actions, fairness, search
from people.access import raise_if_kept_elsewhere
from people.api_input import (
    ChangedPerson,
    ConsentOut,
    FairnessOut,
    FoundOut,
    NewConsent,
    NewFairness,
    NewPerson,
    NewPlan,
    PersonOut,
    PlanOut,
    Search,
)
from people.contact_plan import Plan
from people.models import ContactPlan, ServiceUser


class PersonFilter(filters.FilterSet):
    """Nothing that says who somebody is stands in an address: names and numbers go through `search`."""

    paused = filters.BooleanFilter("paused_at", lookup_expr="isnull", exclude=True)
    team = filters.UUIDFilter("team_id")


class ServiceUserViewSet(ListModelMixin, ScopedViewSet):
    queryset = ServiceUser.objects.select_related("team")
    serializer_class = PersonOut
    filterset_class = PersonFilter
    permissions = {
        "list": Permission.SEE_SERVICE_USERS,
        "retrieve": Permission.SEE_SERVICE_USERS,
        "search": Permission.SEE_SERVICE_USERS,
        "create": Permission.EDIT_SERVICE_USERS,
        "partial_update": Permission.EDIT_SERVICE_USERS,
        "fairness": Permission.EDIT_SERVICE_USERS,
        "record_fairness": Permission.EDIT_SERVICE_USERS,
        "contact_plan": Permission.SEE_SERVICE_USERS,
        "change_contact_plan": Permission.SEE_SERVICE_USERS,
        "consents": Permission.SEE_SERVICE_USERS,
        "record_consent": Permission.EDIT_SERVICE_USERS,
    }

    def get_object(self) -> ServiceUser:
        """409 `kept_elsewhere` for a record whose person has another one that was kept: `same_person_as`."""
        try:
            return cast(ServiceUser, super().get_object())
        except Http404:
            with suppress(ValueError):  # what is no id is nobody's
                raise_if_kept_elsewhere(self.request.membership, UUID(self.kwargs["pk"]))
            raise

    def _person(self, action: str) -> ServiceUser:
        """The person in the address, with the look at them audited."""
        person = self.get_object()
        audit.record(action, by=self.request.membership, subject=person)
        return person

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response = super().list(request, *args, **kwargs)
        audit.record("see_caseload", by=request.membership, shown=len(response.data["results"]))
        return response

    @extend_schema(responses=PersonOut)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(PersonOut(self._person("view_service_user")).data)

    @extend_schema(request=NewPerson, responses={201: PersonOut})
    @idempotent
    def create(self, request: Request) -> Response:
        """409 `looks_like_somebody` names likely duplicates; send their ids in `not_the_same_as` to go on."""
        given = read(NewPerson, request).validated_data
        person = actions.add(by=request.membership, **given)
        return Response(PersonOut(person).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ChangedPerson, responses=PersonOut)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """409 where somebody else changed the person after `version`: read again, then decide."""
        person = self.get_object()
        actions.update(service_user=person, by=request.membership, **read(ChangedPerson, request).validated_data)
        return Response(PersonOut(person).data)

    @extend_schema(request=Search, responses=FoundOut, filters=False)
    @action(detail=False, methods=["post"], pagination_class=None)
    def search(self, request: Request) -> Response:
        """By POST, so that no name or number stands in an address or a log."""
        found = search.find(request.membership, read(Search, request).validated_data["text"], clock.today())
        shown = [str(person.pk) for person in found.everybody]
        audit.record("search_service_users", by=request.membership, found_by=found.kind, shown=shown)
        return Response(FoundOut(found).data)

    @extend_schema(responses=FairnessOut)
    @action(detail=True)
    def fairness(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What the person says about themselves so that fairness can be checked. For tallies alone: it has no part
        in care, matching, referrals or messages, and no provider sees it. `version` 0: nothing is recorded.
        """
        return Response(FairnessOut(fairness.answers_of(self._person("view_fairness_answers"))).data)

    @extend_schema(request=NewFairness, responses=FairnessOut)
    @fairness.mapping.patch
    def record_fairness(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Changes the answers sent and no others; 409 where somebody else changed them after `version`."""
        person = self.get_object()
        given = read(NewFairness, request).validated_data
        row = fairness.record_fairness(service_user=person, by=request.membership, **given)
        return Response(FairnessOut(row).data)

    @extend_schema(responses={200: PlanOut, 404: None})
    @action(detail=True, url_path="contact-plan")
    def contact_plan(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The plan that counts. `number` 0: nobody has asked yet, and nothing is allowed."""
        row = ContactPlan.objects.current_for(self._person("view_contact_plan"))
        return Response(PlanOut(row or _unknown()).data)

    @extend_schema(request=NewPlan, responses={201: PlanOut})
    @contact_plan.mapping.post
    def change_contact_plan(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Anybody on the staff may take away; 403 unless a clinician allows more, with a reason."""
        person = self.get_object()
        given = read(NewPlan, request)
        row = actions.change_contact_plan(
            service_user=person,
            plan=given.plan(actions.plan_of(person)),
            seen=given.validated_data["seen"],
            reason=given.validated_data["reason"],
            by=request.membership,
        )
        return Response(PlanOut(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=ConsentOut(many=True))
    @action(detail=True, pagination_class=None, filter_backends=[])
    def consents(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = self._person("view_consents").consents.order_by("-given_at", "-id")
        return Response(ConsentOut(rows, many=True).data)

    @extend_schema(request=NewConsent, responses={201: ConsentOut})
    @consents.mapping.post
    @idempotent
    def record_consent(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        person = self.get_object()
        given = read(NewConsent, request).validated_data
        consent = actions.record_consent(service_user=person, by=request.membership, **given)
        return Response(ConsentOut(consent).data, status=status.HTTP_201_CREATED)


def _unknown() -> ContactPlan:
    return ContactPlan(number=0, answered=False, automatic=Plan.unknown().automatic, voicemail=None)


def register(router: SimpleRouter) -> None:
    router.register("service-users", ServiceUserViewSet, basename="service-user")
