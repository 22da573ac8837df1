"""One page of questions: shown, saved when it is left and, where JavaScript runs, as answers change."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime

from accounts import audit, clock
from accounts.access import get_and_post, requires
from accounts.errors import AlreadyChanged, InvalidInput, NotPossibleNow
from accounts.permissions import Permission
from accounts.widgets import seen_version
from accounts.wording import gettext_lazy as _
from screening import actions, reading, words
from screening.actions import Saved
from screening.models import Screening
from screening.pages import about, check_url, result_url, screening_of, wants_json
from screening.reading import GOAL, Page
from screening.responses import Conflict
from screening.section_page import SectionPage, section_page
from screening.sitting import definition_of
from screening.terms import State


@get_and_post
@requires(Permission.SCREEN)
def section(request: Any, pk: UUID, section: str) -> HttpResponse:
    screening = screening_of(request, pk)
    _check_section(screening, section)
    if request.method == "POST":
        return _save(request, screening, section)
    if not screening.is_draft:
        return redirect(result_url(screening))
    page = section_page(screening, section)
    if not page.questions:
        return redirect(_next_url(request, page))
    audit.record("view_screening", by=request.membership, subject=screening, section=section)
    return _show(request, page)


def _check_section(screening: Screening, section: str) -> None:
    if section not in [one.code for one in definition_of(screening).sections]:
        raise Http404


def _show(
    request: Any, page: SectionPage, errors: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    errors = errors or {}
    context = about(
        page.screening,
        page=page,
        errors=_in_order(page, errors),
        saved_at=_last_saved(page.screening),
        back=_back(request),
    )
    return render(request, "screening/section.html", context, status=status)


def _in_order(page: SectionPage, errors: dict[str, str]) -> list[tuple[str, str]]:
    """Where on the page each error is, and what it says."""
    codes = [question.code for question in page.questions]
    found = [(f"q-{code}", errors[code]) for code in codes if code in errors]
    return [*found, (f"id_{GOAL}", errors[GOAL])] if page.goal and GOAL in errors else found


def _last_saved(screening: Screening) -> datetime | None:
    times = [response["at"] for response in screening.responses.values()]
    return datetime.fromisoformat(max(times)) if times else None


def _back(request: Any) -> str:
    """ "check" for a page that was opened from the check page, and goes back there."""
    return "check" if "check" in (request.GET.get("back"), request.POST.get("back")) else ""


def _save(request: Any, screening: Screening, section: str) -> HttpResponse:
    sent = reading.read(definition_of(screening).section(section).items, request.POST)
    saved, errors = _saved(request, screening, section, sent)
    if saved is None:
        return _too_late(request, screening, sent)
    errors |= {conflict.item: _in_words(conflict, saved.screening) for conflict in saved.conflicts}
    if saved.goal is not None:
        errors[GOAL] = _goal_in_words(saved.screening.goal_in_words)
    clash = bool(saved.conflicts) or saved.goal is not None
    told = TOLD if saved.others and not clash else ""
    if wants_json(request):
        return _reply(request, saved.screening, section, sent, errors, told)
    if told:
        messages.info(request, told)
    if errors:
        page = section_page(saved.screening, section, page=sent, errors=errors)
        return _show(request, page, errors, status=409 if clash else 400)
    return redirect(_after(request, saved.screening, section, sent))


TOLD = _(
    "Somebody else, or you in another window, answered other questions of this screening "
    "since you opened the page. Both are kept."
)


def _saved(request: Any, screening: Screening, section: str, sent: Page) -> tuple[Saved | None, dict[str, str]]:
    """What can be saved is saved, whatever is wrong with the rest. None: the screening is no longer open."""
    version = seen_version(request)
    answers, errors, goal = dict(sent.answers), dict(sent.faults), sent.goal
    while True:
        try:
            saved = actions.save_section(
                screening=screening,
                section=section,
                answers=answers,
                version=version,
                by=request.membership,
                goal_in_words=goal,
            )
        except InvalidInput as refused:
            errors |= refused.fields
            goal = None if GOAL in refused.fields else goal
            answers = {code: answer for code, answer in answers.items() if code not in refused.fields}
        except AlreadyChanged:
            raise
        except NotPossibleNow:
            return None, errors
        else:
            return saved, errors


def _in_words(conflict: Conflict, screening: Screening) -> str:
    item = definition_of(screening).item(conflict.item)
    at = localtime(datetime.fromisoformat(conflict.at))
    return _(
        "Since you opened this page, this was answered “%(theirs)s” (%(time)s). You chose "
        "“%(mine)s”. Choose which is right, and save again."
    ) % {
        "theirs": words.given(item, conflict.theirs),
        "time": f"{at:%H:%M}",
        "mine": words.given(item, conflict.mine),
    }


def _goal_in_words(theirs: str) -> str:
    if not theirs:
        return _(
            "Since you opened this page, somebody else took the words of the goal away. Save again to keep yours."
        )
    return _(
        "Since you opened this page, somebody else wrote: “%(words)s”. What you wrote stands below. "
        "Make one of the two, and save again."
    ) % {"words": theirs}


def _too_late(request: Any, screening: Screening, sent: Page) -> HttpResponse:
    """Submitted, stopped or void meanwhile: what was chosen here is shown, so that it is not lost unseen."""
    screening.refresh_from_db()
    items = definition_of(screening).items_by_code
    unsaved = [(items[code], words.given(items[code], answer)) for code, answer in sent.answers.items()]
    if wants_json(request):
        return JsonResponse({"go": result_url(screening)}, status=409)
    if not unsaved and not sent.goal:
        return redirect(result_url(screening))
    context = about(screening, unsaved=unsaved, goal=sent.goal)
    return render(request, "screening/too_late.html", context, status=409)


def _after(request: Any, screening: Screening, section: str, sent: Page) -> str:
    """The same page while a question follows from what was just answered; else the next with something to ask."""
    if not screening.is_draft:
        return result_url(screening)
    page = section_page(screening, section)
    new = [item.code for item in page.section.items if item.code not in sent.on_page]
    left = [code for code in new if page.progress.responses[code].state == State.MISSING]
    if left:
        return f"{request.path}{'?back=check' if _back(request) else ''}#q-{left[0]}"
    return _next_url(request, page)


def _next_url(request: Any, page: SectionPage) -> str:
    if _back(request) or page.next is None:
        return check_url(page.screening)
    return reverse("screening:section", args=[page.screening.pk, page.next])


# The same, for a page with JavaScript


def _reply(
    request: Any, screening: Screening, section: str, sent: Page, errors: dict[str, str], told: str
) -> JsonResponse:
    """What changed on the page: where each answer stands, questions that came or went, and where to go next.

    `goal`: words that somebody else wrote since the page was shown, where the sender wrote none; else null.
    """
    if not screening.is_draft:
        return JsonResponse({"go": result_url(screening)})
    page = section_page(screening, section)
    shown = {code: request.POST.get(f"was-{code}") for code in sent.on_page}
    stale = {code for code in sent.on_page if code not in sent.answers}
    return JsonResponse(
        {
            "version": screening.version,
            "saved": _("Saved %(time)s") % {"time": f"{localtime(clock.now()):%H:%M}"},
            "was": {question.code: question.was for question in page.questions}
            | ({GOAL: page.goal.was} if page.goal else {}),
            "order": [question.code for question in page.questions],
            "fieldsets": {
                question.code: question.html
                for question in page.questions
                if question.code not in shown or (question.code in stale and question.was != shown[question.code])
            },
            "goal": _goal_of_others(request, page, sent),
            "errors": errors,
            "told": told,
            "go": _after(request, screening, section, sent) if request.POST.get("go") and not errors else None,
        }
    )


def _goal_of_others(request: Any, page: SectionPage, sent: Page) -> str | None:
    shown = request.POST.get(f"was-{GOAL}")
    if page.goal is None or shown is None or sent.goal is not None:
        return None
    return page.goal.was if page.goal.was.split() != shown.split() else None
