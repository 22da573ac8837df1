"""The result of a screening, what the person decides about it, and the screenings of one person."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from accounts import audit, clock
from accounts.access import get_and_post, requires
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from people.access import person_for
from people.actions import plan_of
from people.contact_plan import describe
from people.models import Consent, ContactPlan
from screening import actions, questionnaire
from screening.change import Change, change
from screening.consequences import how_said
from screening.deciding import ASK_AGAIN_AFTER
from screening.forms import ConsentForm, VoidForm
from screening.models import Need, Screening
from screening.pages import about, result_url, resume_url, screening_of
from screening.questionnaire import Questionnaire
from screening.result_page import result_page
from screening.sitting import definition_of
from screening.terms import DefinitionKind


@require_safe
@requires(Permission.SEE_SCREENINGS)
def result(request: Any, pk: UUID) -> HttpResponse:
    screening = screening_of(request, pk, "submitted_by__user", "corrects")
    audit.record("view_result", by=request.membership, subject=screening)
    if screening.is_draft:
        return _not_finished(request, screening)
    if screening.result is None:
        return render(request, "screening/discarded.html", about(screening))
    return show(request, screening)


def _not_finished(request: Any, screening: Screening) -> HttpResponse:
    if request.membership.may(Permission.SCREEN):
        return redirect(resume_url(screening))
    return render(request, "screening/not_finished.html", about(screening))


def show(request: Any, screening: Screening, *, status: int = 200, **context: Any) -> HttpResponse:
    """`context` may bring a form that was refused, or the rule whose decision was."""
    needs = list(screening.needs.select_related("decided_by__user", "screening"))
    page = result_page(screening, needs, _changed(screening))
    asked = definition_of(screening)
    shown = about(
        screening,
        page=page,
        consent_form=ConsentForm(asked, initial={"how": how_said(screening)}),
        consent=_consent(screening),
        ask_again_on=clock.today() + ASK_AGAIN_AFTER,
        may_decide=request.membership.may(Permission.AGREE_NEEDS) and screening.counts,
        correction=screening.correction,
    )
    shown["held_back"] = _is_held_back(screening, shown["contact_plan"])
    return render(request, "screening/result.html", shown | context, status=status)


def _is_held_back(screening: Screening, plan: ContactPlan | None) -> bool:
    """The plan came from this screening, and allows less than its answers do."""
    allowed = (screening.result or {})["contact"]["allowed"]
    return plan is not None and plan.source_id == str(screening.pk) and set(plan.allowed) < set(allowed)


def _changed(screening: Screening) -> Change | None:
    before = _before(screening)
    if before is None:
        return None
    earlier = Need.objects.counting().filter(
        service_user=screening.service_user_id, screening__submitted_at__lt=screening.submitted_at
    )
    closed_by = ("screening", "carried_to__screening", "resolved_by_screening")
    return change(screening, before, list(earlier.select_related(*closed_by).order_by("screening__submitted_at")))


def _before(screening: Screening) -> Screening | None:
    """The last one that counts before this: beside a screening the last screening, beside a review whatever was
    last."""
    before = Screening.objects.before(screening)
    if definition_of(screening).kind == DefinitionKind.SCREENING:
        before = before.filter(definition__in=questionnaire.screening_ids())
    return before.first()


def _consent(screening: Screening) -> Consent | None:
    """What the person said last about sharing with any provider."""
    consents = Consent.objects.filter(service_user=screening.service_user_id, provider=None)
    return consents.select_related("recorded_by__user").order_by("-given_at", "-id").first()


@require_POST
@requires(Permission.AGREE_NEEDS)
def consent(request: Any, pk: UUID) -> HttpResponse:
    screening = screening_of(request, pk)
    if screening.result is None:
        raise NotPossibleNow(_("Finish the screening first: sharing is talked about with its result in view."))
    if not screening.counts:
        raise NotPossibleNow(
            _("This screening no longer counts. Record what the person says beside the one that does."),
            state=screening.status,
        )
    form = ConsentForm(definition_of(screening), request.POST)
    if not form.is_valid():
        return show(request, screening, status=400, consent_form=form)
    actions.record_consent(screening=screening, by=request.membership, **form.cleaned_data)
    return redirect(f"{result_url(screening)}#consent")


@require_POST
@requires(Permission.SCREEN)
def carry_on(request: Any, pk: UUID) -> HttpResponse:
    return redirect(resume_url(actions.carry_on(screening=screening_of(request, pk), by=request.membership)))


@get_and_post
@requires(Permission.SCREEN)
def void(request: Any, pk: UUID) -> HttpResponse:
    """Asks in words, and keeps the row: it counts for nothing afterwards, and can still be read."""
    screening = screening_of(request, pk)
    form = VoidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.void(screening=screening, by=request.membership, **form.cleaned_data)
        except InvalidInput as refused:
            form.refuse(refused)
        else:
            return _after_voiding(request, screening)
    audit.record("view_screening", by=request.membership, subject=screening, section="void")
    return render(request, "screening/void.html", about(screening, form=form))


def _after_voiding(request: Any, screening: Screening) -> HttpResponse:
    """`screening` as it was before."""
    if screening.is_draft and screening.corrects_id:
        messages.success(request, _("The correction is discarded. The screening stands as it was."))
        return redirect(reverse("screening:result", args=[screening.corrects_id]))
    messages.success(request, _("The screening is marked as recorded in error. It counts for nothing now."))
    return redirect(reverse("screening:of_person", args=[screening.service_user_id]))


def _others() -> list[Questionnaire]:
    """What may be asked besides the screening."""
    usual = questionnaire.the_screening()
    known = (one for kind in DefinitionKind for one in questionnaire.of_kind(kind, get_language() or ""))
    return [one for one in known if one.id != usual.id]


@require_safe
@requires(Permission.SEE_SCREENINGS)
def of_person(request: Any, service_user: UUID) -> HttpResponse:
    person = person_for(request.membership, service_user)
    screenings = person.screenings.select_related("started_by__user").defer("responses")
    audit.record("list_screenings", by=request.membership, subject=person)
    context = {
        "person": person,
        "contact_words": describe(plan_of(person)),
        "shown": [(screening, definition_of(screening).title) for screening in screenings],
        "others": _others(),
        "today": clock.today(),
    }
    return render(request, "screening/of_person.html", context)
