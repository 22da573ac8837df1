"""The pages of letters: those that wait, one run of them, and those that come back."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages as notes
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import audit, clock
from accounts.access import fetch, get_and_post, requires
from accounts.errors import InvalidInput, NotPossibleNow, Refused
from accounts.idempotency import once
from accounts.permissions import Permission
from accounts.widgets import posted
from accounts.wording import gettext_lazy as _
from accounts.wording import ngettext
from referrals import letters as rules
from referrals.messages import TEMPLATES
from referrals.models import BatchLetter, LetterBatch, Reminder
from referrals.outbox_views import named
from referrals.post import returned, runs, waiting
from referrals.post.forms import NotPostedForm, PostedForm, ReturnedForm
from referrals.post.words import why
from referrals.printing.paper import PDF

OUTBOX = Permission.SEE_OUTBOX
RUNS_SHOWN = 25
_ASK = _("Some letters may not go any more. Tick those that are in the post already, and mark the run again.")


# --- Those that wait ----------------------------------------------------------------------------------------


@require_safe
@requires(OUTBOX)
def letters(request: Any) -> HttpResponse:
    return _letters(request)


def _letters(request: Any, refused: Refused | None = None) -> HttpResponse:
    rows = waiting.after(waiting.waiting(request.membership), request.GET.get("after", ""))
    found = list(rows.select_related("service_user", "referral")[: waiting.PAGE + 1])
    shown = found[: waiting.PAGE]
    audit.record("view_letters", by=request.membership, shown=len(shown))
    context = {
        "lines": [(row, named(row, request.membership), TEMPLATES[row.template]) for row in shown],
        "after": shown[-1].pk if len(found) > len(shown) else "",
        "count": waiting.count(request.membership),
        "at_once": runs.AT_ONCE,
        "runs": LetterBatch.objects.visible_to(request.membership)
        .open()
        .select_related("made_by__user")[:RUNS_SHOWN],
        "ticked": request.POST.getlist("letter"),
        "both_sides": request.POST.get("both_sides"),
        "refused": refused,
    }
    return render(request, "referrals/post/letters.html", context, status=refused.http_status if refused else 200)


@require_POST
@requires(OUTBOX)
@once
def make_run(request: Any) -> HttpResponse:
    """Those that are ticked, or the first of all."""
    if "all" in request.POST:
        chosen = list(waiting.waiting(request.membership).values_list("pk", flat=True)[: runs.AT_ONCE])
    else:
        chosen = _ids(request.POST.getlist("letter"))
    both_sides = request.POST.get("both_sides") == "on"
    try:
        batch = runs.make(chosen=chosen, both_sides=both_sides, by=request.membership)
    except (InvalidInput, NotPossibleNow) as refused:
        return _letters(request, refused)
    return redirect("referrals:letter_run", pk=batch.pk)


def _ids(texts: list[str]) -> list[UUID]:
    """What is no id is nobody's letter."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


# --- One run ------------------------------------------------------------------------------------------------


def _run_of(request: Any, pk: UUID) -> LetterBatch:
    related = LetterBatch.objects.select_related("organisation", "team", "made_by__user", "posted_by__user")
    return cast(LetterBatch, fetch(related, request.membership, pk=pk))


@require_safe
@requires(OUTBOX)
def run(request: Any, pk: UUID) -> HttpResponse:
    return _run(request, _run_of(request, pk), PostedForm(initial={"posted_on": clock.today()}))


def _run(request: Any, batch: LetterBatch, form: PostedForm, refused: Refused | None = None) -> HttpResponse:
    """Each letter with what became of it; of those not posted yet, whether they may still go."""
    audit.record("view_letter_run", by=request.membership, subject=batch)
    found = list(batch.letters.all())
    reminders = Reminder.objects.select_related(*rules.RELATED).in_bulk([one.reminder_id for one in found])
    against = runs.against(batch)
    lines = []
    for letter in found:
        reminder = reminders[letter.reminder_id]
        is_printed = letter.status == BatchLetter.Status.PRINTED
        reason = against.get(letter.pk, "") if is_printed else letter.reason
        lines.append((letter, named(reminder, request.membership), why(reason) if reason else ""))
    context = {
        "batch": batch,
        "lines": lines,
        "dropping": [line for line in lines if line[0].pk in against],
        "in_post": _ids(request.POST.getlist("in_post")),
        "printed": sum(letter.status == BatchLetter.Status.PRINTED for letter in found),
        "prints": batch.prints.select_related("printed_by__user"),
        "form": form,
        "refused": refused,
    }
    status = refused.http_status if refused else 400 if form.errors else 200
    return render(request, "referrals/post/run.html", context, status=status)


@require_POST
@requires(OUTBOX)
def print_run(request: Any, pk: UUID) -> HttpResponse:
    """By a button and not a link: printing looks at every letter again, and is written down."""
    batch = _run_of(request, pk)
    try:
        pdf = runs.print_run(batch=batch, letter=_letter_asked(request, batch), by=request.membership)
    except NotPossibleNow as refused:
        return _run(request, batch, PostedForm(initial={"posted_on": clock.today()}), refused)
    response = HttpResponse(pdf, content_type=PDF)
    response["Content-Disposition"] = f'inline; filename="{batch.code}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def _letter_asked(request: Any, batch: LetterBatch) -> BatchLetter | None:
    asked = _ids([request.POST.get("letter", "")])
    if not asked:
        return None
    found = batch.letters.filter(pk=asked[0]).first()
    if found is None:
        raise Http404
    return found


@require_POST
@requires(OUTBOX)
def run_posted(request: Any, pk: UUID) -> HttpResponse:
    batch, form = _run_of(request, pk), PostedForm(posted(request))
    if not form.is_valid():
        return _run(request, batch, form)
    if batch.posted_at is None and set(runs.against(batch)) - set(_ids(request.POST.getlist("asked"))):
        return _run(request, batch, form, NotPossibleNow(_ASK))
    in_post = _ids(request.POST.getlist("in_post"))
    try:
        marked = runs.mark_posted(batch=batch, by=request.membership, in_post=in_post, **form.cleaned_data)
    except InvalidInput as refused:
        form.refuse(refused)
        return _run(request, batch, form)
    except NotPossibleNow as refused:
        return _run(request, batch, form, refused)
    number = marked.posted
    words = ngettext(
        "%(number)s letter is marked as posted.", "%(number)s letters are marked as posted.", number
    ) % {"number": number}
    notes.success(request, words)
    if marked.taken_out:
        notes.warning(request, _("Some letters were taken out. Do not post them: the reasons stand below."))
    return redirect("referrals:letter_run", pk=batch.pk)


@get_and_post
@requires(OUTBOX)
def not_posted(request: Any, pk: UUID, letter: UUID) -> HttpResponse:
    batch, form = _run_of(request, pk), NotPostedForm(posted(request))
    row = batch.letters.filter(pk=letter).first()
    if row is None:
        raise Http404
    if form.is_bound and form.is_valid():
        try:
            runs.not_posted(letter=row, by=request.membership, **form.cleaned_data)
        except InvalidInput as refused:
            form.refuse(refused)
        else:
            notes.success(request, _("Written down."))
            return redirect("referrals:letter_run", pk=batch.pk)
    context = {"batch": batch, "letter": row, "form": form}
    return render(request, "referrals/post/not_posted.html", context, status=400 if form.errors else 200)


# --- Those that come back -----------------------------------------------------------------------------------


@get_and_post
@requires(OUTBOX)
@once
def came_back(request: Any) -> HttpResponse:
    form, status = ReturnedForm(posted(request), initial={"returned_on": clock.today()}), 200
    if form.is_bound:
        status = 400
        if form.is_valid():
            try:
                letter = returned.came_back(by=request.membership, **form.cleaned_data)
            except (InvalidInput, NotPossibleNow) as refused:
                form.refuse(refused)
                status = refused.http_status
            else:
                owed = _("Written down: it is owed to tell the person in another way.")
                notes.success(request, owed if returned.is_owed(letter) else _("Written down."))
                return (
                    redirect("referrals:letter_run", pk=letter.batch_id)
                    if _sees(request, letter)
                    else redirect("referrals:letters")
                )
    return render(request, "referrals/post/returned.html", {"form": form}, status=status)


def _sees(request: Any, letter: BatchLetter) -> bool:
    return LetterBatch.objects.visible_to(request.membership).filter(pk=letter.batch_id).exists()
