"""The result of a screening, what the person decides about it, and the screenings of one person."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts import audit, clock
from accounts.access import fetch, get_and_post, requires
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.permissions import Permission
from people.actions import plan_of
from people.contact_plan import describe
from people.models import Consent, ContactPlan, ServiceUser
from screening import actions
from screening.consequences import how_said
from screening.forms import ConsentForm, VoidForm
from screening.models import Screening
from screening.pages import about, result_url, resume_url, screening_of
from screening.result_page import result_page
from screening.sitting import definition_of


@require_safe
@requires(Permission.SEE_SCREENINGS)
def result(request: Any, pk: UUID) -> HttpResponse:
    screening = screening_of(request, pk, "submitted_by__user")
    audit.record("view_result", by=request.membership, subject=screening)
    if screening.is_draft:
        return _not_finished(request, screening)
    if screening.result is None:
        return render(request, "screening/discarded.html", about(screening))
    return _show(request, screening)


def _not_finished(request: Any, screening: Screening) -> HttpResponse:
    if request.membership.may(Permission.SCREEN):
        return redirect(resume_url(screening))
    return render(request, "screening/not_finished.html", about(screening))


def _show(request: Any, screening: Screening, *, status: int = 200, **context: Any) -> HttpResponse:
    """`context` may bring a form that was refused, or the rule whose decision was."""
    needs = list(screening.needs.select_related("decided_by__user"))
    page = result_page(screening, needs, _before(screening))
    asked = definition_of(screening)
    shown = about(
        screening,
        page=page,
        consent_form=ConsentForm(asked, initial={"how": how_said(screening)}),
        consent=_consent(screening),
        may_decide=request.membership.may(Permission.AGREE_NEEDS) and screening.status != Screening.Status.VOID,
    )
    shown["held_back"] = _is_held_back(screening, shown["contact_plan"])
    return render(request, "screening/result.html", shown | context, status=status)


def _is_held_back(screening: Screening, plan: ContactPlan | None) -> bool:
    """The plan came from this screening, and allows less than its answers do."""
    allowed = (screening.result or {})["contact"]["allowed"]
    return plan is not None and plan.source_id == str(screening.pk) and set(plan.allowed) < set(allowed)


def _before(screening: Screening) -> Screening | None:
    """The last one with a result before this one, of the same questionnaire in whatever version."""
    earlier = Screening.objects.submitted().filter(
        service_user=screening.service_user_id,
        definition=screening.definition,
        submitted_at__lt=screening.submitted_at,
    )
    return earlier.prefetch_related("needs").order_by("-submitted_at").first()


def _consent(screening: Screening) -> Consent | None:
    """What the person said last about sharing with any provider."""
    consents = Consent.objects.filter(service_user=screening.service_user_id, provider=None)
    return consents.select_related("recorded_by__user").order_by("-given_at", "-id").first()


@require_POST
@requires(Permission.AGREE_NEEDS)
def decide(request: Any, pk: UUID, rule: str) -> HttpResponse:
    screening = screening_of(request, pk)
    try:
        actions.decide(
            screening=screening,
            rule=rule,
            decision=request.POST.get("decision", ""),
            reason=request.POST.get("reason", ""),
            by=request.membership,
        )
    except InvalidInput as refused:
        if screening.result is None:
            raise
        return _show(request, screening, status=400, refused_rule=rule, refused=refused)
    return redirect(f"{result_url(screening)}#{rule}")


@require_POST
@requires(Permission.AGREE_NEEDS)
def consent(request: Any, pk: UUID) -> HttpResponse:
    screening = screening_of(request, pk)
    if screening.result is None:
        raise NotPossibleNow("Finish the screening first: sharing is talked about with its result in view.")
    form = ConsentForm(definition_of(screening), request.POST)
    if not form.is_valid():
        return _show(request, screening, status=400, consent_form=form)
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
            messages.success(request, "The screening is marked as recorded in error. It counts for nothing now.")
            return redirect(reverse("screening:of_person", args=[screening.service_user_id]))
    audit.record("view_screening", by=request.membership, subject=screening, section="void")
    return render(request, "screening/void.html", about(screening, form=form))


@require_safe
@requires(Permission.SEE_SCREENINGS)
def of_person(request: Any, service_user: UUID) -> HttpResponse:
    person = cast(ServiceUser, fetch(ServiceUser.objects.all(), request.membership, pk=service_user))
    screenings = person.screenings.select_related("started_by__user").defer("responses")
    audit.record("list_screenings", by=request.membership, subject=person)
    context = {
        "person": person,
        "contact_words": describe(plan_of(person)),
        "screenings": screenings,
        "today": clock.today(),
    }
    return render(request, "screening/of_person.html", context)
