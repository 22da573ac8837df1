"""How the API says no: problem details (RFC 9457), with the very sentences that the pages show."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from accounts.errors import NotPossibleNow, Refused
from accounts.wording import gettext_lazy as _

PROBLEM = "application/problem+json"


def problem(status: int, title: str, detail: str, **more: Any) -> Response:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return Response(body, status=status, content_type=PROBLEM)


def _sentences(detail: Any, place: str = "") -> dict[str, str]:
    """DRF's nested error lists as one flat map from the field's path to its sentences."""
    if isinstance(detail, dict):
        found: dict[str, str] = {}
        for name, inner in detail.items():
            found |= _sentences(inner, f"{place}.{name}" if place else str(name))
        return found
    if isinstance(detail, list) and any(isinstance(inner, dict | list) for inner in detail):
        found = {}
        for number, inner in enumerate(detail):
            found |= _sentences(inner, f"{place}[{number}]")
        return found
    words = [str(word) for word in detail] if isinstance(detail, list) else [str(detail)]
    return {place or "non_field_errors": " ".join(words)}


def answer_problem(error: Exception, context: dict) -> Response | None:
    """Refusals carry the very sentence that the page shows, and what may be done instead."""
    if isinstance(error, Refused):
        set_rollback()
        more: dict[str, Any] = {"errors": error.fields} if error.fields else {}
        if isinstance(error, NotPossibleNow):
            more |= {"state": error.state, "available_actions": error.allowed}
        return problem(error.http_status, error.title, error.message, **more, **error.more)
    if isinstance(error, Http404):
        error = exceptions.NotFound(_("There is nothing here that you can see."))
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None  # a fault of ours: Django's handler logs it and answers 500
    set_rollback()
    if isinstance(error, exceptions.ValidationError):
        fields = _sentences(error.detail)
        response = problem(
            error.status_code, _("Something needs to be put right"), " ".join(fields.values()), errors=fields
        )
    else:
        response = problem(error.status_code, str(error.default_detail), str(error.detail))
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(int(wait) + 1)
    if challenge := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = challenge
    return response
