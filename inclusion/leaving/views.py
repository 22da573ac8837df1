"""The people of a team or organisation, and the page on which one of them leaves."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts import audit, clock
from accounts.access import fetch, get_and_post, requires
from accounts.errors import InvalidInput
from accounts.idempotency import once
from accounts.models import Membership
from accounts.permissions import Permission, Role
from accounts.widgets import posted
from accounts.wording import gettext_lazy as _
from inclusion.leaving import actions
from inclusion.leaving.forms import LeavingForm
from inclusion.leaving.holdings import GIVEN_ON, SHOWN, referrals, staying
from referrals.actions.stepping import RELATED
from referrals.models import Referral
from referrals.sieves import OPEN_STATES, sieves
from referrals.standing import standing
from referrals.wording import sees_person

NAMED = "referrals_worked"
KEPT = "referrals_kept"


def people_of(by: Membership) -> Any:
    """Those who work here now, each with `open_work`: how many open referrals have their name on them."""
    mine = Q() if by.role == Role.ADMIN else Q(team=by.team_id)
    rows = Membership.objects.visible_to(by).current().filter(mine)
    return (
        rows.select_related("user", "team")
        .annotate(
            named=Count(NAMED, distinct=True, filter=Q(**{f"{NAMED}__status__in": OPEN_STATES})),
            kept=Count(KEPT, distinct=True, filter=Q(**{f"{KEPT}__status__in": OPEN_STATES})),
        )
        .order_by("team__name", "user__name", "pk")
    )


@require_safe
@requires(Permission.HAND_OVER_WORK)
def colleagues(request: Any) -> HttpResponse:
    hat = request.membership
    people = [(one, one.named + one.kept, actions.may_end(hat, one)) for one in people_of(hat)]
    left = Referral.objects.visible_to(hat).filter(sieves(hat, clock.today())["left"])
    return render(request, "leaving/colleagues.html", {"people": people, "left": left.count()})


@get_and_post
@requires(Permission.HAND_OVER_WORK)
@once
def leave(request: Any, pk: UUID) -> HttpResponse:
    everybody = Membership.objects.select_related("user", "team__organisation")
    leaver = cast(Membership, fetch(everybody, request.membership, pk=pk))
    actions.check_may_end(request.membership, leaver)
    if leaver.ended_at is not None:
        messages.info(request, _("This membership has ended already."))
        return redirect("colleagues")
    groups = [
        (name, _lines(leaver, name, request.membership), referrals(leaver, name).count()) for name in GIVEN_ON
    ]
    form = LeavingForm(posted(request), leaver=leaver, kinds=[name for name, _rows, count in groups if count])
    if request.method == "POST" and form.is_valid():
        try:
            moved = actions.leave(leaver=leaver, to=form.to(), by=request.membership)
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request,
                _("%(name)s has left. Referrals that went on: %(number)s.")
                % {"name": leaver.user.name, "number": sum(moved.values())},
            )
            return redirect("colleagues")
    audit.record("see_what_somebody_looks_after", by=request.membership, subject=leaver)
    return _page(request, leaver, form, groups)


def _page(request: Any, leaver: Membership, form: LeavingForm, groups: list[Any]) -> HttpResponse:
    shown = [(form[name], lines, count, count > SHOWN) for name, lines, count in groups if count]
    others = Membership.objects.visible_to(request.membership).current().filter(user=leaver.user_id)
    return render(
        request,
        "leaving/leave.html",
        {
            "leaver": leaver,
            "form": form,
            "groups": shown,
            "staying": staying(leaver),
            "others": others.exclude(pk=leaver.pk).select_related("team"),
        },
        status=400 if form.errors else 200,
    )


def _lines(leaver: Membership, kind: str, by: Membership) -> list[tuple[str, Referral]]:
    """By the name that the reader may know. Who may not read a referral at all is told that it is there."""
    rows = list(referrals(leaver, kind).select_related(*RELATED)[:SHOWN])
    visible = Referral.objects.visible_to(by).filter(pk__in=[row.pk for row in rows])
    known = set(visible.values_list("pk", flat=True))
    return [(_name(row, by) if row.pk in known else "", row) for row in rows]


def _name(referral: Referral, by: Membership) -> str:
    own = sees_person(by, standing(referral, by))
    return referral.service_user.name if own else referral.shared.get("name", "")
