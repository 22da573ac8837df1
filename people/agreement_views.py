"""The pages of what is agreed with a person: how to reach them, what may be shared, and when to wait."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import get_and_post, requires
from accounts.errors import AlreadyChanged, InvalidInput
from accounts.idempotency import once
from accounts.permissions import Permission
from accounts.widgets import posted
from accounts.wording import gettext_lazy as _
from people import actions
from people.consent_page import WORDING, WORDINGS
from people.contact_plan import Plan, describe
from people.forms import ConsentForm, ContactPlanForm, PauseForm
from people.models import Consent, ContactPlan
from people.views import about, person_of

SAID = {
    Consent.Choice.YES: _("Recorded: sharing is allowed as the person said."),
    Consent.Choice.ASK_EACH: _("Recorded: the person is asked about each provider. By itself nothing is shared."),
    Consent.Choice.NO: _(
        "Recorded. What may no longer be shared is hidden from providers at once. "
        "Talk about open referrals: withdraw them, or ask again."
    ),
}


@get_and_post
@requires(Permission.SEE_SERVICE_USERS)
def contact_plan(request: Any, pk: UUID) -> HttpResponse:
    """Whoever comes second sees the plan that the first one made, with their own ticks kept."""
    person = person_of(request, pk)
    row = ContactPlan.objects.current_for(person)
    now, number = (row.plan, row.number) if row else (Plan.unknown(), 0)
    form = ContactPlanForm(posted(request), initial=ContactPlanForm.begin(now, number))
    if request.method == "POST" and form.is_valid():
        try:
            plan, seen = form.plan(now), form.cleaned_data["seen"]
            actions.change_contact_plan(
                service_user=person,
                plan=plan,
                seen=seen,
                reason=form.cleaned_data["reason"],
                by=request.membership,
            )
        except AlreadyChanged as refused:
            form = ContactPlanForm({**request.POST.dict(), **_lists(request.POST), "seen": number})
            form.refuse(refused)
        except InvalidInput as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The contact plan is changed."))
            return redirect("people:detail", pk=person.pk)
    else:
        audit.record("view_contact_plan", by=request.membership, subject=person)
    context = {"form": form, "person": person, "contact_words": describe(now)}
    return render(request, "people/contact_plan.html", context)


def _lists(data: Any) -> dict[str, list[str]]:
    return {name: data.getlist(name) for name in ("allowed", "weekdays")}


@get_and_post
@requires(Permission.EDIT_SERVICE_USERS)
@once
def record_consent(request: Any, pk: UUID) -> HttpResponse:
    person = person_of(request, pk)
    form = ConsentForm(posted(request), organisation=person.organisation)
    if request.method == "POST" and form.is_valid():
        try:
            consent = actions.record_consent(
                service_user=person, wording=WORDING, by=request.membership, **form.cleaned_data
            )
        except InvalidInput as refused:
            form.refuse(refused)
        else:
            messages.success(request, SAID[Consent.Choice(consent.choice)])
            return redirect("people:detail", pk=person.pk)
    return render(request, "people/consent.html", about(person, form=form, question=WORDINGS[WORDING]))


@get_and_post
@requires(Permission.EDIT_SERVICE_USERS)
def pause(request: Any, pk: UUID) -> HttpResponse:
    person = person_of(request, pk)
    form = PauseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.pause(service_user=person, by=request.membership, **form.cleaned_data)
        except (AlreadyChanged, InvalidInput) as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Contact is paused. Nothing is sent, and places are kept."))
            return redirect("people:detail", pk=person.pk)
    return render(request, "people/pause.html", about(person, form=form))


@require_POST
@requires(Permission.EDIT_SERVICE_USERS)
def resume(request: Any, pk: UUID) -> HttpResponse:
    person = person_of(request, pk)
    actions.resume(service_user=person, by=request.membership)
    messages.success(request, _("Contact goes on, as the contact plan allows."))
    return redirect("people:detail", pk=person.pk)
