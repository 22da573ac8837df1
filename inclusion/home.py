"""Home: what is waiting for the hat that is worn, overdue first; each line says who, what and since when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.models import Heartbeat, Membership
from accounts.permissions import Permission, Role
from directory.models import SupportOffer, UnmetNeed
from people.models import ServiceUser
from referrals.lifecycle import Status
from referrals.models import Appointment, FollowUp, Referral, Reminder
from reports.caseload import CaseloadReport
from reports.periods import Month
from screening.models import Screening

SHOWN = 10  # lines of a list on the home page; the whole of it is one click away
FRESH_DAYS = 90


@dataclass(frozen=True)
class Line:
    """One thing that waits. `since` is the day it was, or is, due."""

    who: str
    what: str
    since: date
    url: str
    button: str


@require_safe
@requires(Permission.SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    pages = {Role.CLINICIAN: _clinician, Role.SUPPORT_WORKER: _support_worker, Role.ADMIN: _admin}
    role = Role(request.membership.role)
    context = pages[role](request.membership, timezone.localdate())
    return render(request, f"home/{role.value}.html", {**context, "today": timezone.localdate()})


# --- Clinician --------------------------------------------------------------------------------------------


def _clinician(membership: Membership, today: date) -> dict:
    lines = [
        *_referrals_to_move(membership),
        *_follow_ups(membership, today),
        *_drafts(membership),
    ]
    lines.sort(key=lambda line: line.since)
    return {"waiting": lines[:SHOWN], "more": max(0, len(lines) - SHOWN), "people": _people(membership, today)}


def _referrals_to_move(membership: Membership) -> Iterable[Line]:
    """Declined, and asked by the provider: the two states in which the referrer has the move."""
    words = {
        Status.DECLINED: ("Declined: choose the next step", "Decide"),
        Status.MORE_INFO: ("The provider asks", "Answer"),
    }
    rows = Referral.objects.visible_to(membership).filter(status__in=list(words))
    for referral in rows.select_related("service_user", "offer")[:SHOWN]:
        what, button = words[Status(referral.status)]
        yield Line(
            referral.service_user.name,
            f"{what}: {referral.offer.name}",
            referral.due_on,
            reverse("referrals:detail", args=[referral.pk]),
            button,
        )


def _follow_ups(membership: Membership, today: date) -> Iterable[Line]:
    due = FollowUp.objects.visible_to(membership).open().filter(due_on__lte=today)
    for follow_up in due.select_related("service_user")[:SHOWN]:
        yield Line(follow_up.service_user.name, follow_up.what, follow_up.due_on, _place(follow_up), "Open")


def _place(follow_up: FollowUp) -> str:
    if follow_up.kind in {FollowUp.Kind.SCREENING_DUE, FollowUp.Kind.REVIEW}:
        return reverse("screening:of_person", args=[follow_up.service_user_id])
    if follow_up.referral_id:
        return reverse("referrals:detail", args=[follow_up.referral_id])
    return reverse("people:detail", args=[follow_up.service_user_id])


def _drafts(membership: Membership) -> Iterable[Line]:
    drafts = Screening.objects.visible_to(membership).drafts().filter(started_by__user=membership.user)
    for screening in drafts.select_related("service_user")[:SHOWN]:
        started = timezone.localdate(screening.started_at)
        where = reverse("screening:check", args=[screening.pk])
        yield Line(screening.service_user.name, "Screening left open", started, where, "Go on")


def _people(membership: Membership, today: date) -> QuerySet[ServiceUser]:
    """Never screened first, then the longest ago."""
    submitted = Q(screenings__status__in=[Screening.Status.SUBMITTED, Screening.Status.PAUSED])
    return (
        ServiceUser.objects.visible_to(membership)
        .on_caseload(today)
        .annotate(screened_at=Max("screenings__submitted_at", filter=submitted))
        .order_by("screened_at", "search_name", "pk")[:SHOWN]
    )


# --- Support worker ---------------------------------------------------------------------------------------


def _support_worker(membership: Membership, today: date) -> dict:
    mine = Referral.objects.visible_to(membership).open().filter(provider_id=membership.organisation_id)
    ours = mine.filter(action_with=Referral.ActionWith.PROVIDER).select_related("offer")
    overdue, due = ours.filter(due_on__lt=today), ours.filter(due_on=today)
    appointments = (
        Appointment.objects.filter(referral__in=mine, status="booked", starts_at__date=today)
        .select_related("referral")
        .order_by("starts_at")
    )
    owed = FollowUp.objects.visible_to(membership).open().filter(due_on__lte=today).select_related("referral")
    reminders = Reminder.objects.visible_to(membership)
    letters = reminders.filter(channel="letter", status=Reminder.Status.SENT)
    unknown = reminders.filter(status=Reminder.Status.NOT_KNOWN)
    return {
        "overdue": overdue[:SHOWN],
        "due": due[:SHOWN],
        "appointments": appointments,
        "owed": owed[:SHOWN],
        "counts": [
            ("Overdue", overdue.count(), reverse("referrals:worklist")),
            ("Due today", due.count(), reverse("referrals:worklist")),
            ("Today’s appointments", len(appointments), "#appointments"),
            ("Owed to people", owed.count(), "#owed"),
            ("Letters to post", letters.count(), reverse("referrals:outbox")),
            ("Not known whether sent", unknown.count(), reverse("referrals:outbox")),
        ],
    }


# --- Admin ------------------------------------------------------------------------------------------------


def _admin(membership: Membership, today: date) -> dict:
    report = CaseloadReport(membership.organisation, None, Month.of(today).previous())
    stuck = (
        FollowUp.objects.visible_to(membership)
        .open()
        .filter(kind__in=[FollowUp.Kind.STUCK, FollowUp.Kind.COORDINATE])
    )
    offers = SupportOffer.objects.published()
    stale = offers.filter(Q(verified_on=None) | Q(verified_on__lt=today - timedelta(days=FRESH_DAYS)))
    unmet = UnmetNeed.objects.visible_to(membership).filter(recorded_on__gte=today - timedelta(days=90))
    return {
        "report": report,
        "stuck": stuck.select_related("service_user", "referral__offer")[:SHOWN],
        "stale": stale.count(),
        "offers": offers.count(),
        "unmet": unmet.count(),
        "system": _system(),
    }


def _system() -> dict:
    owed = Reminder.objects.owed().filter(due_at__lte=timezone.now())
    return {
        "beat": Heartbeat.objects.filter(name="scheduler").values_list("at", flat=True).first(),
        "waiting": owed.count(),
        "oldest": owed.order_by("due_at").values_list("due_at", flat=True).first(),
        "set_aside": Reminder.objects.filter(status=Reminder.Status.NOT_KNOWN).count(),
    }
