"""The API of what is done with the person during a referral: notes, contacts, appointments, loans, pauses."""

from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts import audit
from accounts.api_base import ScopedViewSet, read
from accounts.idempotency import idempotent
from referrals import actions
from referrals import api_input as given
from referrals.models import Referral
from referrals.page import reader_of
from referrals.timeline import notes_shown

WORK = (
    "notes",
    "write_note",
    "contact_attempts",
    "log_contact",
    "appointments",
    "book",
    "record_outcome",
    "new_time",
    "loans",
    "lend",
    "move_loan",
    "pause",
    "resume",
    "keep_waiting",
    "ask_safety",
    "persons_word",
    "lift_park",
)
CREATED = status.HTTP_201_CREATED
AN_ID = "[0-9a-f-]{36}"


def one(rows: QuerySet, pk: str) -> Any:
    """One of a referral's own rows; its children are found through nothing else."""
    try:
        found = rows.filter(pk=pk).first()
    except ValidationError as error:  # 36 dashes are no id
        raise Http404 from error
    if found is None:
        raise Http404
    return found


def plain(**kwargs: Any) -> Any:
    """A list that belongs to one referral: short, so neither paged nor filtered."""
    return action(detail=True, pagination_class=None, filter_backends=[], **kwargs)


class WorkActions(ScopedViewSet):
    def _referral(self) -> Referral:
        referral = cast(Referral, self.get_object())
        if self.request.method == "GET":
            audit.record("view_referral", by=cast(Any, self.request).membership, subject=referral)
        return referral

    @extend_schema(responses=given.NoteOut(many=True))
    @plain()
    def notes(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        referral = self._referral()
        return Response(
            given.NoteOut(notes_shown(referral, reader_of(referral, request.membership)), many=True).data
        )

    @extend_schema(request=given.NewNote, responses={201: given.NoteOut})
    @notes.mapping.post
    @idempotent
    def write_note(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """A note is never changed: `corrects` names the one that this one stands beside."""
        referral, typed = self._referral(), read(given.NewNote, request).validated_data
        if typed.get("corrects"):
            old = one(referral.notes.select_related("referral__referring_team", "referral__created_by"),
                      typed["corrects"])  # fmt: skip
            note = actions.correct_note(note=old, text=typed["text"], by=request.membership)
        else:
            note = actions.add_note(referral=referral, text=typed["text"], by=request.membership)
        return Response(given.NoteOut(note).data, status=CREATED)

    @extend_schema(responses=given.ContactOut(many=True))
    @plain(url_path="contact-attempts")
    def contact_attempts(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        referral = self._referral()
        rows = referral.contact_attempts.select_related("recorded_by__user")
        if own := reader_of(referral, request.membership):
            rows = rows.filter(recorded_by__team__organisation_id=own)
        return Response(given.ContactOut(rows, many=True).data)

    @extend_schema(request=given.NewContact, responses={201: given.ContactOut})
    @contact_attempts.mapping.post
    @idempotent
    def log_contact(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        typed = read(given.NewContact, request).validated_data
        attempt = actions.log_contact(referral=self._referral(), by=request.membership, **typed)
        return Response(given.ContactOut(attempt).data, status=CREATED)

    @extend_schema(responses=given.AppointmentOut(many=True))
    @plain()
    def appointments(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        return Response(given.AppointmentOut(self._referral().appointments, many=True).data)

    @extend_schema(request=given.NewAppointment, responses={201: given.AppointmentOut})
    @appointments.mapping.post
    @idempotent
    def book(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        typed = read(given.NewAppointment, request).validated_data
        booked = actions.book(referral=self._referral(), by=request.membership, **typed)
        return Response(given.AppointmentOut(booked).data, status=CREATED)

    @extend_schema(request=given.AppointmentOutcome, responses=given.AppointmentOut)
    @action(detail=True, methods=["post"], url_path=f"appointments/(?P<appointment>{AN_ID})/outcome")
    def record_outcome(self, request: Any, pk: str, appointment: str) -> Response:
        """409 before it has started, or where somebody else has recorded it."""
        typed = read(given.AppointmentOutcome, request).validated_data
        row = one(self._referral().appointments.select_related(*REFERRAL), appointment)
        actions.record_appointment(
            appointment=row,
            outcome=typed["outcome"],
            evidence={"reason": typed["reason"]},
            version=typed.get("version"),
            by=request.membership,
        )
        return Response(given.AppointmentOut(row).data)

    @extend_schema(request=given.NewTime, responses={201: given.AppointmentOut})
    @action(detail=True, methods=["post"], url_path=f"appointments/(?P<appointment>{AN_ID})/new-time")
    @idempotent
    def new_time(self, request: Any, pk: str, appointment: str) -> Response:
        """The new appointment; the old one says that it was moved."""
        typed = read(given.NewTime, request).validated_data
        row = one(self._referral().appointments.select_related(*REFERRAL), appointment)
        moved = actions.rearrange(appointment=row, by=request.membership, **typed)
        return Response(given.AppointmentOut(moved).data, status=CREATED)

    @extend_schema(responses=given.LoanOut(many=True))
    @plain()
    def loans(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        return Response(given.LoanOut(self._referral().loans, many=True).data)

    @extend_schema(request=given.NewLoan, responses={201: given.LoanOut})
    @loans.mapping.post
    @idempotent
    def lend(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        typed = read(given.NewLoan, request).validated_data
        loan = actions.reserve_loan(referral=self._referral(), by=request.membership, **typed)
        return Response(given.LoanOut(loan).data, status=CREATED)

    @extend_schema(request=given.LoanMoved, responses=given.LoanOut)
    @action(detail=True, methods=["post"], url_path=f"loans/(?P<loan>{AN_ID})/actions")
    def move_loan(self, request: Any, pk: str, loan: str) -> Response:
        typed = read(given.LoanMoved, request)
        row = one(self._referral().loans.select_related(*REFERRAL), loan)
        moved = actions.move_loan(
            loan=row,
            action=typed.validated_data["action"],
            evidence=typed.evidence(),
            version=typed.validated_data.get("version"),
            by=request.membership,
        )
        return Response(given.LoanOut(moved).data)

    @extend_schema(request=given.NewPause, responses={204: None})
    @action(detail=True, methods=["post"])
    def pause(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Nothing is sent to the person, in any referral of theirs; places are kept."""
        typed = read(given.NewPause, request).validated_data
        actions.pause(referral=self._referral(), by=request.membership, **typed)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def resume(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        actions.resume(referral=self._referral(), by=request.membership)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=given.NewWait, responses={204: None})
    @action(detail=True, methods=["post"], url_path="waiting")
    def keep_waiting(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """The provider looked at the wait again: until when it is expected to last."""
        typed = read(given.NewWait, request).validated_data
        actions.keep_waiting(referral=self._referral(), by=request.membership, source="api", **typed)
        return Response(status=status.HTTP_204_NO_CONTENT)


REFERRAL = (
    "referral__referring_team__organisation",
    "referral__created_by",
    "referral__service_user",
    "referral__provider_team",
)
