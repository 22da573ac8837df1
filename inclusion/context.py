"""What every page knows: the service's name, the hat worn, and the links that lead somewhere for it."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from inclusion.demo import DEMO_PASSWORD, SIGN_INS

NAVIGATION = [
    (_("Home"), "home", Permission.SIGNED_IN),
    (_("Service users"), "people:caseload", Permission.SEE_SERVICE_USERS),
    (_("Referrals"), "referrals:worklist", Permission.SEE_REFERRALS),
    (_("Directory"), "directory:offers", Permission.SEE_DIRECTORY),
    (_("Colleagues"), "colleagues", Permission.HAND_OVER_WORK),
    (_("Outbox"), "referrals:outbox", Permission.SEE_OUTBOX),
    (_("Report"), "reports:caseload", Permission.SEE_REPORTS),
    (_("How we work"), "referrals:how_we_work", Permission.SET_UP_ORGANISATION),
]


address = cache(reverse)  # none of these depends on the request


def navigation(request: HttpRequest) -> list[dict]:
    """Only what the hat may open: a link that answers 403 is a broken promise."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return []
    links = [(text, address(name)) for text, name, permission in NAVIGATION if membership.may(permission)]
    home = address("home")  # every address begins with it
    inside = [url for _text, url in links if (request.path.startswith(url) and url != home) or request.path == url]
    here = max(inside, key=len, default="")
    return [{"text": text, "url": url, "current": url == here} for text, url in links]


def page(request: HttpRequest) -> dict:
    return {
        "service_name": settings.SERVICE_NAME,
        "demo_mode": settings.DEMO_MODE,
        "demo_sign_ins": SIGN_INS if settings.DEMO_MODE else [],
        "demo_password": DEMO_PASSWORD if settings.DEMO_MODE else "",
        "membership": getattr(request, "membership", None),
        "memberships": getattr(request, "memberships", []),
        "navigation": navigation(request),
        "Permission": Permission,
    }
