"""The pages of the call list: whom to ring, and one call or meeting."""

from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import get_and_post, requires
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.idempotency import once
from accounts.permissions import Permission, Role
from accounts.widgets import posted
from accounts.wording import gettext_lazy as _
from referrals.calls import listing, script, seen
from referrals.calls.forms import CallForm
from referrals.calls.recording import queued, record


@require_safe
@requires(Permission.SEE_REFERRALS)
def call_list(request: Any) -> HttpResponse:
    filters = listing.Filters.read(request.GET)
    lines, after = listing.page(request.membership, filters)
    audit.record("view_call_list", by=request.membership, who=filters.who, when=filters.when, shown=len(lines))
    return render(request, "referrals/calls/list.html", {"lines": lines, "after": after, "filters": filters})


@get_and_post
@requires(Permission.SEE_REFERRALS)
@once
def call(request: Any, pk: UUID) -> HttpResponse:
    """One person, by an id that says nothing of them. Also where a colleague has settled everything meanwhile."""
    line = seen.line_of(request.membership, pk)
    if line is None:
        raise Http404
    waiting = list(queued(line.person, request.membership))
    usual = {"how": "call"} if line.known.ever else {}
    form = CallForm(posted(request), plan=line.known.plan, topics=line.topics, queued=waiting, initial=usual)
    status = 200
    if form.is_bound:
        status = 400
        if form.is_valid():
            try:
                attempt = record(service_user=line.person, by=request.membership, **form.said())
            except (InvalidInput, NotPossibleNow) as refusal:
                form.refuse(refusal)
                status = refusal.http_status
            else:
                notes.success(request, _("Written down. %(next)s") % {"next": seen.what_comes(attempt)})
                return redirect("referrals:call_list")
    audit.record("view_call", by=request.membership, subject=line.person)
    return render(request, "referrals/calls/call.html", _page(request, line, form), status=status)


def _page(request: Any, line: listing.Line, form: CallForm) -> dict[str, Any]:
    known, membership = line.known, request.membership
    worker = next(iter(membership.user.name.split()), "")
    return {
        "line": line,
        "known": known,
        "form": form,
        "works": membership.role != Role.ADMIN,
        "referral": next((topic.referral for topic in line.topics if topic.referral), None),
        "earlier": seen.earlier(line.person, membership),
        "to_say": script.to_say(
            known.plan, called=known.called, worker=worker, sender=membership.organisation.sender_name
        ),
        "to_somebody_else": script.to_somebody_else(known.plan),
        "to_a_machine": script.to_a_machine(known.plan, called=known.called, worker=worker),
        "never_say": script.never_say(known.plan),
    }
