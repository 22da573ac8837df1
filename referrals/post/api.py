"""Letters for other systems: those that wait, runs of them, and those that come back."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from accounts import audit
from accounts.api_base import ScopedViewSet, StrictSerializer, StrictText, StrictTruth, read
from accounts.idempotency import idempotent
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from referrals.models import BatchLetter, LetterBatch, Reminder
from referrals.outbox_views import named
from referrals.post import reasons, returned, runs, waiting
from referrals.printing.paper import PDF

OUTBOX = Permission.SEE_OUTBOX
A_PDF = {(200, PDF): OpenApiTypes.BINARY, 409: None}


class LetterOut(serializers.ModelSerializer):
    name = serializers.SerializerMethodField(help_text=_("Of the person, as far as the caller may know it."))
    ready_at = serializers.DateTimeField(source="sent_at")

    class Meta:
        model = Reminder
        fields = ["id", "name", "template", "referral", "ready_at"]

    def get_name(self, letter: Reminder) -> str:
        return str(named(letter, self.context["request"].membership))


class LetterInRunOut(serializers.ModelSerializer):
    letter = serializers.UUIDField(source="reminder_id")

    class Meta:
        model = BatchLetter
        fields = ["id", "letter", "place", "reference", "large_print", "status", "reason", "words", "settled_at",
                  "returned_on", "returned_reason"]  # fmt: skip


class RunLine(serializers.ModelSerializer):
    class Meta:
        model = LetterBatch
        fields = ["id", "code", "both_sides", "made_at", "posted_on", "last_collection", "posted_at"]


class RunOut(RunLine):
    letters = LetterInRunOut(many=True)

    class Meta(RunLine.Meta):
        fields = [*RunLine.Meta.fields, "letters"]


class NewRun(StrictSerializer):
    letters = serializers.ListField(child=serializers.UUIDField(), allow_empty=False, max_length=runs.AT_ONCE)
    both_sides = StrictTruth(default=False, help_text=_("Each letter then begins on a sheet of its own."))


class PrintAsked(StrictSerializer):
    letter = serializers.UUIDField(
        required=False, help_text=_("The id of one letter in the run; else all of them.")
    )


class RunPosted(StrictSerializer):
    posted_on = serializers.DateField()
    last_collection = StrictTruth(help_text=_("It was in time for the last collection of that day."))
    in_post = serializers.ListField(
        child=serializers.UUIDField(),
        default=list,
        max_length=runs.AT_ONCE,
        help_text=_(
            "Ids of letters in the run that were in the post before it was known that they should not go. "
            "Without this they are taken out."
        ),
    )


class LetterNotPosted(StrictSerializer):
    letter = serializers.UUIDField(help_text=_("The id of the letter in the run."))
    reason = serializers.ChoiceField(list(reasons.REASONS.items()))
    words = StrictText(default="", allow_blank=True, max_length=300)


class LetterReturned(StrictSerializer):
    reference = StrictText(max_length=40)
    returned_on = serializers.DateField()
    reason = serializers.ChoiceField(BatchLetter.Returned.choices)
    words = StrictText(default="", allow_blank=True, max_length=300)


class LetterViewSet(ListModelMixin, ScopedViewSet):
    """Letters that wait for the caller's organisation to print and post them."""

    queryset = Reminder.objects.all()
    serializer_class = LetterOut
    permissions = {"list": OUTBOX, "came_back": OUTBOX}

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return Reminder.objects.none()
        return waiting.waiting(self.request.membership).select_related("service_user", "referral")

    def list(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        response = super().list(request, *args, **kwargs)
        audit.record("view_letters", by=request.membership, shown=len(response.data["results"]))
        return response

    @extend_schema(request=LetterReturned, responses={201: LetterInRunOut})
    @action(detail=False, methods=["post"], url_path="returned")
    @idempotent
    def came_back(self, request: Any) -> Response:
        """By the printed reference, in any case, with or without spaces. 409 while its run is not marked as
        posted, or where this is known already."""
        letter = returned.came_back(by=request.membership, **read(LetterReturned, request).validated_data)
        return Response(LetterInRunOut(letter).data, status=status.HTTP_201_CREATED)


class LetterRunViewSet(ListModelMixin, ScopedViewSet):
    """Runs of the caller's team, the newest first."""

    queryset = LetterBatch.objects.select_related("organisation", "made_by__user")
    serializer_class = RunLine
    permissions = dict.fromkeys(("list", "retrieve", "create", "print_it", "posted", "not_posted"), OUTBOX)

    def _run(self) -> LetterBatch:
        return cast(LetterBatch, self.get_object())

    @extend_schema(responses=RunOut)
    def retrieve(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        batch = self._run()
        audit.record("view_letter_run", by=request.membership, subject=batch)
        return Response(RunOut(batch).data)

    @extend_schema(request=NewRun, responses={201: RunOut})
    @idempotent
    def create(self, request: Any) -> Response:
        """Letters that may not go any more are in it as `dropped`, with the reason. 409 where every one of them
        is in another run, or waits no longer."""
        typed = read(NewRun, request).validated_data
        batch = runs.make(chosen=typed["letters"], both_sides=typed["both_sides"], by=request.membership)
        return Response(RunOut(batch).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=PrintAsked, responses=A_PDF)
    @action(detail=True, methods=["post"], url_path="print", url_name="print")
    def print_it(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """A PDF. Every letter is looked at again, and every print is kept; 409 where nothing is left to print."""
        batch, asked = self._run(), read(PrintAsked, request).validated_data.get("letter")
        letter = _in_run(batch, asked) if asked else None
        response = HttpResponse(
            runs.print_run(batch=batch, letter=letter, by=request.membership), content_type=PDF
        )
        response["Cache-Control"] = "no-store"
        return response

    @extend_schema(request=RunPosted, responses=RunOut)
    @action(detail=True, methods=["post"])
    def posted(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Only now do people count as told. 409 before it was printed, or the second time."""
        batch = self._run()
        runs.mark_posted(batch=batch, by=request.membership, **read(RunPosted, request).validated_data)
        return Response(RunOut(batch).data)

    @extend_schema(request=LetterNotPosted, responses=LetterInRunOut)
    @action(detail=True, methods=["post"], url_path="not-posted")
    def not_posted(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        typed = dict(read(LetterNotPosted, request).validated_data)
        letter = _in_run(self._run(), typed.pop("letter"))
        runs.not_posted(letter=letter, by=request.membership, **typed)
        return Response(LetterInRunOut(letter).data)


def _in_run(batch: LetterBatch, pk: Any) -> BatchLetter:
    found = batch.letters.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def register(router: SimpleRouter) -> None:
    router.register("letters", LetterViewSet, basename="letter")
    router.register("letter-runs", LetterRunViewSet, basename="letter-run")
