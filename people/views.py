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
from accounts.wording import gettext_lazy as _
from people import actions, facts, search
from people.access import person_for
from people.consent_page import said_by
from people.contact_plan import Plan, describe
from people.duplicates import LooksLikeSomebody
from people.forms import EditForm, PersonForm, SearchForm
from people.lines import lines
from people.models import ContactPlan, ServiceUser

PAGE = 50
IN_THE_STRIP = {"name", "preferred_name", "pronouns", "date_of_birth", "nhs_number", "local_number"}


def person_of(request: Any, pk: UUID) -> ServiceUser:
    """The person, if the hat worn can see them; for a stranger there is nobody of that id (404)."""
    return person_for(request.membership, pk)


@require_safe
@requires(Permission.SEE_SERVICE_USERS)
def caseload(request: Any) -> HttpResponse:
    """By name, a page at a time: `after` is the id of the last person on the page before, never a name."""
    people: QuerySet[ServiceUser] = ServiceUser.objects.visible_to(request.membership).on_caseload(clock.today())
    if after := request.GET.get("after"):
        people = _following(people, request.membership, after)
    shown = list(people.select_related("team").order_by("search_name", "id")[: PAGE + 1])
    audit.record("see_caseload", by=request.membership, shown=len(shown[:PAGE]))
    more = len(shown) > PAGE
    context = {"lines": lines(shown[:PAGE]), "more": more, "after": after, "form": SearchForm()}
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
    shown = [str(person.pk) for person in found.everybody]
    audit.record("search_service_users", by=request.membership, found_by=found.kind, shown=shown)
    both, exactly = lines(found.everybody), len(found.people)
    context = {
        "form": form,
        "found": found,
        "lines": both[:exactly],
        "alike": both[exactly:],
        "typed": typed.strip(),
    }
    return render(request, "people/search.html", context)


@require_safe
@requires(Permission.SEE_SERVICE_USERS)
def detail(request: Any, pk: UUID) -> HttpResponse:
    person = person_of(request, pk)
    row = ContactPlan.objects.select_related("made_by__user").current_for(person)
    audit.record("view_service_user", by=request.membership, subject=person)
    context = {
        "person": person,
        "contact_words": describe(row.plan if row else Plan.unknown()),
        "plan": row,
        "facts": _told(person),
        "consents": said_by(person),
        "merges": person.merges.select_related("other", "made_by__user", "undone_by__user"),
        "now": clock.now(),
    }
    return render(request, "people/detail.html", context)


def _told(person: ServiceUser) -> list[tuple[str, Any]]:
    """Label and words of every fact that the strip on top does not say."""
    labels = {name: str(field.label) for name, field in PersonForm.base_fields.items()}
    typed = stored(person) | {"no_fixed_address": _("Yes") if person.no_fixed_address else _("No")}
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
            messages.success(request, _("%(called)s is on your team’s list.") % {"called": person.called})
            return redirect("people:detail", pk=person.pk)
    return render(request, "people/add.html", {"form": form, "alike": lines(alike)})


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
                messages.success(request, _("Saved."))
            return redirect("people:detail", pk=person.pk)
        except AlreadyChanged:
            theirs = changes(form, now)
            form = form.over(now, person.version)
        except InvalidInput as refused:
            form.refuse(refused)
    else:
        audit.record("view_service_user", by=request.membership, subject=person)
    return render(request, "people/edit.html", about(person, form=form, theirs=theirs))


def about(person: ServiceUser, **context: Any) -> dict[str, Any]:
    """What every page about a person shows on top: who it is, and how they may be reached."""
    return {"person": person, "contact_words": describe(actions.plan_of(person)), **context}


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
