"""The pages of what went wrong: written down from a person's page or a referral's, read with what came of it."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import fetch, get_and_post, requires
from accounts.errors import InvalidInput
from accounts.idempotency import once
from accounts.permissions import Permission
from accounts.widgets import DayField, ServiceForm, posted
from accounts.wording import gettext_lazy as _
from people.access import person_for
from people.actions import plan_of
from people.contact_plan import describe
from people.forms import Typed, choose
from people.models import ServiceUser
from referrals.incidents.actions import record_incident
from referrals.models import Incident
from referrals.results import results_of
from referrals.views import referral_of
from referrals.work_views import work_page

TITLE = _("Something went wrong")
DONE = _("Written down. The person’s team is asked to see that it is put right.")
RELATED = ("service_user__team", "follow_up__team", "follow_up__done_by__user", "recorded_by__user", "screening")


class IncidentForm(ServiceForm):
    kind = choose(_("What went wrong?"), Incident.Kind.choices, _("Choose what went wrong."))
    happened_on = DayField(
        label=_("On which day?"),
        help_text=_("Leave it empty if nobody knows. For example, 31 3 2027."),
        required=False,
        error_messages={"invalid": _("Enter a day, like 31 3 2027.")},
    )
    what = Typed(_("What happened"), _("As the person tells it, in a few sentences."), lines=4)
    done = Typed(_("What was done about it"), _("Leave it empty if nothing has been done yet."), lines=3)


@get_and_post
@requires(Permission.EDIT_SERVICE_USERS)
@once
def add_for_person(request: Any, service_user: UUID) -> HttpResponse:
    person = person_for(request.membership, service_user)
    form = IncidentForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            record_incident(service_user=person, by=request.membership, **form.cleaned_data)
        except InvalidInput as refused:
            form.refuse(refused)
        else:
            messages.success(request, DONE)
            return redirect("people:detail", pk=person.pk)
    audit.record("view_service_user", by=request.membership, subject=person)
    shown = {"form": form, **_about(person)}
    return render(request, "referrals/incident_add.html", shown, status=400 if form.errors else 200)


def _about(person: ServiceUser) -> dict[str, Any]:
    return {"person": person, "contact_words": describe(plan_of(person))}


@get_and_post
@requires(Permission.SEE_REFERRALS)
@once
def add_in_referral(request: Any, pk: UUID) -> HttpResponse:
    referral = referral_of(request, pk)
    form = IncidentForm(posted(request))

    def work(typed: dict[str, Any]) -> None:
        record_incident(service_user=referral.service_user, referral=referral, by=request.membership, **typed)

    return work_page(request, referral, form, work, title=TITLE, button=_("Save"), done=DONE)


@require_safe
@requires(Permission.SEE_REFERRALS)
def incident(request: Any, pk: UUID) -> HttpResponse:
    """What happened, and what came of it. A provider reads what it told, and no name that it was not given."""
    row = cast(Incident, fetch(Incident.objects.select_related(*RELATED), request.membership, pk=pk))
    audit.record("view_incident", by=request.membership, subject=row)
    sees = ServiceUser.objects.visible_to(request.membership).filter(pk=row.service_user_id).exists()
    owed = row.follow_up
    context = {
        "row": row,
        "owed": owed,
        "came_of_it": results_of(owed.kind).get(owed.result, owed.result),
        "owed_by_us": owed.done_at is None and owed.team_id == request.membership.team_id,
        **(_about(row.service_user) if sees else {"person": None}),
    }
    return render(request, "referrals/incident.html", context)
