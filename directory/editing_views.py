"""The pages that keep listings true: an offer written, changed, confirmed and paused."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.access import fetch, get_and_post, requires
from accounts.errors import AlreadyChanged, InvalidInput, NotAllowed, Refused
from accounts.idempotency import once
from accounts.permissions import Permission
from accounts.widgets import posted, seen_version
from directory import actions
from directory.actions.providers import check_keeps
from directory.editing_forms import OfferForm, as_typed
from directory.models import SupportOffer
from directory.provider_views import carried_out, kept

RELATED = ("provider__profile", "location", "team")


def offer_kept(request: Any, pk: UUID) -> SupportOffer:
    """404 for what one cannot see; 403, saying who can, for what somebody else keeps."""
    row = cast(SupportOffer, fetch(SupportOffer.objects.select_related(*RELATED), request.membership, pk=pk))
    check_keeps(row.provider, request.membership)
    return row


@get_and_post
@requires(Permission.EDIT_OFFERS)
@once
def add_offer(request: Any, provider: UUID) -> HttpResponse:
    whose = kept(request, provider)
    form = OfferForm(posted(request), provider=whose, initial={"accepts_referrals": "True"})
    del form.fields["version"]
    made = carried_out(request, form, actions.publish_offer, provider=whose, verified_on=clock.today())
    if made:
        messages.success(request, _("The offer is listed. Referrers can find it now."))
        return redirect("directory:offer", pk=made.pk)
    return render(request, "directory/edit_offer.html", {"form": form, "provider": whose})


@get_and_post
@requires(Permission.EDIT_OFFERS)
def edit_offer(request: Any, pk: UUID) -> HttpResponse:
    """Of two editors the second is told, reads the listing as it is now beside their typing, and saves again."""
    row = offer_kept(request, pk)
    form = OfferForm(posted(request), provider=row.provider, initial=as_typed(row))
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_offer(offer=row, by=request.membership, **form.cleaned_data)
        except AlreadyChanged as refusal:
            row.refresh_from_db()
            form.over(row.version, refusal)
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("directory:offer", pk=row.pk)
    theirs = row.changes.select_related("by__user").first() if form.errors else None
    return render(
        request,
        "directory/edit_offer.html",
        {"form": form, "provider": row.provider, "offer": row, "theirs": theirs},
    )


KEEP = {"true": actions.still_true, "full": actions.pause_offer, "room": actions.has_room_again}
BRING_BACK = "back"


@require_POST
@requires(Permission.EDIT_OFFERS)
@once
def keep(request: Any, pk: UUID, what: str) -> HttpResponse:
    """One click: still true, full, room again, or listed again. A page left open is told, and changes nothing."""
    row = offer_kept(request, pk)
    act = {**KEEP, BRING_BACK: actions.bring_back_offer}.get(what)
    if act is None:
        raise Http404
    try:
        act(offer=row, version=seen_version(request), by=request.membership)
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Recorded. Referrers see this at once."))
    return redirect("directory:offer", pk=row.pk)
