"""The pages of whoever holds a link. In front of the code each link looks the same, and so does what is none.

No page here knows the user's session, and no other page knows this one's cookie. Nothing is sent or used up by
opening an address: mail scanners and previews do that too.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import get_and_post
from accounts.adapter import StaffAdapter
from accounts.errors import InvalidInput, NotAllowed, NotPossibleNow
from accounts.widgets import posted
from accounts.wording import gettext_lazy as _
from referrals.lifecycle import STEPS
from referrals.looking_up import look_up
from referrals.models import PartnerLink, Referral
from referrals.partner import door as doors
from referrals.partner import page, session
from referrals.partner.acting import HOLDER, LinkShut, act_by_link
from referrals.partner.forms import CodeForm
from referrals.step_forms import Asking, StepForm

View = Callable[..., HttpResponse]
WROTE = ("question", "named_worker", "given", "words")
"""Boxes that somebody may have typed in when the link stopped: they get their own words back."""


def by_link(view: View) -> View:
    """Open to whoever has the address; no other site hears of it, no robot lists it, no cache keeps it."""

    @wraps(view)
    def guarded(request: Any, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, token, *args, **kwargs)
        # With no-referrer browsers send `Origin: null`, and no form could be told from a forged one.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Cache-Control"] = "no-store, private"
        return response

    return login_not_required(guarded)


def address_of(request: Any) -> str:
    return StaffAdapter(request).get_client_ip(request)


# --- In front of the code --------------------------------------------------------------------------------


@require_safe
@by_link
def door(request: Any, token: str) -> HttpResponse:
    return render(request, "referrals/partner/door.html", {"token": token})


@require_POST
@by_link
def ask(request: Any, token: str) -> HttpResponse:
    if doors.is_too_many(address_of(request)):
        return _too_many(request, token)
    doors.ask(token=token, address=address_of(request))
    return redirect("partner:enter", token)


@get_and_post
@by_link
def enter(request: Any, token: str) -> HttpResponse:
    form = CodeForm(posted(request))
    if request.method != "POST":
        return _code_page(request, token, form)
    if doors.is_too_many(address_of(request)):
        return _too_many(request, token)
    if not form.is_valid():
        return _code_page(request, token, form, status=400)
    code = doors.enter(token=token, address=address_of(request), code=form.cleaned_data["code"])
    if code is None:
        form.add_error("code", WRONG)
        return _code_page(request, token, form, status=403)
    return session.keep(redirect("partner:read", token), token, code.pk)


WRONG = _(
    "This code does not open anything here. It may be mistyped, used or too old, or the link may have stopped."
)


def _code_page(request: Any, token: str, form: CodeForm, *, status: int = 200) -> HttpResponse:
    shown = {"token": token, "form": form}
    return render(request, "referrals/partner/code.html", shown, status=status)


def _too_many(request: Any, token: str) -> HttpResponse:
    return render(request, "referrals/partner/too_many.html", {"token": token}, status=429)


def shut(request: Any, token: str) -> HttpResponse:
    """The one answer for what does not open: never, no more, not now or not here. Gives back what was typed."""
    typed = [text for name in WROTE if (text := request.POST.get(name, "").strip())]
    response = render(
        request, "referrals/partner/door.html", {"token": token, "shut": True, "typed": typed}, status=403
    )
    return session.forget(response, token)


# --- Behind it -------------------------------------------------------------------------------------------


@require_safe
@by_link
def read(request: Any, token: str) -> HttpResponse:
    link = session.held(request, token)
    if link is None:
        return shut(request, token)
    session.look(link)
    shown = page.whole(link, request.GET.get("done", ""))
    response = render(request, "referrals/partner/referral.html", {**shown, "token": token})
    return session.keep_on(request, response, token)


@get_and_post
@by_link
def step(request: Any, token: str, action: str) -> HttpResponse:
    link = session.held(request, token)
    if link is None and session.has_just_ended_by(request, token, action):
        return _done(request, token, action)
    if link is None or action not in STEPS:
        return shut(request, token)
    session.look(link)
    return session.keep_on(request, _step(request, token, link, action), token)


def _step(request: Any, token: str, link: PartnerLink, action: str) -> HttpResponse:
    form = StepForm(posted(request), about=Asking.about(link.referral, STEPS[action], HOLDER))
    if not _is_theirs(action):
        return shut(request, token)
    if request.method == "POST" and form.is_valid():
        return _take(request, token, link, form)
    if request.method != "POST" and action not in HOLDER.may_do(link.referral.status):
        return _conflict(request, token, link, form, None)
    return _form_page(request, token, link, form)


def _is_theirs(action: str) -> bool:
    return HOLDER.role in STEPS[action].roles


def _take(request: Any, token: str, link: PartnerLink, form: StepForm) -> HttpResponse:
    name = form.about.step.name
    try:
        evidence = look_up(link.referral, form.about.step, form.evidence())
        after = act_by_link(link=link, action=name, evidence=evidence, version=form.cleaned_data["version"])
    except InvalidInput as refusal:
        form.refuse(refusal)
        return _form_page(request, token, link, form)
    except NotPossibleNow as refusal:
        return _conflict(request, token, link, form, refusal)
    except (LinkShut, NotAllowed):
        return shut(request, token)
    return _onwards(request, token, after, name)


def _onwards(request: Any, token: str, after: Referral, name: str) -> HttpResponse:
    """Back to the referral; where the step ended their part in it, to a page that shows nothing of it."""
    if after.partner_links.standing().exists():
        return redirect(f"{reverse('partner:read', args=[token])}?done={name}")
    return _done(request, token, name)


def _done(request: Any, token: str, name: str) -> HttpResponse:
    """Also for the second click of two: the first has ended it, and its answer was never seen."""
    return render(request, "referrals/partner/done.html", {"step": STEPS[name], "token": token})


def _form_page(request: Any, token: str, link: PartnerLink, form: StepForm) -> HttpResponse:
    shown = {**page.head(link), "token": token, "form": form, "step": form.about.step}
    return render(request, "referrals/partner/step.html", shown, status=400 if form.errors else 200)


def _conflict(
    request: Any, token: str, link: PartnerLink, form: StepForm, refusal: NotPossibleNow | None
) -> HttpResponse:
    """409 with what is so now, what may be done, and all that was typed; the form again where it is possible."""
    now = session.held(request, token)
    if now is None:
        return shut(request, token)
    step, allowed = form.about.step, HOLDER.may_do(now.referral.status)
    data = request.POST.copy()
    data["version"] = now.referral.version
    again = StepForm(data, about=Asking.about(now.referral, step, HOLDER)) if step.name in allowed else None
    shown = {
        **page.head(now),
        "token": token,
        "refusal": refusal,
        "step": step,
        "form": again,
        "typed": form.typed() if form.is_bound else [],
        "instead": page.instead(name for name in allowed if name != step.name),
    }
    return render(request, "referrals/partner/conflict.html", shown, status=409)


@require_POST
@by_link
def leave(request: Any, token: str) -> HttpResponse:
    session.leave(request, token)
    return session.forget(redirect("partner:door", token), token)
