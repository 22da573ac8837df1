"""A person's paper plan for other systems: the same words that the page and the PDF say, and no more."""

from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts import audit
from accounts.api_base import ScopedViewSet
from accounts.errors import NotPossibleNow
from accounts.permissions import Permission
from people.models import ServiceUser
from referrals.printing import gathering, papers
from referrals.printing.wording import PHONE, PLAIN, STEP, TITLE, WRITE


class LineOut(serializers.Serializer):
    text = serializers.CharField(source="plain_text")
    picture = serializers.CharField(help_text=_("Name of the Easy Read picture beside it; empty: none."))
    look = serializers.ChoiceField([TITLE, PLAIN, PHONE, WRITE, STEP], help_text=_("write, step: a line by hand."))


class SectionOut(serializers.Serializer):
    title = serializers.CharField()
    groups = serializers.ListField(child=LineOut(many=True), help_text=_("Lines that stay together."))


class PaperPlanOut(serializers.Serializer):
    title = serializers.CharField(source="sheet.title")
    called = serializers.CharField(source="sheet.called")
    language = serializers.CharField(source="sheet.language")
    made_on = serializers.DateField(source="plan.made_on")
    sections = SectionOut(source="sheet.sections", many=True)
    left_off = serializers.ListField(
        source="plan.left_off",
        child=serializers.ChoiceField(["goal", "place", "bring"]),
        help_text=_("Left off because the words would tell others about care."),
    )


class PlanViewSet(ScopedViewSet):
    """By the id of the service user. Made anew each time: a plan is as of now."""

    queryset = ServiceUser.objects.select_related(*gathering.RELATED)
    serializer_class = PaperPlanOut
    permissions = {"retrieve": Permission.PRINT_PLANS}

    @extend_schema(responses={200: PaperPlanOut, 409: None})
    def retrieve(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """409 where no screening is finished: then there is nothing to make a plan from."""
        person = cast(ServiceUser, self.get_object())
        paper = papers.of(person)
        if paper.sheet is None:
            raise NotPossibleNow(paper.refused)
        audit.record("view_plan", by=request.membership, subject=person, form="api")
        return Response(PaperPlanOut(paper).data)
