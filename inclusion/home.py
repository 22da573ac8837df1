"""Home: what is waiting for the hat that is worn, overdue first; each line says who, what and since when."""

from datetime import date, time, timedelta
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import audit, clock
from accounts.access import requires
from accounts.models import Heartbeat, Membership
from accounts.permissions import Permission, Role
from directory import kinds
from directory.models import SupportOffer, UnmetNeed
from directory.weights import CONFIRM_AFTER_DAYS
from inclusion import waiting
from people.london import at_london
from referrals.models import Appointment, FollowUp, Referral, Reminder
from referrals.worklist import Filters, counts
from reports.caseload import CaseloadReport, largest_first
from reports.periods import Month

SHOWN = 10
"""Lines of a list on the home page; the whole of it is one click away."""


@require_safe
@requires(Permission.SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    membership: Membership = request.membership
    role, today = Role(membership.role), clock.today()
    audit.record("see_home", by=membership)  # it names people, as every list of them does
    context = PAGES[role](membership, today, None if request.GET.get("show") == "all" else SHOWN)
    return render(request, f"home/{role.value}.html", {**context, "today": today})


def _clinician(membership: Membership, today: date, limit: int | None) -> dict[str, Any]:
    """With no `limit` all that waits is shown: the number beside the link and the lines behind it are the same."""
    return {
        "waiting": waiting.for_clinician(membership, today, limit=limit),
        "people": waiting.longest_unscreened(membership, today, limit=SHOWN),
    }


def _support_worker(membership: Membership, today: date, limit: int | None) -> dict[str, Any]:
    mine = Referral.objects.visible_to(membership).filter(provider_id=membership.organisation_id)
    appointments = Appointment.objects.filter(
        referral__in=mine,
        status="booked",
        starts_at__gte=at_london(today, time.min),
        starts_at__lt=at_london(today + timedelta(days=1), time.min),
    )
    reminders = Reminder.objects.visible_to(membership)
    return {
        "overdue": waiting.referrals(membership, today, show="overdue", limit=SHOWN),
        "due": waiting.referrals(membership, today, show="today", limit=SHOWN),
        "appointments": appointments.select_related("referral").order_by("starts_at", "id"),
        "owed": waiting.owed(membership, today, limit=limit),
        "count": counts(membership, Filters(), today),
        "letters": Reminder.objects.to_post_by(membership).count(),
        "not_known": reminders.filter(status=Reminder.Status.NOT_KNOWN).count(),
    }


def _admin(membership: Membership, today: date, limit: int | None) -> dict[str, Any]:
    """Unmet needs are figures like those of the report; who is stuck is for those who may see."""
    since = today - timedelta(days=CONFIRM_AFTER_DAYS)
    stuck = FollowUp.objects.visible_to(membership).open().filter(kind=FollowUp.Kind.STUCK)
    offers = SupportOffer.objects.published().visible_to(membership)
    unmet = UnmetNeed.objects.visible_to(membership).filter(recorded_on__gte=since).order_by()
    by_kind = unmet.values_list("kind").annotate(Count("need", distinct=True))
    return {
        "report": CaseloadReport(membership.organisation, None, Month.of(today).previous()),
        "stuck": stuck.select_related("service_user", "referral")[:limit],
        "stuck_count": stuck.count(),
        "days": CONFIRM_AFTER_DAYS,
        "stale": offers.not_confirmed_since(since).count(),
        "offers": offers.count(),
        "unmet": largest_first({kinds.TITLES.get(kind, kind): needs for kind, needs in by_kind}),
        "system": _system(membership),
    }


def _system(membership: Membership) -> dict[str, Any]:
    reminders = Reminder.objects.visible_to(membership)
    owed = reminders.owed().filter(due_at__lte=clock.now())
    return {
        "beat": Heartbeat.objects.filter(name="scheduler").values_list("at", flat=True).first(),
        "waiting": owed.count(),
        "oldest": owed.order_by("due_at").values_list("due_at", flat=True).first(),
        "set_aside": reminders.filter(status=Reminder.Status.NOT_KNOWN).count(),
    }


PAGES = {Role.CLINICIAN: _clinician, Role.SUPPORT_WORKER: _support_worker, Role.ADMIN: _admin}
