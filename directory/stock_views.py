"""What an offer has to lend or give: how many, where they are, and every move of them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import get_and_post, requires
from accounts.errors import NotAllowed, Refused
from accounts.idempotency import once
from accounts.models import Membership
from accounts.permissions import Permission
from accounts.widgets import posted
from directory import actions
from directory.editing_forms import StockForm
from directory.editing_views import offer_kept
from directory.models import StockMovement, SupportOffer

SHOWN = 50


@get_and_post
@requires(Permission.EDIT_OFFERS)
@once
def stock(request: Any, pk: UUID) -> HttpResponse:
    """Counting begins with the first move. What a loan does is counted by the loan."""
    offer = offer_kept(request, pk)
    form = StockForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            _move(offer, request.membership, **form.cleaned_data)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Counted."))
            return redirect("directory:stock", pk=offer.pk)
    log = (
        StockMovement.objects.filter(stock__offer=offer).select_related("stock", "by__user").order_by("-at", "-pk")
    )
    context = {"offer": offer, "form": form, "stock": offer.stock.all(), "log": log[:SHOWN]}
    return render(request, "directory/stock.html", context)


def _move(offer: SupportOffer, by: Membership, *, kind: str, **move: Any) -> None:
    stock = actions.keep_stock(offer=offer, kind=kind, by=by)
    actions.move_stock(stock=stock, by=by, **move)
