"""The directory's pages: what support there is, one offer, and what fits a need."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.access import fetch, requires
from accounts.errors import NotPossibleNow, Refused
from accounts.idempotency import once
from accounts.permissions import Permission
from directory import actions, kinds
from directory.fitting import fit
from directory.forms import ConfirmOfferForm, NothingFitsForm
from directory.models import SupportOffer
from directory.terms import FORMATS
from screening.models import Need


@require_safe
@requires(Permission.SEE_DIRECTORY)
def offers(request: HttpRequest) -> HttpResponse:
    chosen = request.GET.get("kind", "")
    rows = SupportOffer.objects.published().visible_to(request.membership).select_related("provider", "location")
    if chosen:
        # JSON containment differs between the databases; the directory is small enough to sift here.
        rows = [offer for offer in rows if chosen in offer.kinds]
    return render(
        request,
        "directory/offers.html",
        {"offers": rows, "kinds": kinds.TITLES.items(), "chosen": chosen, "formats": FORMATS},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SEE_DIRECTORY)
def offer(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = cast(
        SupportOffer,
        fetch(SupportOffer.objects.select_related("provider__profile", "location"), request.membership, pk=pk),
    )
    own = row.provider_id == request.membership.organisation_id
    form = ConfirmOfferForm(request.POST or None, initial={"capacity": row.capacity, "wait_days": row.wait_days})
    if request.method == "POST" and form.is_valid():
        actions.confirm_offer(offer=row, by=request.membership, **form.cleaned_data)
        messages.success(request, "Confirmed. Referrers see this at once.")
        return redirect("directory:offer", pk=row.pk)
    return render(
        request, "directory/offer.html", {"offer": row, "form": form if own else None, "formats": FORMATS}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MAKE_REFERRALS)
@once
def choose(request: HttpRequest, need: UUID) -> HttpResponse:
    """Offers for one agreed need, each with its reasons; or the record that nothing fits."""
    row = cast(Need, fetch(Need.objects.select_related("service_user", "screening"), request.membership, pk=need))
    if row.decision != Need.Decision.AGREED:
        raise NotPossibleNow("Choose support once the person has agreed to it. Go back to the result first.")
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
    context = {"need": row, "person": row.service_user, "found": found, "form": form, "title": kinds.TITLES}
    return render(request, "directory/choose.html", context)
