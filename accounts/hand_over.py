"""Hand-over: a session whose screen a service user holds opens nothing but the pages meant for them.

The lock lies in the session, so the clinician's other sessions go on. Whatever is asked for, whether it exists
or not, leads back to the page that was handed over. A page opts in with `while_handed_over`; what comes out of any
other door (a fault, a refusal) is replaced before it is sent. Only `take_back`, after the user's own sign-in
(accounts/take_back.py), ends it.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from accounts import audit, clock
from accounts.models import Membership

SESSION_KEY = "handed_over"
TAKE_BACK = "accounts:take_back"
PROBLEM = "application/problem+json"

View = Callable[..., HttpResponse]


# --- The lock ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lock:
    """`page`: where the person is led. `after`: where the user goes on. `about`: the id of what was handed over.

    `seen`: when the person's pages were last asked for (ISO time).
    """

    page: str
    after: str
    about: str
    seen: str

    @property
    def is_idle(self) -> bool:
        """Too long without a request: the questions are hidden too. Nothing but signing in again ends it."""
        limit = timedelta(seconds=settings.HANDED_OVER_IDLE_SECONDS)
        return clock.now() - datetime.fromisoformat(self.seen) >= limit


def lock_of(request: Any) -> Lock | None:
    kept = request.session.get(SESSION_KEY)
    return Lock(**kept) if kept else None


def _keep(request: Any, lock: Lock) -> None:
    request.session[SESSION_KEY] = asdict(lock)


@transaction.atomic
def hand_over(request: Any, *, subject: models.Model, page: str, after: str, by: Membership) -> None:
    """Locks this session to `page`. `after`: the address at which the user goes on once it is taken back.

    The session gets a new key, so that a request already under way in another tab cannot save the session as it
    was, without the lock; and no browser gives back a kept page from before its cookie changed.
    """
    audit.record("hand_over_screen", by=by, subject=subject)
    _keep(request, Lock(page, after, str(subject.pk), clock.now().isoformat()))
    request.session.cycle_key()


def stands_at(request: Any, *, page: str, after: str) -> None:
    """Both move with the person: where every other address leads, and where the user goes on."""
    if lock := lock_of(request):
        _keep(request, replace(lock, page=page, after=after))


@transaction.atomic
def take_back(request: Any, *, by: Membership) -> str:
    """Ends the lock; the caller has had the user sign in again. Gives the address to go on at."""
    lock = lock_of(request)
    audit.record("take_back_screen", by=by, subject=by.user, about=lock.about if lock else "")
    request.session.pop(SESSION_KEY, None)
    request.session.cycle_key()
    return lock.after if lock else reverse("home")


# --- The pages that are open ------------------------------------------------------------------------------


def while_handed_over(*, idle: bool = False) -> Callable[[View], View]:
    """Marks a page of the person's. `idle`: shown also when nobody has touched the screen for too long."""

    def decorate(view: View) -> View:
        @wraps(view)
        def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            response.handed_over = True  # type: ignore[attr-defined]  # read by the guard below
            return response

        marked.while_handed_over = "always" if idle else "until_idle"  # type: ignore[attr-defined]
        return marked

    return decorate


def page(request: Any, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Renders a page that stands alone: no header, no names. The template extends handed_over.html."""
    shown = {"idle_seconds": settings.HANDED_OVER_IDLE_SECONDS, **context}
    return render(request, template, shown, status=status)


# --- The guard --------------------------------------------------------------------------------------------


class StayHandedOver:
    """Middleware, next to the views: while the lock is on, only marked pages are reached, and only they leave."""

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        lock = lock_of(request)
        if lock is not None and not request.user.is_authenticated:
            request.session.flush()  # a leaver, say: there is nobody left who could take the screen back
            lock = None
        if lock is None:
            return self.get_response(request)
        mark = _mark(request)
        if mark != "always" and (mark is None or lock.is_idle):
            return _back(request, lock)
        if mark == "until_idle":
            _keep(request, replace(lock, seen=clock.now().isoformat()))
        response = self.get_response(request)
        return response if getattr(response, "handed_over", False) else _in_words(request, response.status_code)


def _mark(request: HttpRequest) -> str | None:
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return None
    return getattr(view, "while_handed_over", None)


def _back(request: HttpRequest, lock: Lock) -> HttpResponse:
    if _wants_data(request):
        return _problem(403)
    return redirect(TAKE_BACK) if lock.is_idle else redirect(lock.page)


def _wants_data(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or request.headers.get("Accept") == "application/json"


def _problem(status: int) -> HttpResponse:
    body = {
        "type": "about:blank",
        "title": _("This screen is handed over"),
        "status": status,
        "detail": _("Sign in again on the screen that was handed over, then try again."),
    }
    return JsonResponse(body, status=status, content_type=PROBLEM)


def _in_words(request: HttpRequest, status: int) -> HttpResponse:
    """Instead of what a fault or refusal would have shown, which may have a menu and names in it."""
    status = status if status >= 400 else 403
    if _wants_data(request):
        return _problem(status)
    lock = lock_of(request)
    return page(request, "accounts/not_now.html", {"again": lock.page if lock else reverse("home")}, status=status)
