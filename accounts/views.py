"""Pages about oneself: who I am signed in as, and which hat I am wearing."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import actions, audit, second_step
from accounts.access import fetch, requires
from accounts.errors import InvalidInput
from accounts.middleware import SESSION_KEY
from accounts.models import ApiToken
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _


@require_safe
@requires(Permission.SIGNED_IN)
def me(request: Any) -> HttpResponse:
    tokens = ApiToken.objects.visible_to(request.membership).alive()
    return render(
        request,
        "accounts/me.html",
        {
            "tokens": tokens.select_related("membership__team").order_by("-id"),
            "second_step": second_step.is_set_up(request.user),
        },
    )


@require_POST
@requires(Permission.SIGNED_IN)
def switch(request: Any) -> HttpResponse:
    """Takes off one hat and puts on another; only hats that the user holds fit."""
    chosen = request.POST.get("membership", "")
    hat = next((hat for hat in request.memberships if str(hat.pk) == chosen), None)
    if hat is None:
        raise InvalidInput(_("Choose one of your own roles."))
    request.session[SESSION_KEY] = str(hat.pk)
    audit.record("switch_membership", by=hat, subject=hat)
    messages.success(
        request,
        _("You are now working as %(role)s, %(team)s.")
        % {"role": hat.get_role_display().lower(), "team": hat.team},
    )
    return redirect("home")


@require_POST
@requires(Permission.SIGNED_IN)
def revoke_token(request: Any, pk: UUID) -> HttpResponse:
    token = cast(ApiToken, fetch(ApiToken.objects.all(), request.membership, pk=pk))
    actions.revoke_token(token=token, by=request.membership)
    messages.success(request, _("The key “%(name)s” no longer works.") % {"name": token.name})
    return redirect("accounts:me")
