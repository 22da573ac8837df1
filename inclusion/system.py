"""The admin's page about the machinery: how it does, and what it set aside, to be tried again."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import audit, set_aside
from accounts.access import fetch, requires
from accounts.models import SetAside
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from inclusion import health
from referrals import reminders

PAGE = 50


@require_safe
@requires(Permission.SEE_SYSTEM)
def system(request: Any) -> HttpResponse:
    """Of those set aside the ones of one's own organisation; the figures are of the whole installation."""
    audit.record("see_system", by=request.membership)
    rows = SetAside.objects.visible_to(request.membership)
    context = {"state": health.now(), "rows": rows[:PAGE], "number": rows.count(), "shown": PAGE}
    return render(request, "system.html", context)


@require_POST
@requires(Permission.SEE_SYSTEM)
def try_again(request: Any, pk: int) -> HttpResponse:
    row = cast(SetAside, fetch(SetAside.objects.all(), request.membership, pk=pk))
    with transaction.atomic():
        set_aside.try_again(row, by=request.membership)
        told = row.what == SetAside.What.MESSAGE and not reminders.take_up_again(UUID(row.key))
    if told:
        messages.warning(request, _("It is not sent again: somebody has dealt with it, or it has gone."))
    else:
        messages.success(request, _("It will be tried again within a few minutes."))
    return redirect("system")
