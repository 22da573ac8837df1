"""What the pages about a screening share: the door, the strip on top, and where each leads."""

from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from accounts.access import fetch
from people.contact_plan import Plan, describe
from people.models import ContactPlan
from screening import progress
from screening.models import Screening
from screening.responses import answers_of
from screening.sitting import definition_of


def screening_of(request: HttpRequest, pk: UUID, *related: str) -> Screening:
    """404 for whoever cannot see the person. `related`: what else the page shows of it."""
    screenings = Screening.objects.select_related("service_user", *related)
    return cast(Screening, fetch(screenings, request.membership, pk=pk))  # type: ignore[attr-defined]


def about(screening: Screening, **context: Any) -> dict[str, Any]:
    """What every page about a screening shows on top. `contact_plan`: the row that counts, or None."""
    person = screening.service_user
    row = ContactPlan.objects.current_for(person)
    words = describe(row.plan if row else Plan.unknown())
    return {"screening": screening, "person": person, "contact_plan": row, "contact_words": words, **context}


def progress_of(draft: Screening) -> progress.Progress:
    return progress.of(definition_of(draft), draft.form, answers_of(draft.responses))


def resume_url(draft: Screening) -> str:
    section = progress_of(draft).resume_at
    return reverse("screening:section", args=[draft.pk, section]) if section else check_url(draft)


def check_url(draft: Screening) -> str:
    return reverse("screening:check", args=[draft.pk])


def result_url(screening: Screening) -> str:
    return reverse("screening:result", args=[screening.pk])


def wants_json(request: HttpRequest) -> bool:
    """Asked by the script of a page of questions, which puts the reply into the open page."""
    return request.headers.get("Accept") == "application/json"
