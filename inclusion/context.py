"""What every page knows: the service's name, the hat worn, and the links that lead somewhere for it."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.permissions import Permission
from inclusion.demo import DEMO_PASSWORD, SIGN_INS

NAVIGATION = [
    ("Home", "home", Permission.SIGNED_IN),
    ("Service users", "people:caseload", Permission.SEE_SERVICE_USERS),
    ("Referrals", "referrals:worklist", Permission.SEE_REFERRALS),
    ("Directory", "directory:offers", Permission.SEE_DIRECTORY),
    ("Outbox", "referrals:outbox", Permission.SEE_OUTBOX),
    ("Report", "reports:caseload", Permission.SEE_REPORTS),
]


def navigation(request: HttpRequest) -> list[dict]:
    """Only what the hat may open: a link that answers 403 is a broken promise."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return []
    links = [(text, reverse(name)) for text, name, permission in NAVIGATION if membership.may(permission)]
    home = reverse("home")  # every address begins with it
    inside = [url for _, url in links if (request.path.startswith(url) and url != home) or request.path == url]
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
