"""Pages that span apps: readiness, and what is shown when a page cannot be."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.errors import InvalidInput
from accounts.hand_over import while_handed_over
from accounts.wording import gettext_lazy as _
from inclusion import health
from inclusion.api import PROBLEM
from inclusion.middleware import database_failed, database_unreachable


@require_safe
@login_not_required
@while_handed_over(idle=True)
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when database, queue and scheduler answer and nothing is owed for long, else 503 and why, in words.

    Counts, ages and names of machines, and nothing about anybody.
    """
    state = health.now()
    return JsonResponse(state.as_json(), status=200 if state.is_ready else 503)


@login_not_required
def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before the last sign-in, or from another site: nothing was saved, and Back keeps the typing."""
    refusal = InvalidInput(
        _(
            "This page was open since before you last signed in, so it was not saved. Go back: "
            "what you typed is still there. Copy it, reload the page, and send it again."
        )
    )
    return render(request, "refused.html", {"refusal": refusal}, status=403)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        body = {
            "type": "about:blank",
            "title": _("Not found"),
            "status": 404,
            "detail": _("There is nothing here that you can see."),
        }
        return JsonResponse(body, status=404, content_type=PROBLEM)
    return render(request, "404.html", status=404)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """A database that failed is 503 (try again), any other fault of ours 500."""
    if database_failed(sys.exc_info()[1]):
        return database_unreachable(request)
    if _is_api(request):
        body = {
            "type": "about:blank",
            "title": _("Something went wrong"),
            "status": 500,
            "detail": _("This is our fault."),
        }
        return JsonResponse(body, status=500, content_type=PROBLEM)
    return render(request, "500.html", status=500)
