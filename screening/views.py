"""The pages of a sitting around the questions: start, check, submit."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import get_and_post, requires
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.permissions import Permission
from accounts.widgets import posted
from people.access import person_for
from people.actions import plan_of
from people.contact_plan import describe
from screening import actions, progress, questionnaire
from screening.check_page import check_page
from screening.forms import StartForm, SubmitForm
from screening.models import Screening
from screening.pages import about, progress_of, result_url, resume_url, screening_of
from screening.questionnaire import Questionnaire, UnknownDefinition
from screening.responses import NO_TIME, answers_of
from screening.sitting import definition_of


@get_and_post
@requires(Permission.SCREEN)
def start(request: Any, service_user: UUID, definition: str = "") -> HttpResponse:
    """An open draft is offered before a new one: whoever opens it next goes on where it stopped."""
    person = person_for(request.membership, service_user)
    asked = _asked(definition)
    drafts = person.screenings.drafts().filter(definition=asked.id, corrects=None)
    draft = drafts.select_related("started_by__user").first()
    form = StartForm(asked, posted(request), needs=person.interpreter_language)
    if request.method == "POST" and form.is_valid():
        try:
            draft = actions.start(
                service_user=person, by=request.membership, definition=asked.id, **form.cleaned_data
            )
            return redirect(resume_url(draft))
        except InvalidInput as refused:
            form.refuse(refused)
    audit.record("view_service_user", by=request.membership, subject=person)
    context = {
        "person": person,
        "contact_words": describe(plan_of(person)),
        "form": form,
        "draft": draft,
        "asked": asked,
    }
    if draft:
        context["progress"] = progress_of(draft)
        context["resume_url"] = resume_url(draft)
    return render(request, "screening/start.html", context)


def _asked(definition: str) -> Questionnaire:
    """The newest version of it; 404 for one that is not known."""
    try:
        language = get_language() or ""
        return questionnaire.latest(definition, language) if definition else questionnaire.the_screening(language)
    except UnknownDefinition:
        raise Http404 from None


@get_and_post
@requires(Permission.SCREEN)
def check(request: Any, pk: UUID) -> HttpResponse:
    screening = screening_of(request, pk)
    if not screening.is_draft:
        return redirect(result_url(screening))
    form = SubmitForm(definition_of(screening), request.POST or None, initial={"version": screening.version})
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(result_url(_submit(request, screening, **form.cleaned_data)))
        except NotPossibleNow as refused:
            screening.refresh_from_db()
            if not screening.is_draft:
                return redirect(result_url(screening))
            form = SubmitForm(definition_of(screening), initial={"version": screening.version})
            messages.info(request, refused.message)
    audit.record("view_screening", by=request.membership, subject=screening, section="check")
    context = about(screening, form=form, page=check_page(screening))
    return render(request, "screening/check.html", context)


def _submit(request: Any, screening: Screening, *, version: int, rest: str) -> Screening:
    """`rest`: why the questions that are left were not asked; empty where nobody says."""
    left = progress.missing(definition_of(screening), screening.form, answers_of(screening.responses))
    if rest and left:
        answers = {code: {**NO_TIME, "reason": rest} for code in left}
        saved = actions.save_answers(
            screening=screening, answers=answers, version=version, by=request.membership, together=False
        )
        version = saved.screening.version
    return actions.submit(screening=screening, version=version, by=request.membership)


@require_POST
@requires(Permission.SCREEN)
def change_form(request: Any, pk: UUID) -> HttpResponse:
    screening = screening_of(request, pk)
    actions.change_form(screening=screening, form=request.POST.get("form", ""), by=request.membership)
    return redirect(resume_url(screening))
