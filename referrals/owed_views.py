"""What a team owes, thing by thing: what came of it."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import fetch, get_and_post, requires
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.models import Membership
from accounts.permissions import Permission
from accounts.widgets import posted
from accounts.wording import gettext_lazy as _
from people.actions import plan_of
from people.contact_plan import describe
from referrals import actions, forms
from referrals.actions.follow_ups import waits_for_a_step
from referrals.models import FollowUp, Referral
from referrals.page import head
from referrals.results import SEEN


@get_and_post
@requires(Permission.SEE_REFERRALS)
def follow_up(request: Any, pk: UUID) -> HttpResponse:
    """Something that the team owes: what came of it. A follow-up may be about a person without a referral."""
    row = cast(
        FollowUp, fetch(FollowUp.objects.select_related("service_user", "referral"), request.membership, pk=pk)
    )
    if row.done_at:
        raise NotPossibleNow(_("This has already been dealt with."), state="done")
    if row.referral and waits_for_a_step(row) and request.method != "POST":
        return redirect("referrals:step", row.referral.pk, "reroute")
    form = forms.FollowUpForm(posted(request), follow_up=row)
    if request.method == "POST" and form.is_valid():
        try:
            actions.complete_follow_up(follow_up=row, by=request.membership, **form.cleaned_data)
        except InvalidInput as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Written down."))
            about = _about(row, request.membership).get("referral")
            return redirect("referrals:detail", about.pk) if about else redirect("referrals:owed")
    button = _("Seen") if row.kind == FollowUp.Kind.FOR_PROVIDER else _("Save")
    shown = {"form": form, "row": row, "button": button, **_about(row, request.membership)}
    return render(request, "referrals/follow_up.html", shown, status=400 if form.errors else 200)


@require_POST
@requires(Permission.SEE_REFERRALS)
def seen(request: Any, pk: UUID) -> HttpResponse:
    """One press for news that the team only has to know."""
    row = cast(FollowUp, fetch(FollowUp.objects.select_related("referral", "team"), request.membership, pk=pk))
    actions.complete_follow_up(follow_up=row, result=SEEN, by=request.membership)
    messages.success(request, _("Written down."))
    return redirect("referrals:owed")


def _about(row: FollowUp, membership: Membership) -> dict[str, Any]:
    """Whom it is about, for the top of the page: the person's record, or what was shared with a provider."""
    if row.referral and Referral.objects.visible_to(membership).filter(pk=row.referral_id).exists():
        return {"strip": True, **head(row.referral, membership)}
    if not membership.may(Permission.SEE_SERVICE_USERS):
        return {"strip": False}
    return {"strip": True, "person": row.service_user, "contact_words": describe(plan_of(row.service_user))}
