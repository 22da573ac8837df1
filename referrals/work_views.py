"""What is done with the person during a referral, each on a small page: contacts, appointments, loans, notes."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts import audit, clock
from accounts.access import get_and_post, requires
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.idempotency import once
from accounts.permissions import Permission
from accounts.widgets import posted
from accounts.wording import gettext_lazy as _
from people.forms import PauseForm
from referrals import actions, forms
from referrals.models import Appointment, CaseNote, Loan, Referral
from referrals.page import head
from referrals.support_steps import APPOINTMENT_STEPS, LOAN_STEPS, available_for_appointment, check_loan
from referrals.views import part_of, referral_of

Work = Callable[[dict[str, Any]], Any]


def work_page(
    request: Any, referral: Referral, form: Any, work: Work, *, title: str, button: str, done: str, **more: Any
) -> HttpResponse:
    """A form, the action behind it, and back to the referral. A refusal stands beside its field, words kept."""
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                work(form.cleaned_data)
            except (InvalidInput, NotPossibleNow) as refusal:
                form.refuse(refusal)
                status = refusal.http_status
            else:
                messages.success(request, done)
                return redirect("referrals:detail", pk=referral.pk)
    audit.record("view_referral", by=request.membership, subject=referral)
    shown = {**head(referral, request.membership), "form": form, "page_title": title, "submit": button, **more}
    return render(request, "referrals/form.html", shown, status=status)


@get_and_post
@requires(Permission.SEE_REFERRALS)
@once
def contact(request: Any, pk: UUID) -> HttpResponse:
    referral = referral_of(request, pk)
    form = forms.ContactForm(posted(request))

    def work(typed: dict[str, Any]) -> None:
        actions.log_contact(
            referral=referral,
            channel=typed["channel"],
            result=typed["result"],
            happened_at=form.moment(),
            words=typed["words"],
            told=typed["told"],
            by=request.membership,
        )

    return work_page(
        request, referral, form, work, title=_("Record a contact"), button=_("Save"), done=_("Written down.")
    )


@get_and_post
@requires(Permission.SEE_REFERRALS)
@once
def book(request: Any, pk: UUID) -> HttpResponse:
    referral = referral_of(request, pk)
    form = forms.BookForm(posted(request), initial={"where": str(referral.offer.location or "")})

    def work(typed: dict[str, Any]) -> None:
        actions.book(
            referral=referral,
            starts_at=form.moment(),
            where=typed["where"],
            minutes=typed["minutes"],
            bring=typed["bring"],
            by=request.membership,
        )

    return work_page(
        request, referral, form, work, title=_("Book an appointment"), button=_("Book"),
        done=_("Booked. The person is told, and reminded 7 days and 1 day before, as their contact "
"plan allows."),
    )  # fmt: skip


@get_and_post
@requires(Permission.SEE_REFERRALS)
def appointment(request: Any, pk: UUID) -> HttpResponse:
    """What came of it; a new time is on the next page."""
    row: Appointment = part_of(Appointment, request, pk)
    possible = available_for_appointment(row.status, row.starts_at, clock.now())
    outcomes = [(name, APPOINTMENT_STEPS[name].label) for name in possible if name != "rearranged"]
    form = forms.OutcomeForm(posted(request), outcomes=outcomes, initial={"version": row.version})

    def work(typed: dict[str, Any]) -> None:
        actions.record_appointment(
            appointment=row,
            outcome=typed["outcome"],
            evidence={"reason": typed["reason"]},
            version=typed["version"],
            by=request.membership,
        )

    return work_page(
        request, row.referral, form, work, title=_("What came of the appointment"), button=_("Save"),
        done=_("Recorded."), appointment=row,
    )  # fmt: skip


@get_and_post
@requires(Permission.SEE_REFERRALS)
@once
def rearrange(request: Any, pk: UUID) -> HttpResponse:
    row: Appointment = part_of(Appointment, request, pk)
    form = forms.RearrangeForm(posted(request), initial={"where": row.where, "version": row.version})

    def work(typed: dict[str, Any]) -> None:
        actions.rearrange(
            appointment=row,
            starts_at=form.moment(),
            where=typed["where"],
            version=typed["version"],
            by=request.membership,
        )

    return work_page(
        request, row.referral, form, work, title=_("Give a new time"), button=_("Save the new time"),
        done=_("Moved. The person is told of the new time."), appointment=row,
    )  # fmt: skip


@get_and_post
@requires(Permission.SEE_REFERRALS)
@once
def lend(request: Any, pk: UUID) -> HttpResponse:
    referral = referral_of(request, pk)
    form = forms.LoanForm(posted(request))

    def work(typed: dict[str, Any]) -> None:
        actions.reserve_loan(referral=referral, by=request.membership, **typed)

    return work_page(
        request, referral, form, work, title=_("Lend something"), button=_("Reserve"), done=_("Reserved.")
    )


@get_and_post
@requires(Permission.SEE_REFERRALS)
def move_loan(request: Any, pk: UUID, action: str) -> HttpResponse:
    row: Loan = part_of(Loan, request, pk)
    step = LOAN_STEPS.get(action)
    asked = {one.name for one in step.evidence} if step else set()
    if request.method != "POST":
        check_loan(row.status, action, evidence=dict.fromkeys(asked, clock.today()) | {"signed_or_witnessed": "-"})
    form = forms.MoveLoanForm(posted(request), asked=asked, initial={"version": row.version})

    def work(typed: dict[str, Any]) -> None:
        evidence = {name: typed[name] for name in asked}
        actions.move_loan(
            loan=row, action=action, evidence=evidence, version=typed["version"], by=request.membership
        )

    title = f"{step.label if step else ''}: {row}"
    return work_page(
        request, row.referral, form, work, title=title, button=_("Save"), done=_("Recorded."), loan=row
    )


@get_and_post
@requires(Permission.SEE_REFERRALS)
@once
def note(request: Any, pk: UUID) -> HttpResponse:
    referral = referral_of(request, pk)
    form = forms.NoteForm(posted(request))

    def work(typed: dict[str, Any]) -> None:
        actions.add_note(referral=referral, text=typed["text"], by=request.membership)

    return work_page(
        request, referral, form, work, title=_("Write a note"), button=_("Sign and save"), done=_("Written down.")
    )


@get_and_post
@requires(Permission.SEE_REFERRALS)
@once
def correct_note(request: Any, pk: UUID) -> HttpResponse:
    row: CaseNote = part_of(CaseNote, request, pk)
    form = forms.NoteForm(posted(request), initial={"text": row.text})

    def work(typed: dict[str, Any]) -> None:
        actions.correct_note(note=row, text=typed["text"], by=request.membership)

    return work_page(
        request, row.referral, form, work, title=_("Correct a note"), button=_("Sign and save"),
        done=_("The correction stands beside the old note."), note=row,
    )  # fmt: skip


@get_and_post
@requires(Permission.SEE_REFERRALS)
def pause(request: Any, pk: UUID) -> HttpResponse:
    referral = referral_of(request, pk)
    form = PauseForm(posted(request))

    def work(typed: dict[str, Any]) -> None:
        actions.pause(referral=referral, by=request.membership, **typed)

    return work_page(
        request, referral, form, work, title=_("Pause contact"), button=_("Pause"),
        done=_("Contact is paused. Nothing is sent, and the place is kept."),
    )  # fmt: skip


@require_POST
@requires(Permission.SEE_REFERRALS)
def resume(request: Any, pk: UUID) -> HttpResponse:
    referral = referral_of(request, pk)
    actions.resume(referral=referral, by=request.membership)
    messages.success(request, _("Contact goes on, as the contact plan allows."))
    return redirect("referrals:detail", pk=referral.pk)


@get_and_post
@requires(Permission.SEE_REFERRALS)
def keep_waiting(request: Any, pk: UUID) -> HttpResponse:
    referral = referral_of(request, pk)
    form = forms.WaitForm(posted(request), initial={"expected_on": referral.expected_on})

    def work(typed: dict[str, Any]) -> None:
        actions.keep_waiting(referral=referral, by=request.membership, **typed)

    return work_page(
        request, referral, form, work, title=_("Look at the wait again"), button=_("Save"), done=_("Written down.")
    )


@get_and_post
@requires(Permission.SEE_REFERRALS)
@once
def propose_error(request: Any, pk: UUID) -> HttpResponse:
    referral = referral_of(request, pk)
    form = forms.ErrorForm(posted(request))

    def work(typed: dict[str, Any]) -> None:
        actions.propose_error(referral=referral, by=request.membership, **typed)

    return work_page(
        request, referral, form, work, title=_("Say that this was made in error"), button=_("Save"),
        done=_("Written down. It counts as an error once an admin who is somebody else agrees."),
    )  # fmt: skip
