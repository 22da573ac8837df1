"""The pages of providers and their places, for whoever keeps their listings."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import get_and_post, requires
from accounts.errors import InvalidInput
from accounts.idempotency import once
from accounts.models import Organisation
from accounts.permissions import Permission, Role
from accounts.widgets import ServiceForm, posted
from directory import actions
from directory.editing_forms import PlaceForm, ProviderForm
from directory.models import Location
from directory.models.providers import kept_by

PROVIDERS_SHOWN = 200


def kept(request: Any, pk: UUID) -> Organisation:
    return get_object_or_404(kept_by(request.membership).select_related("profile"), pk=pk)


def carried_out(request: Any, form: ServiceForm, act: Callable[..., Any], **given: Any) -> Any:
    """What the action gave for what was typed, if the form was sent whole; None otherwise, with what a rule
    refused beside its fields."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return act(by=request.membership, **given, **form.cleaned_data)
    except InvalidInput as refusal:
        form.refuse(refusal)
        return None


@require_safe
@requires(Permission.EDIT_OFFERS)
def providers(request: Any) -> HttpResponse:
    """Whose listings one keeps; one's own organisation first."""
    listed = Count("offers", filter=Q(offers__withdrawn_at=None))
    rows = kept_by(request.membership).annotate(listed=listed).order_by("name")[:PROVIDERS_SHOWN]
    own = request.membership.organisation_id
    may_add = request.membership.role == Role.ADMIN and request.membership.organisation.kind == "health"
    shown = sorted(rows, key=lambda row: row.pk != own)
    return render(request, "directory/providers.html", {"providers": shown, "may_add": may_add})


@require_safe
@requires(Permission.EDIT_OFFERS)
def provider(request: Any, pk: UUID) -> HttpResponse:
    row = kept(request, pk)
    offers = row.offers.select_related("location").order_by("name", "pk")
    context = {
        "provider": row,
        "profile": getattr(row, "profile", None),
        "offers": [offer for offer in offers if offer.is_active],
        "ended": [offer for offer in offers if not offer.is_active],
    }
    return render(request, "directory/provider.html", context)


@get_and_post
@requires(Permission.EDIT_OFFERS)
@once
def add_provider(request: Any) -> HttpResponse:
    form = ProviderForm(posted(request))
    made = carried_out(request, form, actions.add_provider)
    if made:
        messages.success(request, _("The provider is added. Add where it works, then what it offers."))
        return redirect("directory:provider", pk=made.organisation_id)
    return render(request, "directory/edit_provider.html", {"form": form})


@get_and_post
@requires(Permission.EDIT_OFFERS)
def edit_provider(request: Any, pk: UUID) -> HttpResponse:
    """Its name is changed where organisations are, not here."""
    row = kept(request, pk)
    profile = getattr(row, "profile", None)
    fields = ("phone", "email", "website", "description")
    form = ProviderForm(posted(request), initial={name: getattr(profile, name, "") for name in fields})
    del form.fields["name"]
    if carried_out(request, form, actions.describe_provider, organisation=row):
        messages.success(request, _("Saved."))
        return redirect("directory:provider", pk=row.pk)
    return render(request, "directory/edit_provider.html", {"form": form, "provider": row})


@get_and_post
@requires(Permission.EDIT_OFFERS)
@once
def add_place(request: Any, provider: UUID) -> HttpResponse:
    whose = kept(request, provider)
    form = PlaceForm(posted(request))
    if carried_out(request, form, actions.add_location, organisation=whose):
        messages.success(request, _("The place is added."))
        return redirect("directory:provider", pk=whose.pk)
    return render(request, "directory/edit_place.html", {"form": form, "provider": whose})


@get_and_post
@requires(Permission.EDIT_OFFERS)
def edit_place(request: Any, pk: UUID) -> HttpResponse:
    keeps = kept_by(request.membership)
    row = get_object_or_404(Location.objects.filter(organisation__in=keeps).select_related("organisation"), pk=pk)
    maybe = {name: "" if (has := getattr(row, name)) is None else str(has) for name in _MAYBE}
    form = PlaceForm(
        posted(request), initial={"name": row.name, "address": row.address, "postcode": row.postcode, **maybe}
    )
    if carried_out(request, form, actions.edit_location, location=row):
        messages.success(request, _("Saved."))
        return redirect("directory:provider", pk=row.organisation_id)
    return render(request, "directory/edit_place.html", {"form": form, "provider": row.organisation, "place": row})


_MAYBE = ("step_free", "hearing_support", "sight_support")
