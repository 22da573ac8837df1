"""A create that is sent twice happens once: the second time gets the first answer.

The key is stored in the transaction of the work itself, so a crash in between leaves neither. Of two
at the same instant the later waits at the unique constraint, is rolled back whole, and gets the first
one's answer.
"""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import InvalidInput, NotPossibleNow
from accounts.models import IdempotencyKey, Membership
from accounts.wording import gettext_lazy as _

FORM_FIELD = "once"
"""Name of the hidden field that `{% once %}` puts into a form."""


class _Repeated(Exception):
    """Raised to roll the repeat back."""


def _stored(membership: Membership, key: str, fingerprint: str) -> IdempotencyKey | None:
    found = IdempotencyKey.objects.filter(membership=membership, key=key).first()
    if found and found.fingerprint != fingerprint:
        raise NotPossibleNow(_("This key was already used for something else. Nothing was changed."))
    return found


def _run_once(
    membership: Membership, key: str, fingerprint: str, work: Callable[[], Any], answer: Callable[[Any], Any]
) -> tuple[Any, IdempotencyKey | None]:
    """(`work()`'s response, None), or (None, the row that holds the first answer).

    `answer(response)` gives (status, body) to keep, or None for a response that changed nothing.
    """
    if found := _stored(membership, key, fingerprint):
        return None, found
    try:
        with transaction.atomic():
            response = work()
            kept = answer(response)
            if kept is not None:
                _keep(membership, key, fingerprint, *kept)
            return response, None
    except _Repeated:
        return None, _stored(membership, key, fingerprint)


def _keep(membership: Membership, key: str, fingerprint: str, status: int, body: Any) -> None:
    try:
        with transaction.atomic():
            IdempotencyKey.objects.create(
                membership=membership, key=key, fingerprint=fingerprint, status=status, body=body
            )
    except IntegrityError as error:
        raise _Repeated from error


def _fingerprint(*parts: str | bytes) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part if isinstance(part, bytes) else part.encode())
        whole.update(b"\0")
    return whole.hexdigest()


def idempotent(method: Callable[..., Response]) -> Callable[..., Response]:
    """For a DRF method that creates: honours the `Idempotency-Key` header (up to 100 characters)."""

    @wraps(method)
    def once(viewset: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return method(viewset, request, *args, **kwargs)
        if len(key) > 100:
            raise InvalidInput(_("Idempotency-Key may have up to 100 characters."))
        body = json.dumps(request.data, sort_keys=True, default=str)
        response, first = _run_once(
            request.membership,
            f"api:{key}"[:100],
            _fingerprint(request.method or "", request.path, body),
            lambda: method(viewset, request, *args, **kwargs),
            lambda response: (response.status_code, json.loads(json.dumps(response.data, default=str))),
        )
        if first is None:
            return response
        again = Response(first.body, status=first.status)
        again["Idempotent-Replayed"] = "true"
        return again

    return once


def once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a page with a form that creates: a double click or Back and resubmit goes where the first went.

    Only a redirect counts as done; a form shown again with its errors changed nothing.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.POST.get(FORM_FIELD, "")[:60] if request.method == "POST" else ""
        if not key:
            return view(request, *args, **kwargs)
        response, first = _run_once(
            request.membership,
            f"form:{key}",
            _fingerprint(request.path),
            lambda: view(request, *args, **kwargs),
            lambda response: (response.status_code, response.url) if response.status_code == 302 else None,
        )
        return response if first is None else HttpResponseRedirect(str(first.body))

    return guarded
