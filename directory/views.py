"""The directory's pages: what support there is, one offer, and what fits a need."""

from datetime import timedelta
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts import audit, clock
from accounts.access import fetch, get_and_post, requires
from accounts.errors import AlreadyChanged, NotPossibleNow, Refused
from accounts.idempotency import once
from accounts.permissions import Permission
from directory import actions, kinds
from directory.fitting import fit
from directory.forms import ConfirmOfferForm, FindOffersForm, NothingFitsForm
from directory.models import SupportOffer
from directory.terms import FORMATS
from directory.weights import CONFIRM_AFTER_DAYS
from people.actions import plan_of
from people.contact_plan import describe
from screening import words
from screening.models import Need


@require_safe
@requires(Permission.SEE_DIRECTORY)
def offers(request: HttpRequest) -> HttpResponse:
    form = FindOffersForm(request.GET)
    rows = SupportOffer.objects.published().visible_to(request.membership).select_related("provider", "location")
    asked = form.cleaned_data if form.is_valid() else {}
    if asked.get("confirmed"):
        rows = rows.not_confirmed_since(clock.today() - timedelta(days=CONFIRM_AFTER_DAYS))
    # JSON containment differs between the databases; the directory is small enough to sift here.
    found = [offer for offer in rows if not asked.get("kind") or asked["kind"] in offer.kinds]
    return render(request, "directory/offers.html", {"form": form, "offers": found, "kinds": kinds.TITLES})


@get_and_post
@requires(Permission.SEE_DIRECTORY)
def offer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One offer; its provider can confirm it here."""
    rows = SupportOffer.objects.select_related("provider__profile", "location", "team")
    row = cast(SupportOffer, fetch(rows, request.membership, pk=pk))
    form = ConfirmOfferForm(
        request.POST or None,
        initial={"capacity": row.capacity, "wait_days": row.wait_days, "version": row.version},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm_offer(offer=row, by=request.membership, **form.cleaned_data)
        except AlreadyChanged as refusal:
            row.refresh_from_db()
            form = form.for_version(row.version, refusal)
        else:
            messages.success(request, "Confirmed. Referrers see this at once.")
            return redirect("directory:offer", pk=row.pk)
    may_confirm = row.provider_id == request.membership.organisation_id and row.withdrawn_at is None
    return render(
        request,
        "directory/offer.html",
        {"offer": row, "form": form if may_confirm else None, "formats": FORMATS, "kinds": kinds.TITLES},
    )


@get_and_post
@requires(Permission.MAKE_REFERRALS)
@once
def choose(request: HttpRequest, need: UUID) -> HttpResponse:
    """Offers for one agreed need, each with its reasons; or the record that nothing fits."""
    row = cast(
        Need, fetch(Need.objects.select_related("service_user__team", "screening"), request.membership, pk=need)
    )
    _check_may_be_served(row)
    found = fit(row)
    form = NothingFitsForm(request.POST or None, initial={"reason": found.nothing})
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_unmet_need(
                need=row, kind=found.rule.support, by=request.membership, **form.cleaned_data
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Recorded as an unmet need. It stays open, and counts in the report.")
            return redirect("screening:result", pk=row.screening_id)
    audit.record("choose_support", by=request.membership, subject=row)
    context = {
        "need": row,
        "person": row.service_user,
        "contact_words": describe(plan_of(row.service_user)),
        "found": found,
        "title": kinds.TITLES[found.rule.support],
        "hold": words.hold(found.hold),
        "put_unmet_forward": not found.matches.recommended and not found.travels_along,
        "form": form,
    }
    return render(request, "directory/choose.html", context)


def _check_may_be_served(need: Need) -> None:
    if not Need.objects.open().filter(pk=need.pk).exists():
        raise NotPossibleNow("A later screening has taken this need up, or settled it. Choose support there.")
    if need.decision != Need.Decision.AGREED:
        raise NotPossibleNow("Choose support once the person has agreed to it. Go back to the result first.")
