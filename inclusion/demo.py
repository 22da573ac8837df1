"""The demo's made-up staff, and their one-click sign-in, which does not exist outside demo mode."""

from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.wording import gettext_lazy as _

DEMO_PASSWORD = "only-for-the-demo"  # noqa: S105 - shown on the demo's own sign-in page


@dataclass(frozen=True)
class SignIn:
    email: str
    name: str
    does: str
    """What to expect behind this sign-in, in words for the page."""


SIGN_INS = [
    SignIn("ash@example.org", "Ash Amadi", _("Clinician: screens people in clinic, agrees needs, refers")),
    SignIn("wes@example.org", "Wes Wren", _("Support worker in the trust's own digital-inclusion team")),
    SignIn(
        "bo@example.org",
        "Bo Brandt",
        _("Support worker at a community provider: works referrals to an outcome"),
    ),
    SignIn("dee@example.org", "Dee Dacosta", _("Admin of the trust: reports, directory, outbox")),
    SignIn("cam@example.org", "Cam Castle", _("Clinician of another organisation: sees nothing of the first")),
]


@require_POST
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """Opens a session as one of SIGN_INS and nobody else, without a password."""
    if not settings.DEMO_MODE:
        raise Http404
    email = request.POST.get("email")
    if email not in {person.email for person in SIGN_INS}:
        raise Http404
    user = get_object_or_404(User, email=email, is_active=True)
    get_adapter().login(request, user)
    return redirect("home")
