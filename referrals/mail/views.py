"""What was mailed to staff and providers, for admins: what became of each, and what somebody must see to."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.access import fetch, requires
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from referrals import mail as actions
from referrals.mail.fates import DID_NOT_GO, WHY
from referrals.mail.kept import is_kept
from referrals.models import Mail

PAGE = 25
Fate = Mail.Fate
LISTS = {
    "all": (_("Everything"), Q()),
    "failed": (_("Did not go"), DID_NOT_GO),
    "waiting": (_("Still to go"), Q(settled_at=None)),
}
NOTHING = {
    "all": _(
        "No email yet. Sign-in codes and links for providers, and the morning email to staff, appear here as soon "
        "as there are some."
    ),
    "failed": _("Every email has gone."),
    "waiting": _("Nothing waits to go."),
}
COLOURS = {Fate.SENT: "green", Fate.KEPT: "blue", Fate.FAILED: "red", Fate.STALE: "red"}


def _line(mail: Mail) -> dict[str, Any]:
    waiting = _("Tried, and will be tried again") if mail.tries else _("To be sent")
    return {
        "mail": mail,
        "state": mail.get_fate_display() if mail.fate else waiting,
        "colour": COLOURS.get(Fate(mail.fate), "grey") if mail.fate else "grey",
        "why": WHY.get(mail.reason, mail.reason.replace("_", " ")),
        "when": mail.settled_at or mail.queued_at,
    }


def _older(rows: QuerySet[Mail], than: str) -> QuerySet[Mail]:
    """Ids sort by time. A mark that is none is not looked at."""
    try:
        return rows.filter(pk__lt=UUID(than)) if than else rows
    except ValueError:
        return rows


@require_safe
@requires(Permission.SEE_MAIL)
def mail_list(request: Any) -> HttpResponse:
    show = request.GET.get("show", "all")
    show = show if show in LISTS else "all"
    rows = Mail.objects.visible_to(request.membership).filter(LISTS[show][1]).select_related("team")
    found = list(_older(rows, request.GET.get("before", "")).order_by("-pk")[: PAGE + 1])
    audit.record("see_mail", by=request.membership, show=show, shown=len(found[:PAGE]))
    context = {
        "lines": [_line(mail) for mail in found[:PAGE]],
        "before": found[PAGE - 1].pk if len(found) > PAGE else "",
        "lists": [(name, words) for name, (words, _rows) in LISTS.items()],
        "show": show,
        "title": LISTS[show][0],
        "nothing": NOTHING[show],
        "kept": is_kept(),
    }
    return render(request, "referrals/mail.html", context)


def _fetched(request: Any, pk: UUID) -> Mail:
    return cast(Mail, fetch(Mail.objects.select_related("team", "referral"), request.membership, pk=pk))


@require_safe
@requires(Permission.SEE_MAIL)
def mail_message(request: Any, pk: UUID) -> HttpResponse:
    mail = _fetched(request, pk)
    audit.record("view_mail", by=request.membership, subject=mail)
    hidden = mail.secret and mail.fate != Fate.KEPT
    context = {
        **_line(mail),
        "attempts": mail.attempts.count(),
        "body": "" if hidden else mail.body,
        "again": mail.fate in (Fate.FAILED, Fate.KEPT) and not mail.secret and mail.reason != "no_address",
    }
    return render(request, "referrals/mail_message.html", context)


@require_POST
@requires(Permission.SEE_MAIL)
def mail_again(request: Any, pk: UUID) -> HttpResponse:
    actions.try_again(mail=_fetched(request, pk), by=request.membership)
    messages.success(request, _("It is being sent again."))
    return redirect("referrals:mail_message", pk=pk)
