"""Pages that span apps: readiness, and what is shown when a page cannot be."""

import sys
from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.errors import InvalidInput
from accounts.models import Heartbeat
from inclusion.api import PROBLEM
from inclusion.celery import app
from inclusion.middleware import database_failed, database_unreachable

BEAT_IS_LATE = timedelta(minutes=5)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _queue_answers() -> bool:
    try:
        with app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except OSError:
        return False
    return True


def _scheduler_beats() -> bool:
    try:
        last = Heartbeat.objects.filter(name="scheduler").values_list("at", flat=True).first()
    except DatabaseError:
        return False
    return last is not None and timezone.now() - last < BEAT_IS_LATE


@require_safe
@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when database, queue and scheduler all answer, else 503; which of them, and nothing more."""
    checks = {"database": _database_answers(), "queue": _queue_answers(), "scheduler": _scheduler_beats()}
    words = {name: "ok" if well else "failing" for name, well in checks.items()}
    return JsonResponse(words, status=200 if all(checks.values()) else 503)


@login_not_required
def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before the last sign-in, or from another site: nothing was saved, and Back keeps the typing."""
    refusal = InvalidInput(
        "This page was open since before you last signed in, so it was not saved. "
        "Go back: what you typed is still there. Copy it, reload the page, and send it again."
    )
    return render(request, "refused.html", {"refusal": refusal}, status=403)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        body = {
            "type": "about:blank",
            "title": "Not found",
            "status": 404,
            "detail": "There is nothing here that you can see.",
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
            "title": "Something went wrong",
            "status": 500,
            "detail": "This is our fault.",
        }
        return JsonResponse(body, status=500, content_type=PROBLEM)
    return render(request, "500.html", status=500)
