"""The outbox: every message that went out or will, what became of each, and letters to print and post."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib import messages as notes
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import fetch, get_and_post, requires
from accounts.errors import InvalidInput
from accounts.models import Membership
from accounts.permissions import Permission
from people.identifiers import format_phone
from referrals import letters, reach, sending
from referrals.channels.outbox import PAPER
from referrals.fates import WORDS, owner_of
from referrals.lifecycle import ENDED
from referrals.messages import TEMPLATES, NotFitToSend, time_in_words
from referrals.models import OutboxMessage, Reminder

PAGE = 25
Status = Reminder.Status

LISTS = {
    "all": ("Everything", Q()),
    "to_post": ("Letters to post", Q()),
    "waiting": ("Still to go", Q(status__in=[Status.QUEUED, Status.CLAIMED])),
    "failed": ("Did not arrive", Q(status__in=[Status.FAILED, Status.REFUSED])),
    "not_known": ("Not known whether sent", Q(status=Status.NOT_KNOWN)),
}
NOTHING = {
    "all": "No message yet. When a referral is sent, accepted or booked, the message to the person appears here.",
    "to_post": "No letter waits to be posted. Letters appear here when they are due, to print and post.",
    "waiting": "Nothing waits to go.",
    "failed": "Every message has arrived, or is on its way.",
    "not_known": "It is known of every message whether it was sent.",
}
NO_LONGER: dict[str, str] = {
    "told_already": "the person has been told",
    "newer_news": "newer news took its place",
    "referral_ended": "the referral has ended",
    "appointment_gone": "the appointment has changed",
    "died": "the person has died",
    **dict.fromkeys(("attended", "late", "did_not_attend"), "the appointment is over"),
    **dict.fromkeys(("rearranged", "cancelled_by_person", "cancelled_by_service"), "the appointment has changed"),
    **dict.fromkeys(map(str, ENDED), "the referral has ended"),
}
COLOURS = {
    Status.DELIVERED: "green",
    Status.SENT: "blue",
    Status.FAILED: "red",
    Status.REFUSED: "red",
    Status.NOT_KNOWN: "red",
}
RELATED = (
    "service_user__team__organisation",
    "service_user__organisation",
    "referral__referring_team__organisation",
    "referral__named_worker__user",
    "follow_up__team__organisation",
    "appointment",
)


@dataclass(frozen=True)
class Line:
    """One message, as a list or its own page says it."""

    reminder: Reminder
    name: str
    news: str
    state: str
    colour: str
    why: str
    when: str


def _line(reminder: Reminder, membership: Membership) -> Line:
    return Line(
        reminder=reminder,
        name=_name(reminder, membership),
        news=TEMPLATES[reminder.template],
        state=_state(reminder),
        colour=COLOURS.get(Status(reminder.status), "grey"),
        why=WORDS.get(reminder.reason) or NO_LONGER.get(reminder.reason) or reminder.reason.replace("_", " "),
        when=_when(reminder),
    )


def _name(reminder: Reminder, membership: Membership) -> str:
    """A provider knows the person by what was shared with it."""
    if membership.may(Permission.SEE_SERVICE_USERS):
        return reminder.service_user.name
    return (reminder.referral.shared.get("name") if reminder.referral else "") or "The person"


def _state(reminder: Reminder) -> str:
    if reminder.channel == PAPER:
        return {Status.SENT: "To print and post", Status.DELIVERED: "Posted"}.get(
            Status(reminder.status), reminder.get_status_display()
        )
    return reminder.get_status_display()


def _when(reminder: Reminder) -> str:
    if reminder.status in (Status.QUEUED, Status.CLAIMED):
        return f"Goes on {time_in_words(reminder.due_at)}"
    if reminder.settled_at:
        return time_in_words(reminder.settled_at)
    if reminder.channel == PAPER and reminder.sent_at:
        return f"Ready since {time_in_words(reminder.sent_at)}"
    return f"Sent on {time_in_words(reminder.sent_at)}" if reminder.sent_at else ""


def _before(rows: QuerySet[Reminder], mark: str) -> QuerySet[Reminder]:
    """Those older than the one that `mark` names; ids sort by time. A mark that is none is not looked at."""
    try:
        return rows.filter(pk__lt=UUID(mark)) if mark else rows
    except ValueError:
        return rows


def _rows(show: str, membership: Membership, mark: str) -> QuerySet[Reminder]:
    """A row without a channel is no message: it says that none was sent, and why."""
    messages = Reminder.objects
    rows = messages.to_post_by(membership) if show == "to_post" else messages.visible_to(membership)
    return _before(rows.exclude(channel="").filter(LISTS[show][1]), mark).select_related(
        "service_user", "referral"
    )


@require_safe
@requires(Permission.SEE_OUTBOX)
def outbox(request: Any) -> HttpResponse:
    show = request.GET.get("show", "all")
    show = show if show in LISTS else "all"
    found = list(_rows(show, request.membership, request.GET.get("before", "")).order_by("-pk")[: PAGE + 1])
    audit.record("view_outbox", by=request.membership, show=show, shown=len(found[:PAGE]))
    context = {
        "lines": [_line(reminder, request.membership) for reminder in found[:PAGE]],
        "before": found[PAGE - 1].pk if len(found) > PAGE else "",
        "lists": [(name, words) for name, (words, _) in LISTS.items()],
        "show": show,
        "title": LISTS[show][0],
        "nothing": NOTHING[show],
    }
    return render(request, "referrals/outbox.html", context)


@get_and_post
@requires(Permission.SEE_OUTBOX)
def outbox_message(request: Any, pk: UUID) -> HttpResponse:
    rows = Reminder.objects.select_related(*RELATED)
    reminder = cast(Reminder, fetch(rows, request.membership, pk=pk))
    if request.method == "POST":
        return _record(request, reminder)
    audit.record("view_message", by=request.membership, subject=reminder)
    return render(request, "referrals/outbox_message.html", _whole(reminder, request.membership))


def _record(request: Any, reminder: Reminder) -> HttpResponse:
    """What somebody says became of a letter."""
    what = request.POST.get("what")
    if what == "posted":
        letters.mark_posted(reminder=reminder, by=request.membership)
        notes.success(request, "Marked as posted. The person counts as told.")
    elif what == "returned":
        letters.mark_returned(reminder=reminder, by=request.membership)
        notes.success(request, "Marked as returned. It is now owed to tell the person in another way.")
    else:
        raise InvalidInput("Say whether the letter was posted or came back.")
    return redirect("referrals:outbox_message", pk=reminder.pk)


def _whole(reminder: Reminder, membership: Membership) -> dict[str, Any]:
    taken = OutboxMessage.objects.filter(reference=reminder.pk).first()
    paper = reminder.channel == PAPER and taken is not None
    ours = letters.is_ours(reminder, membership)  # another's message tells a provider no number or address
    return {
        "line": _line(reminder, membership),
        "reminder": reminder,
        "attempts": reminder.attempts.all(),
        "body": taken.body if taken else _preview(reminder),
        "address": _address(taken) if taken and (ours or membership.may(Permission.SEE_SERVICE_USERS)) else "",
        "letter": taken if paper else None,
        "paragraphs": taken.body.split("\n\n") if taken else [],
        "to_post": paper and ours and reminder.status == Status.SENT,
        "posted": paper and ours and reminder.status == Status.DELIVERED,
        "phone": owner_of(reminder).organisation.phone,
    }


def _address(taken: OutboxMessage) -> str:
    return format_phone(taken.to) if taken.channel == "text" else taken.to


def _preview(reminder: Reminder) -> str:
    """What it would say if it went now; "" for what will not go."""
    if reminder.status not in (Status.QUEUED, Status.CLAIMED):
        return ""
    try:
        return sending.words_of(reminder, reach.plan_of(reminder.service_user)).body
    except NotFitToSend as error:
        return f"This message cannot go as it is: {WORDS[error.code]}."
