"""The pages about people: the caseload, finding, adding, changing, and one person's own page."""

from collections.abc import Collection
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts import audit, clock
from accounts.access import fetch, get_and_post, requires
from accounts.errors import AlreadyChanged, InvalidInput
from accounts.idempotency import once
from accounts.models import Membership
from accounts.permissions import Permission
from accounts.widgets import posted
from people import actions, facts, search
from people.contact_plan import describe
from people.duplicates import LooksLikeSomebody
from people.forms import EditForm, PersonForm, SearchForm
from people.models import ContactPlan, ServiceUser

PAGE = 50
IN_THE_STRIP = {"name", "preferred_name", "pronouns", "date_of_birth", "nhs_number", "local_number"}


def person_of(request: Any, pk: UUID) -> ServiceUser:
    """The person, if the hat worn can see them; for a stranger there is nobody of that id (404)."""
    people = ServiceUser.objects.select_related("team", "organisation")
    return cast(ServiceUser, fetch(people, request.membership, pk=pk))


@require_safe
@requires(Permission.SEE_SERVICE_USERS)
def caseload(request: Any) -> HttpResponse:
    """By name, a page at a time: `after` is the id of the last person on the page before, never a name."""
    people: QuerySet[ServiceUser] = ServiceUser.objects.visible_to(request.membership).on_caseload(clock.today())
    if after := request.GET.get("after"):
        people = _following(people, request.membership, after)
    shown = list(people.select_related("team").order_by("search_name", "id")[: PAGE + 1])
    audit.record("see_caseload", by=request.membership, shown=len(shown[:PAGE]))
    context = {"people": shown[:PAGE], "more": len(shown) > PAGE, "after": after, "form": SearchForm()}
    return render(request, "people/caseload.html", context)


def _following(people: QuerySet[ServiceUser], membership: Membership, after: str) -> QuerySet[ServiceUser]:
    try:
        last = fetch(ServiceUser.objects.all(), membership, pk=UUID(after))
    except ValueError:
        raise Http404 from None
    name = cast(ServiceUser, last).search_name
    return people.filter(Q(search_name__gt=name) | Q(search_name=name, id__gt=last.pk))


@get_and_post
@requires(Permission.SEE_SERVICE_USERS)
def find(request: Any) -> HttpResponse:
    """By POST, so that what was typed stands in no address, history or log."""
    if request.method != "POST":
        return redirect("people:caseload")
    form = SearchForm(request.POST)
    typed = form.cleaned_data["q"] if form.is_valid() else ""
    found = search.find(request.membership, typed, clock.today())
    shown = [str(person.pk) for person in found.people]
    audit.record("search_service_users", by=request.membership, found_by=found.kind, shown=shown)
    return render(request, "people/search.html", {"form": form, "found": found, "typed": typed.strip()})


@require_safe
@requires(Permission.SEE_SERVICE_USERS)
def detail(request: Any, pk: UUID) -> HttpResponse:
    person = person_of(request, pk)
    row = ContactPlan.objects.select_related("made_by__user").current_for(person)
    audit.record("view_service_user", by=request.membership, subject=person)
    context = {
        "person": person,
        "plan": row,
        "contact_words": describe(actions.plan_of(person)),
        "facts": _told(person),
        "consents": person.consents.select_related("provider", "recorded_by__user").order_by("-given_at", "-id"),
    }
    return render(request, "people/detail.html", context)


def _told(person: ServiceUser) -> list[tuple[str, Any]]:
    """Label and words of every fact that the strip on top does not say."""
    labels = {name: str(field.label) for name, field in PersonForm.base_fields.items()}
    typed = stored(person) | {"no_fixed_address": "Yes" if person.no_fixed_address else "No"}
    return [(labels[name], typed[name]) for name in facts.READERS if name not in IN_THE_STRIP]


@get_and_post
@requires(Permission.EDIT_SERVICE_USERS)
@once
def add(request: Any) -> HttpResponse:
    form = PersonForm(posted(request))
    alike: list[ServiceUser] = []
    if request.method == "POST" and form.is_valid():
        others = _ids(request.POST.get("not_the_same_as", ""))
        try:
            person = actions.add(by=request.membership, not_the_same_as=others, **form.cleaned_data)
        except LooksLikeSomebody as refused:
            form.refuse(refused)
            alike = refused.people
        except InvalidInput as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{person.called} is on your team’s list.")
            return redirect("people:detail", pk=person.pk)
    return render(request, "people/add.html", {"form": form, "alike": alike})


def _ids(text: str) -> Collection[UUID]:
    """What are no ids is nobody's, so that it can be left out."""
    found = []
    for part in text.split(",")[:50]:
        try:
            found.append(UUID(part.strip()))
        except ValueError:
            continue
    return found


@get_and_post
@requires(Permission.EDIT_SERVICE_USERS)
def edit(request: Any, pk: UUID) -> HttpResponse:
    """Of two editors the second is shown what the first changed, over their own typing, and saves again."""
    person = person_of(request, pk)
    now = stored(person)
    form = EditForm(posted(request), initial={**now, "version": person.version})
    theirs: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            if touched := form.touched():
                version = form.cleaned_data["version"]
                actions.update(service_user=person, version=version, by=request.membership, **touched)
                messages.success(request, "Saved.")
            return redirect("people:detail", pk=person.pk)
        except AlreadyChanged:
            theirs = changes(form, now)
            form = form.over(now, person.version)
        except InvalidInput as refused:
            form.refuse(refused)
    else:
        audit.record("view_service_user", by=request.membership, subject=person)
    return render(request, "people/edit.html", {"form": form, "person": person, "theirs": theirs})


def stored(person: ServiceUser) -> dict[str, Any]:
    """The person's facts as somebody would type them."""
    return facts.as_typed({name: getattr(person, name) for name in facts.READERS})


def changes(form: EditForm, now: dict[str, Any]) -> list[dict[str, Any]]:
    """What somebody else changed since this editor opened the page: label, before, after."""
    return [
        {"label": form[name].label, "before": before, "after": now[name], "both": name in form.touched()}
        for name, before in form.seen().items()
        if before != now[name]
    ]
