"""Letting a person go and what follows: the question about safety, their own word later, and asking elsewhere."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts import audit
from accounts.access import get_and_post, requires
from accounts.errors import InvalidInput, NotAllowed, NotPossibleNow
from accounts.idempotency import once
from accounts.permissions import Permission
from accounts.widgets import posted
from accounts.wording import gettext_lazy as _
from people import actions as people
from people.models import Consent
from referrals import actions
from referrals.closing_forms import LiftParkForm, PersonsWordForm, ReferOnForm, SafetyForm
from referrals.models import Referral
from referrals.page import head
from referrals.parking import is_parking
from referrals.prefill import kind_for
from referrals.referring_on import may_refer_on, needs_shown, offers_for
from referrals.standing import standing
from referrals.views import referral_of
from referrals.work_views import work_page

WORDING = "sharing-with-provider-1"
"""Names the question as templates/referrals/refer_on.html puts it. New words there need a new name here."""


@get_and_post
@requires(Permission.SEE_REFERRALS)
@once
def ask_safety(request: Any, pk: UUID) -> HttpResponse:
    referral = referral_of(request, pk)
    form = SafetyForm(posted(request), referral=referral)

    def work(typed: dict[str, Any]) -> None:
        clinician = form.by_id[typed["clinician"]]
        actions.ask_safety(referral=referral, clinician=clinician, by=request.membership)

    return work_page(
        request, referral, form, work, title=_("Ask: is there any safety concern?"), button=_("Ask the clinician"),
        done=_("Asked. Their answer is needed before the person is let go."),
    )  # fmt: skip


@get_and_post
@requires(Permission.SEE_REFERRALS)
@once
def persons_word(request: Any, pk: UUID) -> HttpResponse:
    referral = referral_of(request, pk)
    form = PersonsWordForm(posted(request))

    def work(typed: dict[str, Any]) -> None:
        actions.record_persons_word(referral=referral, by=request.membership, **typed)

    return work_page(
        request, referral, form, work, title=_("What the person says"), button=_("Save"), done=_("Written down.")
    )


@get_and_post
@requires(Permission.SEE_REFERRALS)
@once
def lift_park(request: Any, pk: UUID) -> HttpResponse:
    referral = referral_of(request, pk)
    form = LiftParkForm(posted(request))
    if request.method != "POST" and not is_parking(referral):
        raise NotPossibleNow(_("Nothing keeps this provider from being asked."), state=referral.status)

    def work(typed: dict[str, Any]) -> None:
        actions.lift_park(referral=referral, words=typed["words"], by=request.membership)

    return work_page(
        request, referral, form, work, title=_("Have this provider asked again"), button=_("Save"),
        done=_("They can be asked again now."),
    )  # fmt: skip


@get_and_post
@requires(Permission.SEE_REFERRALS)
@once
def refer_on(request: Any, pk: UUID) -> HttpResponse:
    """The same checks as from a clinic's own page; consent must cover the new provider before it is sent."""
    referral = referral_of(request, pk)
    me = standing(referral, request.membership)
    if not may_refer_on(referral, me):
        raise NotAllowed(_("Only whoever works with the person now can refer them on."))
    needs = needs_shown(referral)
    form = ReferOnForm(
        posted(request), offers=offers_for(referral, needs), needs=needs, goal=referral.shared.get("goal", "")
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _send_or_keep(request, referral, form)
        except (InvalidInput, NotPossibleNow) as refusal:
            form.refuse(refusal)
    audit.record("refer_on", by=request.membership, subject=referral)
    shown = {**head(referral, request.membership), "form": form}
    return render(request, "referrals/refer_on.html", shown, status=400 if form.errors else 200)


def _send_or_keep(request: Any, referral: Referral, form: ReferOnForm) -> HttpResponse:
    """What the person agreed to on the page is recorded with the referral, or neither is."""
    send, offer, needs = request.POST.get("do") == "send", form.chosen_offer(), form.chosen_needs()
    make = actions.refer_and_send if send else actions.refer
    with transaction.atomic():
        if form.cleaned_data["said_yes"]:
            people.record_consent(
                service_user=referral.service_user,
                choice=Consent.Choice.YES,
                how=form.cleaned_data["how"],
                wording=WORDING,
                provider=offer.provider,
                by=request.membership,
            )
        onward = make(
            service_user=referral.service_user,
            offer=offer,
            needs=needs,
            kind=kind_for(needs[0], offer),
            by=request.membership,
            asked_for=form.cleaned_data["asked_for"],
            goal=form.cleaned_data["goal"],
            adjustments=None if referral.adjustments is None else tuple(referral.adjustments),
            warm_handover=referral.warm_handover,
            safeguarding=referral.safeguarding,
        )
    messages.success(
        request,
        _("Sent to %(provider)s.") % {"provider": offer.provider}
        if send
        else _("Kept as a draft. The clinic can send it once the person has said yes."),
    )
    return redirect("referrals:detail", pk=onward.pk)
