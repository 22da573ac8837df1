"""The directory's pages: what support there is, one offer, and what fits a need."""

from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import audit, clock
from accounts.access import fetch, get_and_post, requires
from accounts.errors import AlreadyChanged, NotPossibleNow, Refused
from accounts.idempotency import once
from accounts.models import Membership
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from directory import actions, kinds, opening
from directory.finding import find, narrowed
from directory.fitting import fit
from directory.forms import ConfirmOfferForm, FindOffersForm, NothingFitsForm
from directory.history import history
from directory.models import SupportOffer
from directory.models.offers import SupportOfferQuerySet
from directory.models.providers import kept_by
from directory.terms import FORMATS
from directory.weights import CONFIRM_AFTER_DAYS
from people.actions import plan_of
from people.contact_plan import describe
from people.london import in_london
from screening import words
from screening.models import Need

PAGE = 50


@get_and_post
@requires(Permission.SEE_DIRECTORY)
def offers(request: Any) -> HttpResponse:
    """What is sent comes back as an address with a district and no whole postcode, which may be a person's."""
    form = FindOffersForm(request.POST if request.method == "POST" else request.GET)
    if request.method == "POST" and form.is_valid():
        return redirect(f"{reverse('directory:offers')}?{form.as_query()}")
    today = clock.today()
    asked = form.asked()
    listed = narrowed(_listed(request.membership, form, today), asked)
    found = find(listed, asked, in_london(clock.now()))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "found": found if form.data.get("show") == "table" else page.object_list,
        "kinds": kinds.TITLES,
        "query": form.as_query() if form.is_valid() else "",
        "is_table": form.data.get("show") == "table",
        "page_day": today,
    }
    return render(request, "directory/offers.html", context)


def _listed(membership: Membership, form: FindOffersForm, today: date) -> SupportOfferQuerySet:
    rows = SupportOffer.objects.visible_to(membership).select_related("provider__profile", "location")
    confirmed = form.cleaned_data.get("confirmed") if form.is_valid() else ""
    if confirmed == "late":
        return rows.published().not_confirmed_since(today - timedelta(days=CONFIRM_AFTER_DAYS))
    return rows.hidden(today) if confirmed == "hidden" else rows.current(today)


@get_and_post
@requires(Permission.SEE_DIRECTORY)
def offer(request: Any, pk: UUID) -> HttpResponse:
    """One offer with its history; who keeps it can confirm it here."""
    rows = SupportOffer.objects.select_related("provider__profile", "location", "team", "feed")
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
            messages.success(request, _("Confirmed. Referrers see this at once."))
            return redirect("directory:offer", pk=row.pk)
    return render(request, "directory/offer.html", _about(row, form, request.membership))


def _about(row: SupportOffer, form: ConfirmOfferForm, viewer: Membership) -> dict[str, Any]:
    keeps = viewer.may(Permission.EDIT_OFFERS) and kept_by(viewer).filter(pk=row.provider_id).exists()
    return {
        "offer": row,
        "keeps": keeps,
        "form": form if keeps and row.is_active else None,
        "formats": FORMATS,
        "kinds": kinds.TITLES,
        "times": opening.in_words(row.times),
        "history": history(row, viewer),
        "stock": row.stock.all(),
        "unconfirmed_days": row.unconfirmed_days(clock.today()),
    }


@get_and_post
@requires(Permission.MAKE_REFERRALS)
@once
def choose(request: Any, need: UUID) -> HttpResponse:
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
            messages.success(request, _("Recorded as an unmet need. It stays open, and counts in the report."))
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
        raise NotPossibleNow(_("A later screening has taken this need up, or settled it. Choose support there."))
    if need.decision != Need.Decision.AGREED:
        raise NotPossibleNow(_("Choose support once the person has agreed to it. Go back to the result first."))
