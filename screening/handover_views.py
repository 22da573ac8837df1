"""The screen in the person's own hands: handing it over, one question after the other, and giving it back."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts import audit, hand_over
from accounts.access import get_and_post, requires
from accounts.errors import AlreadyChanged, InvalidInput, NotPossibleNow
from accounts.permissions import Permission
from accounts.widgets import seen_version
from accounts.wording import gettext_lazy as _
from screening import actions, reading
from screening.handover_page import LEFT_UNTIL_ALONE, QuestionPage, beside, first_open, question_page
from screening.models import Screening
from screening.pages import result_url, resume_url, screening_of, wants_json
from screening.questionnaire import Item
from screening.reading import as_shown
from screening.responses import answers_of
from screening.sitting import definition_of

View = Callable[..., HttpResponse]
ALONE = "handed_over_alone"
"""In the session: the question at which the person said that they are alone. Anything else shown ends it, so that
nobody finds the answer by going back."""


@require_POST
@requires(Permission.SCREEN)
def hand(request: Any, pk: UUID) -> HttpResponse:
    """The clinician hands the screen over; from here on this session shows nothing but the pages below."""
    screening = screening_of(request, pk)
    if not screening.is_draft:
        return redirect(result_url(screening))
    if screening.answered_by == Screening.AnsweredBy.FROM_PAPER:
        raise NotPossibleNow(_("These answers come from a paper form, so there is nobody to hand the screen to."))
    if screening.corrects_id:
        raise NotPossibleNow(_("A correction is made by staff. To ask the person again, start a new screening."))
    start = reverse("screening:handed_over")
    _no_longer_alone(request)
    hand_over.hand_over(request, subject=screening, page=start, after=resume_url(screening), by=request.membership)
    return redirect(start)


def of_handed_over(view: View) -> View:
    """Gives the view the screening that this session was handed over with, whatever the address says."""

    @wraps(view)
    def fetched(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        lock = hand_over.lock_of(request)
        if lock is None:
            return redirect("home")
        return view(request, screening_of(request, UUID(lock.about)), *args, **kwargs)

    return fetched


@require_safe
@hand_over.while_handed_over()
@requires(Permission.SCREEN)
@of_handed_over
def welcome(request: Any, screening: Screening) -> HttpResponse:
    first = first_open(screening) if screening.is_draft else None
    if first is None:
        return redirect("screening:give_back")
    _no_longer_alone(request)
    context = {"asked": definition_of(screening), "first": _url(screening, first)}
    return hand_over.page(request, "screening/handover/welcome.html", context)


@get_and_post
@hand_over.while_handed_over()
@requires(Permission.SCREEN)
@of_handed_over
def question(request: Any, screening: Screening, place: int) -> HttpResponse:
    """`place` in the definition: the codes of items, which stand in staff's words, are in no address."""
    if not screening.is_draft:
        return _go(request, reverse("screening:give_back"))
    page = question_page(screening, place)
    if page is None:
        return _go(request, reverse("screening:handed_over"))
    if request.method == "POST":
        return _save(request, page)
    return _show(request, page)


@require_safe
@hand_over.while_handed_over()
@requires(Permission.SCREEN)
@of_handed_over
def give_back(request: Any, screening: Screening) -> HttpResponse:
    """The end: after the last question, or earlier because the person wants to stop, or because the answers do."""
    lock = hand_over.lock_of(request)
    after = lock.after if lock and screening.is_draft else _after(screening)
    hand_over.stands_at(request, page=request.path, after=after)
    _no_longer_alone(request)
    if screening.status == Screening.Status.PAUSED:
        return hand_over.page(request, "screening/handover/stopped.html", {})
    return hand_over.page(request, "screening/handover/end.html", {"again": _again(request, screening, lock)})


def _after(screening: Screening) -> str:
    """Where the clinician goes on: what is left, or the result, on which what to do now stands first."""
    return resume_url(screening) if screening.is_draft else f"{result_url(screening)}#safety"


def _again(request: Any, screening: Screening, lock: hand_over.Lock | None) -> str:
    """Back to the question that the person came from, if they came from one; "" where none can be answered."""
    if lock and screening.is_draft and lock.page != request.path:
        return lock.page
    first = first_open(screening) if screening.is_draft else None
    return _url(screening, first) if first else ""


# --- One question


def _url(screening: Screening, item: Item) -> str:
    place = definition_of(screening).items.index(item) + 1
    return reverse("screening:handed_over_question", args=[place])


def _no_longer_alone(request: Any) -> None:
    request.session.pop(ALONE, None)


def _waits(request: Any, item: Item) -> bool:
    """The question is for when the person is alone, and nobody has said that they are."""
    return item.ask_only_when_alone and request.session.get(ALONE) != item.code


def _show(request: Any, page: QuestionPage, error: Any = "", status: int = 200) -> HttpResponse:
    """A question for when the person is alone shows nothing of itself before they have said that they are."""
    item = page.item
    if request.session.get(ALONE) != item.code:
        _no_longer_alone(request)
    audit.record("show_question", by=request.membership, subject=page.screening, item=item.code)
    section = reverse("screening:section", args=[page.screening.pk, item.section])
    hand_over.stands_at(request, page=request.path, after=f"{section}#q-{item.code}")
    template = "screening/handover/alone.html" if _waits(request, item) else "screening/handover/question.html"
    return hand_over.page(request, template, {"page": page, "error": error}, status=status)


BOTH = _("You picked an answer, and also that you leave it. Please keep only one of them.")
UNKNOWN = _("Please pick one of the answers.")
OTHERS = _("Someone else just changed this. Please look, and pick again.")


def _save(request: Any, page: QuestionPage) -> HttpResponse:
    go = request.POST.get("go")
    if go == "alone":
        request.session[ALONE] = page.item.code
        return redirect(request.path)
    if _waits(request, page.item) and go != "not_alone":
        return _on(request, page.screening, page.item) if go in ("back", "skip") else _go(request, request.path)
    try:
        screening = _saved(request, page)
    except InvalidInput as refused:
        return _refused(request, page, refused.message)
    except AlreadyChanged:
        return _refused(request, page, OTHERS)
    except NotPossibleNow:
        return _go(request, reverse("screening:give_back"))
    return _on(request, screening, page.item)


def _saved(request: Any, page: QuestionPage) -> Screening:
    """Skipping saves nothing; "I am not alone" leaves the question for another time.

    InvalidInput is in the person's words: the action's are for staff.
    """
    go = request.POST.get("go")
    if go == "skip":
        return page.screening
    sent = reading.read([page.item], request.POST)
    if sent.faults:
        raise InvalidInput(BOTH)
    answers = {page.item.code: LEFT_UNTIL_ALONE} if go == "not_alone" else sent.answers
    try:
        saved = actions.save_section(
            screening=page.screening,
            section=page.item.section,
            answers=answers,
            version=seen_version(request),
            by=request.membership,
        )
    except InvalidInput as refused:
        raise InvalidInput(UNKNOWN) from refused
    if saved.conflicts:
        raise InvalidInput(OTHERS)
    return saved.screening


def _refused(request: Any, page: QuestionPage, sentence: Any) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"error": str(sentence)})
    page.screening.refresh_from_db()
    sent = reading.read([page.item], request.POST)
    again = question_page(page.screening, page.place, sent) or page
    return _show(request, again, sentence, status=400)


def _on(request: Any, screening: Screening, item: Item) -> HttpResponse:
    go = request.POST.get("go")
    if screening.is_draft and not go and wants_json(request):
        if item.ask_only_when_alone:
            shown = reading.read([item], request.POST).chosen
        else:
            shown = answers_of(screening.responses)
        return JsonResponse({"version": screening.version, "was": as_shown(shown.get(item.code))})
    return _go(request, _there(request, screening, item, go))


def _there(request: Any, screening: Screening, item: Item, go: str | None) -> str:
    before, after = beside(screening, item.code)
    there = before if go == "back" else after
    if there and screening.is_draft:
        if request.session.get(ALONE) == item.code and go != "not_alone" and there.ask_only_when_alone:
            request.session[ALONE] = there.code  # two such questions in a row are asked in one go
        return _url(screening, there)
    if go == "back" and screening.is_draft:
        return reverse("screening:handed_over")
    end = reverse("screening:give_back")
    hand_over.stands_at(request, page=end, after=_after(screening))
    return end


def _go(request: Any, url: str) -> HttpResponse:
    return JsonResponse({"go": url}) if wants_json(request) else redirect(url)
