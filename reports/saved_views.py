"""Pages of saved views: the list with the form, opening one, and taking one away."""

from contextlib import suppress
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.access import fetch, get_and_post, requires
from accounts.errors import InvalidInput
from accounts.idempotency import once
from accounts.permissions import Permission
from accounts.widgets import posted
from accounts.wording import gettext_lazy as _
from reports import pages, periods, saving
from reports.forms import SavedViewForm
from reports.models import SavedView
from reports.periods import Month


@get_and_post
@requires(Permission.SEE_REPORTS)
@once
def saved(request: Any) -> HttpResponse:
    """Filled from the page that one comes from."""
    form = SavedViewForm(posted(request), organisation=request.membership.organisation, initial=_on_show(request))
    if request.method == "POST" and form.is_valid():
        try:
            saving.save_view(**form.cleaned_data, by=request.membership)
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved. You find it here, and it moves with time."))
            return redirect("reports:saved")
    rows = SavedView.objects.visible_to(request.membership).select_related("team", "saved_by__user")
    return render(request, "reports/saved.html", {"form": form, "rows": rows, "titles": pages.TITLES})


def _on_show(request: Any) -> dict[str, Any]:
    asked = {name: request.GET.get(name) for name in ("page", "team")}
    with suppress(ValueError):  # no period, or none that there is: the first choice stands
        asked["span"] = saving.span_of(periods.read(request.GET.get("period", "")), Month.of(clock.today()))
    return {name: value for name, value in asked.items() if value}


@require_safe
@requires(Permission.SEE_REPORTS)
def open_view(request: Any, pk: UUID) -> HttpResponse:
    view = _fetched(request, pk)
    home = view.page == pages.OVERVIEW or view.page not in pages.BY_CODE
    address = reverse("reports:caseload") if home else reverse("reports:question", args=[view.page])
    chosen = {"period": str(saving.period_of(view.span, Month.of(clock.today())))}
    if view.team_id:
        chosen["team"] = str(view.team_id)
    return redirect(f"{address}?{urlencode(chosen)}")


@require_POST
@requires(Permission.SEE_REPORTS)
def remove(request: Any, pk: UUID) -> HttpResponse:
    saving.remove_view(view=_fetched(request, pk), by=request.membership)
    messages.success(request, _("Taken away."))
    return redirect("reports:saved")


def _fetched(request: Any, pk: UUID) -> SavedView:
    views = SavedView.objects.select_related("saved_by")
    return cast(SavedView, fetch(views, request.membership, pk=pk))
