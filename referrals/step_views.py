"""The page of a step: the same one for every step of the table, with the form that the step asks for."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from accounts import audit
from accounts.access import get_and_post, requires
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.permissions import Permission
from accounts.widgets import posted
from referrals import actions
from referrals.actions.safety import may_ask_safety
from referrals.gathering import error_proposal
from referrals.lifecycle import STATES, STEPS, Facts, Status, blockers, check
from referrals.looking_up import look_up
from referrals.models import Referral
from referrals.page import head
from referrals.standing import standing
from referrals.step_forms import Asking, StepForm
from referrals.timeline import before
from referrals.views import referral_of


@get_and_post
@requires(Permission.SEE_REFERRALS)
def step(request: Any, pk: UUID, action: str) -> HttpResponse:
    referral = referral_of(request, pk)
    asked = STEPS.get(action)
    if asked is None or not asked.sources:
        raise Http404
    me = standing(referral, request.membership)
    form = StepForm(posted(request), about=Asking.about(referral, asked, me))
    if request.method == "POST" and form.is_valid():
        return _take(request, referral, form)
    if request.method != "POST" and action not in me.may_do(referral.status):
        return _refuse_at_once(request, form)
    return _page(request, form)


def _refuse_at_once(request: Any, form: StepForm) -> HttpResponse:
    """Whoever follows an old link hears it before they have typed anything."""
    about = form.about
    try:
        check(about.referral.status, about.step.name, evidence={}, facts=Facts(), **about.me.keywords())
    except NotPossibleNow as refusal:
        return _conflict(request, form, refusal)
    raise Http404


def _take(request: Any, referral: Referral, form: StepForm) -> HttpResponse:
    step = form.about.step
    try:
        after = actions.act(
            referral=referral,
            action=step.name,
            by=request.membership,
            evidence=look_up(referral, step, form.evidence()),
            version=form.cleaned_data["version"],
            **form.how(),
        )
    except InvalidInput as refusal:
        form.refuse(refusal)
        return _page(request, form)
    except NotPossibleNow as refusal:
        return _conflict(request, form, refusal)
    messages.success(request, f"{step.done}. {STATES[Status(after.status)].meaning}")
    return _onwards(request, after)


def _onwards(request: Any, after: Referral) -> HttpResponse:
    """To the draft that took its place, if there is one; to the list, if the referral is gone for this side."""
    visible = Referral.objects.visible_to(request.membership)
    draft = visible.filter(previous=after, status=Status.DRAFT).first()
    if draft is not None:
        return redirect("referrals:detail", pk=draft.pk)
    if not visible.filter(pk=after.pk).exists():
        return redirect("referrals:worklist")
    return redirect("referrals:detail", pk=after.pk)


def _page(request: Any, form: StepForm) -> HttpResponse:
    about = form.about
    audit.record("view_referral", by=request.membership, subject=about.referral)
    shown = head(about.referral, request.membership)
    missing = blockers(about.step, about.facts) if about.step.name != "mark_error" else []
    return render(
        request,
        "referrals/step.html",
        {
            **shown,
            "form": form,
            "step": about.step,
            "missing": missing,
            "phoned_in": about.is_phoned_in,
            "said": before(about.referral, about.step.name),
            "may_ask_safety": may_ask_safety(about.referral, about.me),
            "proposal": error_proposal(about.referral) if about.step.name == "mark_error" else None,
        },
        status=400 if form.errors else 200,
    )


def _conflict(request: Any, form: StepForm, refusal: NotPossibleNow) -> HttpResponse:
    """409, with what is so now, what may be done instead, and all that was typed; where the same step is still
    possible, the same form once more, for the version that stands."""
    about = form.about
    now = referral_of(request, about.referral.pk)
    me = standing(now, request.membership)
    again = Asking.about(now, about.step, me)
    possible = about.step.name in me.may_do(now.status) and not blockers(about.step, again.facts)
    data = request.POST.copy()
    data["version"] = now.version
    return render(
        request,
        "referrals/conflict.html",
        {
            **head(now, request.membership),
            "refusal": refusal,
            "step": about.step,
            "form": StepForm(data, about=again) if possible else None,
            "typed": form.typed(),
            "instead": [STEPS[name] for name in refusal.allowed if name in STEPS and name != "mark_error"],
        },
        status=refusal.http_status,
    )
