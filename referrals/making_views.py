"""Making a referral: reviewed with the person, then sent or kept as a draft; and taking consent back."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts import audit
from accounts.access import fetch, get_and_post, requires
from accounts.errors import AlreadyChanged, InvalidInput, NotPossibleNow
from accounts.idempotency import once
from accounts.models import Organisation
from accounts.permissions import Permission
from accounts.widgets import posted
from accounts.wording import gettext_lazy as _
from accounts.wording import ngettext
from directory import kinds
from directory.models import SupportOffer
from people import actions as people
from people.contact_plan import Plan, describe
from people.models import Consent, ServiceUser
from referrals import actions
from referrals.actions.making import Wish
from referrals.actions.stepping import RELATED
from referrals.forms import ReferForm, WishForm, WithdrawConsentForm
from referrals.gathering import consent_for
from referrals.lifecycle import Status
from referrals.models import Referral
from referrals.parking import parked
from referrals.prefill import agreed_adjustments, kind_for, propose
from referrals.sharing import snapshot
from referrals.views import referral_of
from screening.models import Need

WORDING = "sharing-with-provider-1"
"""Names the question as templates/referrals/refer.html puts it. New words there need a new name here."""


@get_and_post
@requires(Permission.MAKE_REFERRALS)
@once
def refer(request: Any, need: UUID, offer: UUID) -> HttpResponse:
    """One page, filled in from what is known: what is asked, how to reach the person, what will be told."""
    about = cast(Need, fetch(Need.objects.select_related(*NEED), request.membership, pk=need))
    chosen = cast(SupportOffer, fetch(SupportOffer.objects.select_related("provider", "team"), request.membership,
                                      pk=offer))  # fmt: skip
    if about.decision != Need.Decision.AGREED:
        raise NotPossibleNow(_("Agree the need with the person first. Go back to the result."))
    form = _refer_form(request, about, chosen)
    if request.method == "POST" and form.is_valid():
        try:
            return _make(request, form, about, chosen)
        except (InvalidInput, NotPossibleNow) as refusal:
            form.refuse(refusal)
    return _review(request, form, about, chosen)


NEED = ("screening", "service_user__team__organisation", "service_user__organisation")


def _refer_form(request: Any, about: Need, offer: SupportOffer) -> ReferForm:
    person, plan = about.service_user, people.plan_of(about.service_user)
    known = agreed_adjustments(person)
    wish = propose(Wish(adjustments=tuple(known) or None), person, [about])
    agreed = Need.objects.open().filter(service_user=person, decision=Need.Decision.AGREED)
    consent = _consent(person, offer.provider)
    nameable = offer.provider.kind == Organisation.Kind.PROVIDER
    return ReferForm(
        posted(request),
        plan=plan,
        needs=list(agreed.select_related("screening")),
        ask_consent_of=offer.provider.name if consent is None and nameable else "",
        initial={**ReferForm.begin(wish), "needs": [str(about.pk)]},
    )


def _consent(person: ServiceUser, provider: Organisation) -> Consent | None:
    return consent_for(Referral(service_user=person, provider=provider))


def _make(request: Any, form: ReferForm, about: Need, offer: SupportOffer) -> HttpResponse:
    """What was agreed on the page is recorded with the referral, or neither is."""
    person, send = about.service_user, request.POST.get("do") == "send"
    make = actions.refer_and_send if send else actions.refer
    with transaction.atomic():
        if form.cleaned_data.get("said_yes"):
            people.record_consent(
                service_user=person,
                choice=Consent.Choice.YES,
                how=form.cleaned_data["how"],
                wording=WORDING,
                provider=offer.provider,
                by=request.membership,
            )
        referral = make(
            service_user=person,
            offer=offer,
            needs=form.chosen_needs(),
            kind=kind_for(about, offer),
            by=request.membership,
            **form.wish(),
        )
    if send:
        messages.success(
            request,
            _("Sent to %(provider)s. Reference %(reference)s.")
            % {"provider": offer.provider, "reference": short(referral)},
        )
    else:
        messages.success(request, _("Kept as a draft. Nobody has been told yet."))
    return redirect("referrals:detail", pk=referral.pk)


def short(referral: Referral) -> str:
    """What people read out on the phone."""
    return str(referral.pk)[-8:].upper()


def _review(request: Any, form: ReferForm, about: Need, offer: SupportOffer) -> HttpResponse:
    person, plan = about.service_user, people.plan_of(about.service_user)
    told = snapshot(service_user=person, plan=plan, needs=[about], goal="", adjustments=())
    audit.record("view_service_user", by=request.membership, subject=person)
    return render(
        request,
        "referrals/refer.html",
        {
            "form": form,
            "person": person,
            "offer": offer,
            "need": about,
            "kind": kinds.TITLES.get(kind_for(about, offer), ""),
            "told": told,
            "parked": parked(person, offer),
            "plan_answered": plan.answered,
            "contact_words": describe(plan),
            "consent": _consent(person, offer.provider),
        },
        status=400 if form.errors else 200,
    )


@get_and_post
@requires(Permission.SEE_REFERRALS)
def revise(request: Any, pk: UUID) -> HttpResponse:
    draft = referral_of(request, pk)
    if draft.status != Status.DRAFT:
        raise NotPossibleNow(_("This was sent already. Only a draft can be changed."), state=draft.status)
    plan: Plan = people.plan_of(draft.service_user)
    form = WishForm(posted(request), plan=plan, initial=WishForm.begin(draft, draft.version))
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            actions.revise(referral=draft, version=version, by=request.membership, **form.wish())
        except (AlreadyChanged, InvalidInput) as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The draft is changed."))
            return redirect("referrals:detail", pk=draft.pk)
    shown = {"form": form, "referral": draft, "contact_words": describe(plan), "person": draft.service_user}
    return render(request, "referrals/revise.html", shown, status=400 if form.errors else 200)


@get_and_post
@requires(Permission.EDIT_SERVICE_USERS)
def withdraw_consent(request: Any, pk: UUID) -> HttpResponse:
    """Says beforehand which referrals stop with it."""
    rows = Consent.objects.select_related("service_user", "provider")
    consent = cast(Consent, fetch(rows, request.membership, pk=pk))
    form = WithdrawConsentForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            stopped = actions.withdraw_consent(
                consent=consent, how=form.cleaned_data["how"], by=request.membership
            )
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _stopped_words(len(stopped)))
            return redirect("people:detail", pk=consent.service_user_id)
    resting = Referral.objects.open().filter(consent=consent).select_related(*RELATED)
    words = describe(people.plan_of(consent.service_user))
    shown = {
        "form": form,
        "consent": consent,
        "person": consent.service_user,
        "contact_words": words,
        "resting": resting,
    }
    return render(request, "referrals/withdraw_consent.html", shown, status=400 if form.errors else 200)


def _stopped_words(count: int) -> str:
    if not count:
        return _("Consent is withdrawn. No referral rested on it.")
    words = ngettext(
        "Consent is withdrawn. %(number)s referral was withdrawn with it.",
        "Consent is withdrawn. %(number)s referrals were withdrawn with it.",
        count,
    )
    return words % {"number": count}
