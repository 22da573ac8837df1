"""Receipts: GOV.UK Notify tells us what became of a message, by POST with a token that both sides know.

They may repeat, come late, in any order, and about messages that are not ours: none of it does harm. What arrives
is answered only once it is written down; otherwise Notify tells it again, every five minutes, five times.
"""

import hmac
import json
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from referrals import fates
from referrals.models import Reminder
from referrals.notify.noting import note
from referrals.notify.statuses import fate_of

LONGEST = 10_000
"""Bytes; a receipt has some 500."""
LONGEST_WORD = 200
RETURNED = "returned-letter"


class Told(NamedTuple):
    reference: str
    status: str
    at: str | None


class _Malformed(Exception):
    """The body is not a receipt; the message says what is wrong with it."""


def _problem(status: int, title: str, detail: str) -> JsonResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def told(read: Callable[[dict[str, Any]], Told]) -> Callable[[HttpRequest], HttpResponse]:
    """A view for one kind of receipt. It is open to everybody who has the token, and asks for nothing else."""

    @csrf_exempt
    @login_not_required
    @require_POST
    @wraps(read)
    def view(request: HttpRequest) -> HttpResponse:
        if refusal := _who(request):
            return refusal
        try:
            receipt = read(_body(request))
        except _Malformed as error:
            return _problem(400, _("Not a receipt"), str(error))
        receive(receipt)
        return HttpResponse(status=204)

    return view


def _who(request: HttpRequest) -> HttpResponse | None:
    """None for whoever has the token. Compared in constant time, so that it cannot be guessed bit by bit."""
    token = settings.NOTIFY.receipts_token
    if not token:
        return _problem(404, _("Not found"), _("No receipts are taken here."))
    kind, _space, given = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not given:
        answer = _problem(401, _("Who is asking?"), _("Send the token as “Authorization: Bearer …”."))
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    if not hmac.compare_digest(given.strip().encode(), token.encode()):
        return _problem(403, _("Not allowed"), _("This is not the token."))
    return None


def _body(request: HttpRequest) -> dict[str, Any]:
    raw = request.read(LONGEST + 1)
    if len(raw) > LONGEST:
        raise _Malformed(_("It is too long."))
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise _Malformed(_("It is not JSON.")) from None
    if not isinstance(body, dict):
        raise _Malformed(_("It is not a JSON object."))
    return body


def _word(body: dict[str, Any], name: str, *, needed: bool) -> str | None:
    value = body.get(name)
    if value is None and not needed:
        return None
    if not isinstance(value, str) or not value or len(value) > LONGEST_WORD or "\0" in value:
        raise _Malformed(_("“%(name)s” is missing or is not a short text.") % {"name": name})
    return value


@told
def receipt(body: dict[str, Any]) -> Told:
    """Of a text or an email. A message that Notify sent without a reference is not one of ours."""
    status, reference = (
        _word(body, "status", needed=True),
        _word(body, "reference", needed="reference" not in body),
    )
    at = _word(body, "completed_at", needed=False) or _word(body, "sent_at", needed=False)
    return Told(reference or "", status or "", at)


@told
def returned_letter(body: dict[str, Any]) -> Told:
    """Of a letter that came back to Notify's printer: this callback has no status, being about nothing else."""
    _word(body, "notification_id", needed=True)
    return Told(_word(body, "reference", needed="reference" not in body) or "", RETURNED, None)


@transaction.atomic
def receive(receipt: Told) -> bool:
    """True if it changed what became of the message. Nothing is ever made of a reference that is not ours."""
    try:
        reference = UUID(receipt.reference)
    except ValueError:
        return False
    channel = Reminder.objects.filter(pk=reference).values_list("channel", flat=True).first()
    if channel is None:
        return False
    note(reference, channel, receipt.status, receipt.at, asked=False)
    return fates.receive(reference=reference, fate=fate_of(channel, receipt.status))
