"""Withdrawing an offer: its page asks what becomes of the people who were referred to it."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import fetch, get_and_post, requires
from accounts.errors import AlreadyChanged, NotAllowed, Refused
from accounts.permissions import Permission
from accounts.widgets import posted
from accounts.wording import ngettext
from directory.actions.providers import check_keeps
from directory.models import SupportOffer
from referrals import actions
from referrals.forms import WithdrawOfferForm
from referrals.models import Referral


@get_and_post
@requires(Permission.EDIT_OFFERS)
def withdraw_offer(request: Any, pk: UUID) -> HttpResponse:
    """How many are open is told to whoever keeps the offer; who they are is on the pages of those who may know."""
    offers = SupportOffer.objects.select_related("provider")
    offer = cast(SupportOffer, fetch(offers, request.membership, pk=pk))
    check_keeps(offer.provider, request.membership)
    open_now = Referral.objects.open().filter(offer=offer).count()
    form = WithdrawOfferForm(posted(request), any_open=bool(open_now), initial={"version": offer.version})
    if request.method == "POST" and form.is_valid():
        try:
            asked = actions.withdraw_offer(offer=offer, by=request.membership, **form.cleaned_data)
        except NotAllowed:
            raise
        except AlreadyChanged as refusal:
            offer.refresh_from_db()
            form = form.over(offer.version, refusal)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _said(asked))
            return redirect("directory:offer", pk=offer.pk)
    return render(
        request, "referrals/withdraw_offer.html", {"form": form, "withdrawn": offer, "open_now": open_now}
    )


def _said(asked: int) -> str:
    return ngettext(
        "Withdrawn. %(number)s referrer is asked what to do next.",
        "Withdrawn. %(number)s referrers are asked what to do next.",
        asked,
    ) % {"number": asked}
