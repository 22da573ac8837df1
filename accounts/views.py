"""Pages about oneself: who I am signed in as, and which hat I am wearing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.access import requires
from accounts.errors import InvalidInput
from accounts.middleware import SESSION_KEY
from accounts.permissions import Permission


@require_safe
@requires(Permission.SIGNED_IN)
def me(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/me.html")


@require_POST
@requires(Permission.SIGNED_IN)
def switch(request: HttpRequest) -> HttpResponse:
    """Takes off one hat and puts on another; only hats that the user holds fit."""
    chosen = request.POST.get("membership", "")
    hat = next((hat for hat in request.memberships if str(hat.pk) == chosen), None)
    if hat is None:
        raise InvalidInput("Choose one of your own roles.")
    request.session[SESSION_KEY] = str(hat.pk)
    audit.record("switch_membership", by=hat, subject=hat)
    messages.success(request, f"You are now working as {hat.get_role_display().lower()}, {hat.team}.")
    return redirect("home")
