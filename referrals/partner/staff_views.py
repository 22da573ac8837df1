"""Staff pages about a provider without an account: its link, its letter, and its call."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import get_and_post, requires
from accounts.errors import InvalidInput
from accounts.idempotency import once
from accounts.permissions import Permission
from accounts.widgets import posted
from accounts.wording import gettext_lazy as _
from referrals.partner import staff
from referrals.partner.forms import PhoneInForm
from referrals.printing.paper import PDF
from referrals.views import referral_of


@require_POST
@requires(Permission.SEE_REFERRALS)
@once
def send_link(request: Any, pk: UUID) -> HttpResponse:
    referral = referral_of(request, pk)
    staff.send_link(referral=referral, by=request.membership)
    messages.success(request, _("A new link is on its way. One that was sent before no longer opens."))
    return redirect("referrals:detail", pk=referral.pk)


@require_POST
@requires(Permission.SEE_REFERRALS)
def revoke_link(request: Any, pk: UUID) -> HttpResponse:
    referral = referral_of(request, pk)
    staff.revoke_link(referral=referral, by=request.membership)
    messages.success(request, _("The link no longer opens. Tell the provider, if they are at it."))
    return redirect("referrals:detail", pk=referral.pk)


@require_safe
@requires(Permission.SEE_REFERRALS)
def letter(request: Any, pk: UUID) -> HttpResponse:
    referral = referral_of(request, pk)
    response = HttpResponse(staff.print_letter(referral=referral, by=request.membership), content_type=PDF)
    response["Content-Disposition"] = 'inline; filename="letter.pdf"'
    return response


@get_and_post
@requires(Permission.SEE_REFERRALS)
def phone_in(request: Any) -> HttpResponse:
    """Somebody rings about a referral: reference and word open it, by POST, and what they say is written there."""
    form = PhoneInForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            found = staff.find_by_phone(**form.cleaned_data, by=request.membership)
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            messages.info(
                request,
                _("Reference and word are right. Write down below what they say: it is kept as their word."),
            )
            return redirect("referrals:detail", pk=found.pk)
    return render(request, "referrals/partner/phone_in.html", {"form": form}, status=400 if form.errors else 200)
