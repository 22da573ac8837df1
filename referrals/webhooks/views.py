"""Events for other systems: which systems listen, what each was sent and how it answered, and sending it again."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.views.decorators.http import require_POST, require_safe

from accounts.access import fetch, get_and_post, requires
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.idempotency import once
from accounts.permissions import Permission
from accounts.widgets import posted, seen_version
from accounts.wording import gettext_lazy as _
from accounts.wording import ngettext
from directory.fetching import WORDS
from people.london import in_london
from referrals.forms import Moment
from referrals.models import HookDelivery, HookEndpoint
from referrals.webhooks import actions
from referrals.webhooks.forms import EndpointForm
from referrals.webhooks.kinds import KINDS

CONNECT = Permission.CONNECT_SYSTEMS
SHOWN = 50
COLOURS = {"delivered": "green", "given_up": "red", "cancelled": "grey"}
Done = Callable[..., Any]
DO: dict[str, tuple[Done, dict[str, Any], str]] = {
    "test": (actions.send_test, {}, _("A test event is on its way. Look below in a minute.")),
    "rotate": (actions.rotate, {}, _("There is a new secret. For 24 hours the old one signs, too.")),
    "on": (actions.switch, {"on": True}, _("Switched on. Replay what it missed.")),
    "off": (actions.switch, {"on": False}, _("Switched off. Nothing is sent to it.")),
}


def _fetched(request: Any, pk: UUID) -> HookEndpoint:
    return cast(HookEndpoint, fetch(HookEndpoint.objects.all(), request.membership, pk=pk))


@require_safe
@requires(CONNECT)
def endpoints(request: Any) -> HttpResponse:
    rows = HookEndpoint.objects.visible_to(request.membership)
    return render(request, "referrals/hooks.html", {"rows": rows})


@get_and_post
@requires(CONNECT)
@once
def add(request: Any) -> HttpResponse:
    form = EndpointForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.add_endpoint(by=request.membership, **_typed(form))
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Set up. Give the secret to the other system, then send a test."))
            return redirect("referrals:hook", pk=row.pk)
    return _form(request, form, title=_("Add a system"))


@get_and_post
@requires(CONNECT)
def change(request: Any, pk: UUID) -> HttpResponse:
    row = _fetched(request, pk)
    initial = {"url": row.url, "description": row.description, "kinds": row.kinds, "version": row.version}
    form = EndpointForm(posted(request), initial=initial)
    status = 400
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_endpoint(
                endpoint=row, by=request.membership, version=seen_version(request), **_typed(form)
            )
        except (InvalidInput, NotPossibleNow) as refusal:
            form.refuse(refusal)
            status = refusal.http_status
        else:
            messages.success(request, _("Saved."))
            return redirect("referrals:hook", pk=pk)
    return _form(request, form, title=_("Change a system"), row=row, status=status)


def _typed(form: EndpointForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("url", "description", "kinds")}


def _form(request: Any, form: Any, *, title: str, row: Any = None, status: int = 400, **more: Any) -> HttpResponse:
    shown = {"form": form, "page_title": title, "row": row, **more}
    return render(request, "referrals/hook_form.html", shown, status=status if form.errors else 200)


def _whole(row: HookEndpoint) -> dict[str, Any]:
    found = row.deliveries.select_related("event").order_by("-id")[:SHOWN]
    return {
        "row": row,
        "kinds": [KINDS.get(kind, kind) for kind in row.kinds],
        "lines": [_line(one) for one in found],
    }


def _line(one: HookDelivery) -> dict[str, Any]:
    waiting = _("Tried, and will be tried again") if one.tries else _("To be sent")
    return {
        "delivery": one,
        "kind": KINDS.get(one.event.kind, one.event.kind) if one.event else _("Test"),
        "state": one.get_fate_display() if one.fate else waiting,
        "colour": COLOURS.get(one.fate, "grey"),
        "answer": _answer(one),
    }


def _answer(one: HookDelivery) -> str:
    if one.code:
        return _("Answered %(code)s after %(ms)s ms") % {"code": one.code, "ms": one.took_ms}
    return str(HOW.get(one.result, WORDS.get(one.result, "")))


HOW = {
    "unreachable": _("It could not be reached"),
    "not_secure": _("It could not show that it is who it says"),
    "not_public": _("The address leads into a private network, so nothing is sent there"),
    "too_slow": _("It did not answer in ten seconds"),
}


@require_safe
@requires(CONNECT)
def endpoint(request: Any, pk: UUID) -> HttpResponse:
    return render(request, "referrals/hook.html", _whole(_fetched(request, pk)))


@require_POST
@requires(CONNECT)
def secret(request: Any, pk: UUID) -> HttpResponse:
    """Shown on the answer itself, so that it is kept nowhere."""
    row = _fetched(request, pk)
    shown = actions.show_secret(endpoint=row, by=request.membership)
    row.refresh_from_db()
    response = render(request, "referrals/hook.html", {**_whole(row), "secret": shown})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@requires(CONNECT)
def do(request: Any, pk: UUID, what: str) -> HttpResponse:
    row = _fetched(request, pk)
    if what not in DO:
        raise InvalidInput(_("There is no such button."))
    action, more, done = DO[what]
    action(endpoint=row, by=request.membership, **more)
    messages.success(request, done)
    return redirect("referrals:hook", pk=pk)


@get_and_post
@requires(CONNECT)
def replay_since(request: Any, pk: UUID) -> HttpResponse:
    row = _fetched(request, pk)
    form = Moment(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            number, stopped_at = actions.replay_since(endpoint=row, by=request.membership, since=form.moment())
        except InvalidInput as refusal:
            form.add_error("day", refusal.message)
        else:
            said = ngettext("%(number)s event is sent again.", "%(number)s events are sent again.", number)
            messages.success(request, said % {"number": number})
            if stopped_at:
                messages.warning(request, _stopped(stopped_at))
            return redirect("referrals:hook", pk=pk)
    return _form(request, form, title=_("Send all events again since"), row=row, replay=True)


def _stopped(at: datetime) -> str:
    day = date_format(in_london(at), "j F Y, H:i")
    return _("That is the most in one go. It stopped at %(day)s: start again from there.") % {"day": day}


@require_POST
@requires(CONNECT)
def replay_one(request: Any, pk: UUID) -> HttpResponse:
    row = cast(HookDelivery, fetch(HookDelivery.objects.all(), request.membership, pk=pk))
    actions.replay(delivery=row, by=request.membership)
    messages.success(request, _("It is sent again, under the same id."))
    return redirect("referrals:hook", pk=row.endpoint_id)
