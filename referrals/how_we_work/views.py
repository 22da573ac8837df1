"""How we work: where an admin sets the days on the clocks and the reasons that staff choose from."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.access import get_and_post, requires
from accounts.errors import AlreadyChanged, InvalidInput
from accounts.idempotency import once
from accounts.models import Membership
from accounts.permissions import Permission
from accounts.widgets import posted
from accounts.wording import gettext_lazy as _
from referrals.coded import reasons_of
from referrals.how_we_work import clocks, reasons, recording, telling
from referrals.how_we_work.forms import ClocksForm, ReasonForm, Seen
from referrals.models import MessageWords, ReasonCode
from referrals.reasons import Reason

SET_UP = Permission.SET_UP_ORGANISATION
Step = ReasonCode.Step


@require_safe
@requires(SET_UP)
def how_we_work(request: Any) -> HttpResponse:
    organisation = request.membership.organisation
    own = MessageWords.objects.visible_to(request.membership)
    context = {
        "own_messages": own.filter(state=MessageWords.State.IN_FORCE).count(),
        "drafts": own.filter(state=MessageWords.State.DRAFT).count(),
        "own_reasons": ReasonCode.objects.visible_to(request.membership).count(),
        "own_clocks": len(organisation.clocks),
    }
    return render(request, "referrals/how_we_work/index.html", context)


def answer(request: Any, template: str, context: dict[str, Any]) -> HttpResponse:
    """What was typed wrongly comes back with its form, and says so to machines as well."""
    form = context.get("form")
    return render(request, template, context, status=400 if form is not None and form.errors else 200)


def carried_out(form: Seen, act: Any, version_now: Any) -> bool:
    """Whether it was done; else the form holds what to put right."""
    try:
        act()
    except AlreadyChanged as refusal:
        form.over(version_now(), refusal)
    except InvalidInput as refusal:
        form.refuse(refusal)
    else:
        return True
    return False


# --- Clocks ------------------------------------------------------------------------------------------------


@get_and_post
@requires(SET_UP)
def clocks_page(request: Any) -> HttpResponse:
    by: Membership = request.membership
    days, version = clocks.days_of(by.organisation), clocks.version_of(by.organisation)
    form = ClocksForm(posted(request), days=days, initial={"version": version})
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            clocks.set_days(by=by, days=form.days(), seen=form.seen)

        if carried_out(form, act, lambda: clocks.version_of(by.organisation)):
            messages.success(request, _("Saved. The days count for clocks that start from now on."))
            return redirect("referrals:our_clocks")
    context = {
        "form": form,
        "days": days,
        "history": telling.told(recording.history(by.organisation, clocks.AREA)),
    }
    return answer(request, "referrals/how_we_work/clocks.html", context)


# --- Reasons -----------------------------------------------------------------------------------------------


@require_safe
@requires(SET_UP)
def reasons_page(request: Any) -> HttpResponse:
    organisation = request.membership.organisation
    lists = [_list(step, list(reasons_of(organisation, step).values())) for step in Step.values]
    context = {"lists": lists, "history": telling.told(recording.history(organisation, reasons.AREA))}
    return render(request, "referrals/how_we_work/reasons.html", context)


def _list(step: str, listed: list[Reason]) -> dict[str, Any]:
    return {
        "step": step,
        "title": telling.STEP_TITLES[step],
        "offered": [reason for reason in listed if not reason.hidden],
        "retired": [reason for reason in listed if reason.hidden],
        "usual": reasons.usual(step),
    }


@get_and_post
@requires(SET_UP)
@once
def add_reason(request: Any, step: str) -> HttpResponse:
    _check_step(step)
    form = ReasonForm(posted(request), step=step, is_new=True)
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            reasons.add(by=request.membership, step=step, wanted=form.wanted())

        if carried_out(form, act, lambda: 0):
            messages.success(request, _("Added. Staff can choose it now."))
            return redirect("referrals:our_reasons")
    context = {"form": form, "step": step, "title": telling.STEP_TITLES[step]}
    return answer(request, "referrals/how_we_work/reason.html", context)


def _check_step(step: str) -> None:
    if step not in Step.values:
        raise Http404


@get_and_post
@requires(SET_UP)
def reason(request: Any, step: str, code: str) -> HttpResponse:
    by: Membership = request.membership
    _check_step(step)
    found = reasons_of(by.organisation, step).get(code)
    if found is None:
        raise Http404

    def version() -> int:
        return reasons.version_of(by.organisation, step, code)

    form = ReasonForm(
        posted(request), step=step, initial={**asdict(reasons.wanted_from(found)), "version": version()}
    )
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            reasons.change(by=by, step=step, code=code, wanted=form.wanted(), seen=form.seen)

        if carried_out(form, act, version):
            messages.success(request, _("Saved. Old records keep what was written with them."))
            return redirect("referrals:our_reasons")
    context = {
        "form": form,
        "step": step,
        "title": telling.STEP_TITLES[step],
        "reason": found,
        "usual": reasons.usual(step).get(code),
        "history": telling.told(recording.history(by.organisation, reasons.AREA, f"{step}:{code}")),
    }
    return answer(request, "referrals/how_we_work/reason.html", context)
