"""One person's page across the apps: what is open for them, and all that happened, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import audit, clock
from accounts.access import requires
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from people.access import person_for
from people.actions import plan_of
from people.contact_plan import describe
from people.models import ContactPlan, ServiceUser
from referrals import worklist
from referrals.actions.stepping import RELATED
from referrals.models import Incident, Referral, ReferralEvent
from referrals.timeline import what_happened
from screening.models import Screening
from screening.sitting import definition_of

SHOWN = 100
"""Of each sort of row the newest that many are read, and of all together that many shown."""


@dataclass(frozen=True)
class Happening:
    """`about` names what it happened to, and `url` leads there; either may be empty."""

    when: datetime
    what: str
    who: str = ""
    about: str = ""
    url: str = ""


@require_safe
@requires(Permission.SEE_SERVICE_USERS)
def timeline(request: Any, pk: UUID) -> HttpResponse:
    person = person_for(request.membership, pk)
    referrals = Referral.objects.visible_to(request.membership).filter(service_user=person)
    due_first = referrals.open().select_related(*RELATED).order_by("due_on", "id")
    today = clock.today()
    audit.record("view_timeline", by=request.membership, subject=person)
    context = {
        "person": person,
        "contact_words": describe(plan_of(person)),
        "lines": [worklist.line(referral, request.membership, today) for referral in due_first],
        "drafts": [(draft, definition_of(draft).title) for draft in person.screenings.drafts()],
        "happenings": happenings(person, referrals),
    }
    return render(request, "people/timeline.html", context)


def happenings(person: ServiceUser, referrals: QuerySet[Referral]) -> list[Happening]:
    """`referrals`: those of the person that the reader may see."""
    found = [
        *_of_screenings(person.screenings.select_related("submitted_by__user", "voided_by__user")),
        *_of_referrals(referrals),
        *_of_contact_plans(person),
        *_of_consents(person),
        *_of_plans_on_paper(person),
        *_of_incidents(person),
    ]
    return sorted(found, key=lambda one: one.when, reverse=True)[:SHOWN]


def _of_screenings(screenings: QuerySet[Screening]) -> Iterable[Happening]:
    for screening in screenings.exclude(submitted_at=None).defer("responses", "result")[:SHOWN]:
        about, url = definition_of(screening).title, reverse("screening:result", args=[screening.pk])
        if screening.corrects_id:
            what = _("Screening corrected")
        elif screening.status == Screening.Status.PAUSED:
            what = _("Screening stopped")
        else:
            what = _("Screening finished")
        if screening.submitted_at and screening.submitted_by:
            yield Happening(screening.submitted_at, what, screening.submitted_by.user.name, about, url)
        if screening.voided_at and screening.voided_by:
            what = _("Screening recorded in error")
            yield Happening(screening.voided_at, what, screening.voided_by.user.name, about, url)


def _of_referrals(referrals: QuerySet[Referral]) -> Iterable[Happening]:
    events = ReferralEvent.objects.filter(referral__in=referrals).select_related("referral__offer", "by__user")
    for event in events.order_by("-happened_at", "-id")[:SHOWN]:
        who = event.by.user.name if event.by else ""
        url = reverse("referrals:detail", args=[event.referral_id])
        yield Happening(event.happened_at, what_happened(event), who, event.referral.offer.name, url)


NEW_PLAN = {
    ContactPlan.Source.SCREENING: _("Contact plan from a screening"),
    ContactPlan.Source.STAFF: _("Contact plan changed"),
    ContactPlan.Source.MERGE: _("Contact plan of two records joined or come apart"),
}


def _of_contact_plans(person: ServiceUser) -> Iterable[Happening]:
    for row in person.contact_plans.select_related("made_by__user").order_by("-number")[:SHOWN]:
        yield Happening(row.made_at, NEW_PLAN[ContactPlan.Source(row.source)], row.made_by.user.name)


def _of_consents(person: ServiceUser) -> Iterable[Happening]:
    rows = person.consents.select_related("provider", "recorded_by__user", "withdrawn_by__user")
    for row in rows.order_by("-given_at", "-id")[:SHOWN]:
        about = row.provider.name if row.provider else _("any provider")
        what = _("Sharing: %(choice)s") % {"choice": row.get_choice_display()}
        yield Happening(row.given_at, what, row.recorded_by.user.name, about)
        if row.withdrawn_at and row.withdrawn_by:
            yield Happening(row.withdrawn_at, _("Consent to share withdrawn"), row.withdrawn_by.user.name, about)


def _of_plans_on_paper(person: ServiceUser) -> Iterable[Happening]:
    for row in person.plans_given.select_related("given_by__user")[:SHOWN]:
        what = _("Plan on paper: %(how)s") % {"how": row.get_how_display()}
        yield Happening(row.given_at, what, row.given_by.user.name)


def _of_incidents(person: ServiceUser) -> Iterable[Happening]:
    for row in Incident.objects.filter(service_user=person).select_related("recorded_by__user")[:SHOWN]:
        url = reverse("referrals:incident", args=[row.pk])
        yield Happening(row.recorded_at, _("Went wrong"), row.recorded_by.user.name, row.get_kind_display(), url)
