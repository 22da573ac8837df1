"""What stands around every request: liveness, a database that fails, headers, and refusals as pages."""

import json
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import ResolverMatch, reverse

from accounts.errors import Refused
from accounts.wording import gettext_lazy as _
from people.access import KeptElsewhere

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()" for feature in ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")
)


def answer_liveness(get_response: Callable) -> Callable:
    """`/healthz` says that the process is alive, before anything that could fail: no session, no database."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return JsonResponse({"status": "alive"})
        return get_response(request)

    return middleware


def database_unreachable(request: HttpRequest) -> HttpResponse:
    """503 without touching the database, session or templates that need either."""
    sentence = _("The service cannot reach its records just now. What was saved is kept. Try again in a minute.")
    if request.path.startswith("/api/"):
        problem = {
            "type": "about:blank",
            "title": str(_("Not available just now")),
            "status": 503,
            "detail": str(sentence),
        }
        response = HttpResponse(json.dumps(problem), status=503, content_type="application/problem+json")
    else:
        page = render_to_string("503.html", {"sentence": sentence, "service_name": settings.SERVICE_NAME})
        response = HttpResponse(page, status=503)
    response["Retry-After"] = "10"
    return response


def database_failed(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError):
            return True
        error = error.__cause__ or error.__context__
    return False


def answer_database_failure(get_response: Callable) -> Callable:
    """Marks requests so that the 500 handler and interrupted sessions can say 503 instead.

    Django turns an error inside inner middleware into a response before this sees it: `handler500`
    (inclusion.views.server_error) does the same for those.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            response = get_response(request)
        except (OperationalError, InterfaceError):
            return database_unreachable(request)
        except SessionInterrupted as error:
            if database_failed(error):
                return database_unreachable(request)
            raise
        return response

    return middleware


def add_headers(get_response: Callable) -> Callable:
    """Nothing about a person stays in a shared machine's cache; no page may use a device it does not need."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    return middleware


class AnswerRefusals:
    """A rule's refusal on a page becomes a page with its sentence and its status; the API has its own form."""

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, KeptElsewhere) and request.method in {"GET", "HEAD"}:
            messages.info(request, error.message)
            return redirect(same_page_of(request, error))
        if isinstance(error, Refused):
            return render(request, "refused.html", {"refusal": error}, status=error.http_status)
        return None


def same_page_of(request: HttpRequest, error: KeptElsewhere) -> str:
    """The page that was asked for, of the record that was kept."""
    here = cast(ResolverMatch, request.resolver_match)  # a view raised it
    kwargs = {name: error.kept.pk if value == error.asked else value for name, value in here.kwargs.items()}
    return reverse(here.view_name, kwargs=kwargs)
