"""The pages on which two records are said to be one person's: find the other, compare, join; and undo."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats
from django.utils.translation import gettext as _

from accounts import audit, clock
from accounts.access import fetch, get_and_post, requires
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.idempotency import once
from accounts.permissions import Permission
from accounts.widgets import posted
from inclusion.merging import actions, page
from inclusion.merging.forms import SamePersonForm, TwoPeopleForm
from people import duplicates, search
from people.access import person_for
from people.actions import plan_of
from people.contact_plan import describe
from people.forms import SearchForm
from people.lines import lines
from people.merging import facts_of, why_not_undone
from people.models import Merge


@get_and_post
@requires(Permission.EDIT_SERVICE_USERS)
def find(request: Any, pk: UUID) -> HttpResponse:
    """First those that look like this one; by POST whoever is searched for: no name stands in an address."""
    person = person_for(request.membership, pk)
    form = SearchForm(posted(request))
    typed = form.cleaned_data["q"] if request.method == "POST" and form.is_valid() else ""
    if typed:
        people = search.find(request.membership, typed, clock.today()).everybody
    else:
        people = duplicates.likely(facts_of(person), request.membership)
    people = [other for other in people if other != person]
    shown = [str(other.pk) for other in people]
    audit.record("search_service_users", by=request.membership, found_by="same person", shown=shown)
    context = {"person": person, "form": form, "typed": typed, "lines": lines(people)}
    return render(request, "merging/find.html", {**context, "contact_words": describe(plan_of(person))})


@get_and_post
@requires(Permission.EDIT_SERVICE_USERS)
@once
def compare(request: Any, pk: UUID, other: UUID) -> HttpResponse:
    """Both records side by side, what would follow, and the choice."""
    people = [person_for(request.membership, one) for one in (pk, other)]
    if people[0] == people[1]:
        return redirect("same_person", pk=pk)
    form = SamePersonForm(posted(request), people=people, differ=page.differences(*people))
    if request.method == "POST" and form.is_valid():
        kept, away = form.sides()
        try:
            row = actions.merge(
                kept=kept,
                other=away,
                seen=form.seen(),
                choices=form.choices(),
                reason=form.cleaned_data["reason"],
                by=request.membership,
            )
        except (InvalidInput, NotPossibleNow) as refused:
            form = form.over(request.POST)
            form.refuse(refused)
        else:
            until = formats.date_format(row.undo_until, "j F Y")
            messages.success(
                request, _("The two records are one. You can undo this until %(day)s.") % {"day": until}
            )
            return redirect("people:detail", pk=kept.pk)
    for one in people:
        audit.record("view_service_user", by=request.membership, subject=one)
    context = {"person": people[0], "form": form, "found": page.compare(*people)}
    return render(request, "merging/compare.html", context)


@get_and_post
@requires(Permission.EDIT_SERVICE_USERS)
@once
def undo(request: Any, pk: UUID, merge: UUID) -> HttpResponse:
    person = person_for(request.membership, pk)
    rows = Merge.objects.select_related("kept", "other", "made_by__user")
    row = cast(Merge, fetch(rows, request.membership, pk=merge, kept=person))
    form = TwoPeopleForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.undo(row=row, reason=form.cleaned_data["reason"], by=request.membership)
        except (InvalidInput, NotPossibleNow) as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("They are two people again. Ask each of them how they may be reached."))
            return redirect("people:detail", pk=person.pk)
    audit.record("view_service_user", by=request.membership, subject=person)
    context = {
        "person": person,
        "merge": row,
        "form": form,
        "refusal": _("This was undone already.") if row.undone_at else why_not_undone(row),
        "back": page.goes_back(row),
        "contact_words": describe(plan_of(person)),
    }
    return render(request, "merging/undo.html", context)
