"""The outbox: every message that went out or will, what became of each, and letters to print and post."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib import messages as notes
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts import audit, clock
from accounts.access import fetch, get_and_post, requires
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.models import Membership
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from people.contact_plan import way_in_words
from people.identifiers import format_phone
from referrals import letters, moment, reach
from referrals.channels.outbox import PAPER
from referrals.failures import SET_UP, WORDS
from referrals.fates import owner_of
from referrals.lifecycle import ENDED
from referrals.messages import TEMPLATES, NotFitToSend, time_in_words
from referrals.models import BatchLetter, OutboxMessage, Reminder
from referrals.notify import said
from referrals.post.words import why
from referrals.sharing import is_over
from referrals.wording import is_their_record, name_for

PAGE = 25
Status = Reminder.Status

LISTS = {
    "all": (_("Everything"), Q()),
    "to_post": (_("Letters to post"), Q()),
    "waiting": (_("Still to go"), Q(status__in=[Status.QUEUED, Status.CLAIMED])),
    "failed": (_("Did not arrive"), Q(status__in=[Status.FAILED, Status.REFUSED])),
    "not_known": (_("Not known whether sent"), Q(status=Status.NOT_KNOWN)),
    "set_up": (_("Held up by the set-up"), Q(status=Status.QUEUED, reason__in=SET_UP)),
}
NOTHING = {
    "all": _(
        "No message yet. When a referral is sent, accepted or booked, the message to the person appears here."
    ),
    "to_post": _("No letter waits to be posted. Letters appear here when they are due, to print and post."),
    "waiting": _("Nothing waits to go."),
    "failed": _("Every message has arrived, or is on its way."),
    "not_known": _("It is known of every message whether it was sent."),
    "set_up": _("No message waits because of how this service is set up at GOV.UK Notify."),
}
NO_LONGER: dict[str, str] = {
    "told_already": _("the person has been told"),
    "newer_news": _("newer news took its place"),
    "referral_ended": _("the referral has ended"),
    "appointment_gone": _("the appointment has changed"),
    "died": _("the person has died"),
    "asked_to_stop": _("the person asked us to stop"),
    "too_late": _("it is too late to be of use"),
    **dict.fromkeys(("attended", "late", "did_not_attend"), _("the appointment is over")),
    **dict.fromkeys(
        ("rearranged", "cancelled_by_person", "cancelled_by_service"), _("the appointment has changed")
    ),
    **dict.fromkeys(map(str, ENDED), _("the referral has ended")),
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
    channel: str
    news: str
    state: str
    colour: str
    why: str
    when: str
    said: said.Said | None


def _line(reminder: Reminder, membership: Membership) -> Line:
    return Line(
        reminder=reminder,
        name=named(reminder, membership),
        channel=way_in_words(reminder.channel),
        news=TEMPLATES[reminder.template],
        state=_state(reminder),
        colour=COLOURS.get(Status(reminder.status), "grey"),
        why=WORDS.get(reminder.reason) or NO_LONGER.get(reminder.reason) or reminder.reason.replace("_", " "),
        when=_when(reminder),
        said=next(iter(said.newest_first(reminder)), None),
    )


def named(reminder: Reminder, membership: Membership) -> str:
    """A provider knows the person by what was shared with it."""
    return name_for(membership, reminder.service_user, reminder.referral) or _("The person")


def _state(reminder: Reminder) -> str:
    if reminder.channel == PAPER and reminder.carrier:
        return {Status.SENT: _("With GOV.UK Notify"), Status.DELIVERED: _("Printed and posted")}.get(
            Status(reminder.status), reminder.get_status_display()
        )
    if reminder.channel == PAPER:
        return {Status.SENT: _("To print and post"), Status.DELIVERED: _("Posted")}.get(
            Status(reminder.status), reminder.get_status_display()
        )
    return reminder.get_status_display()


def _when(reminder: Reminder) -> str:
    if reminder.status in (Status.QUEUED, Status.CLAIMED):
        return _("Goes on %(when)s") % {"when": time_in_words(reminder.due_at)}
    if reminder.settled_at:
        return time_in_words(reminder.settled_at)
    if reminder.channel == PAPER and not reminder.carrier and reminder.sent_at:
        return _("Ready since %(when)s") % {"when": time_in_words(reminder.sent_at)}
    return _("Sent on %(when)s") % {"when": time_in_words(reminder.sent_at)} if reminder.sent_at else ""


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
    return (
        _before(rows.exclude(channel="").filter(LISTS[show][1]), mark)
        .select_related("service_user", "referral")
        .prefetch_related("receipts")
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
        "lists": [(name, words) for name, (words, _rows) in LISTS.items()],
        "show": show,
        "title": LISTS[show][0],
        "held_up": said.set_up_problems(request.membership),
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
    if what == "returned":
        _refuse_in_run(reminder)
        letters.mark_returned(reminder=reminder, by=request.membership)
        notes.success(request, _("Marked as returned. It is now owed to tell the person in another way."))
    else:
        raise InvalidInput(_("A letter is printed and marked as posted in a run."))
    return redirect("referrals:outbox_message", pk=reminder.pk)


def _run_of(reminder: Reminder) -> BatchLetter | None:
    """The run that the letter was printed in: what becomes of it is said there, by its reference."""
    live = [BatchLetter.Status.PRINTED, BatchLetter.Status.POSTED]
    return reminder.on_paper.filter(status__in=live).select_related("batch").first()


def _refuse_in_run(reminder: Reminder) -> None:
    if found := _run_of(reminder):
        sentence = _("This letter is in run %(code)s: say there what became of it.")
        raise NotPossibleNow(sentence % {"code": found.batch.code}, state=found.status)


def _whole(reminder: Reminder, membership: Membership) -> dict[str, Any]:
    taken = OutboxMessage.objects.filter(reference=reminder.pk).first()
    paper = reminder.channel == PAPER and taken is not None
    ours = letters.is_ours(reminder, membership)  # another's message tells a provider no number or address
    sees_people = is_their_record(membership, reminder.service_user)
    run = _run_of(reminder) if paper and ours else None
    if taken and run:  # what stands on the paper
        taken.to, taken.body = run.to, run.body
    unshared = not sees_people and reminder.referral is not None and is_over(reminder.referral)
    to_post = paper and ours and not unshared and not run and reminder.status == Status.SENT
    against = letters.why_not(reminder, clock.now()) if to_post else ""
    return {
        "line": _line(reminder, membership),
        "reminder": reminder,
        "attempts": reminder.attempts.all(),
        "said": said.newest_first(reminder),
        "kept_there": bool(reminder.carrier and reminder.sent_on),
        "body": "" if to_post else taken.body if taken else _preview(reminder),
        "address": _address(taken) if taken and not to_post and (sees_people or (ours and not unshared)) else "",
        "unshared": unshared,
        "letter": taken if paper and not to_post else None,
        "paragraphs": taken.body.split("\n\n") if taken else [],
        "run": run,
        "against": why(against) if against else "",
        "to_post": to_post and not against,
        "posted": paper and ours and not run and reminder.status == Status.DELIVERED,
        "phone": owner_of(reminder).organisation.phone,
    }


def _address(taken: OutboxMessage) -> str:
    return format_phone(taken.to) if taken.channel == "text" else taken.to


def _preview(reminder: Reminder) -> str:
    """What it would say if it went now; "" for what will not go."""
    if reminder.status not in (Status.QUEUED, Status.CLAIMED):
        return ""
    try:
        return moment.words_of(reminder, reach.plan_of(reminder.service_user)).body
    except NotFitToSend as error:
        return _("This message cannot go as it is: %(words)s.") % {"words": WORDS[error.code]}
