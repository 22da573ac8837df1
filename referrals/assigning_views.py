"""Giving referrals to a colleague from the page: one, or several that were ticked on a list."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.errors import InvalidInput
from accounts.models import Membership
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from accounts.wording import ngettext
from referrals import actions
from referrals import worklist as lists
from referrals.actions.assigning import Given
from referrals.actions.stepping import RELATED
from referrals.models import Referral
from referrals.standing import standing
from referrals.views import worklist_page
from referrals.wording import sees_person

TO_QUEUE = "queue"


@require_POST
@requires(Permission.SEE_REFERRALS)
def assign(request: Any) -> HttpResponse:
    """What is ticked goes to the colleague chosen; twice changes nothing the second time."""
    ids = request.POST.getlist("referral")
    try:
        to = _chosen(request)
        if not ids:
            sentence = _("Tick at least one referral.")
            raise InvalidInput(sentence, fields={"referral": sentence})
    except InvalidInput as refusal:
        return worklist_page(request, lists.Filters.read(request.POST, request.membership), refusal=refusal)
    given = actions.assign_many(referrals=_ticked(request, ids), to=to, by=request.membership)
    return _answer(request, given, to)


def _chosen(request: Any) -> Membership | None:
    typed = request.POST.get("to", "")
    if typed == TO_QUEUE:
        return None
    found = next((one for one in lists.choices(request.membership) if str(one.pk) == typed), None)
    if found is None:
        sentence = _("Choose who looks after them from now on.")
        raise InvalidInput(sentence, fields={"to": sentence})
    return found


def _ticked(request: Any, ids: list[str]) -> list[Referral]:
    try:
        wanted = {UUID(pk) for pk in ids}
    except ValueError as error:
        raise Http404 from error
    rows = Referral.objects.visible_to(request.membership).select_related(*RELATED)
    found = list(rows.filter(pk__in=wanted).order_by("due_on", "id"))
    if len(found) != len(wanted):
        raise Http404
    return found


def _answer(request: Any, given: list[Given], to: Membership | None) -> HttpResponse:
    """Back to where one came from; what could not be moved is first said row by row."""
    refused = [one for one in given if one.reason]
    moved = len(given) - len(refused)
    if moved:
        messages.success(request, _said(moved, to))
    single = given[0].referral if len(given) == 1 and request.POST.get("back") == "referral" else None
    back = (
        reverse("referrals:detail", args=[single.pk])
        if single
        else reverse("referrals:worklist") + lists.Filters.read(request.POST, request.membership).address()
    )
    if not refused:
        return redirect(back)
    rows = [(one.referral, _name(one.referral, request.membership), one.reason) for one in refused]
    return render(request, "referrals/not_assigned.html", {"rows": rows, "back": back}, status=409)


def _said(moved: int, to: Membership | None) -> str:
    if to is None:
        return ngettext(
            "%(moved)s referral is back with the team.", "%(moved)s referrals are back with the team.", moved
        ) % {"moved": moved}
    return ngettext(
        "%(moved)s referral is with %(name)s now.", "%(moved)s referrals are with %(name)s now.", moved
    ) % {"moved": moved, "name": to.user.name}


def _name(referral: Referral, membership: Membership) -> str:
    if sees_person(membership, standing(referral, membership)):
        return referral.service_user.name
    return referral.shared.get("name", "")
