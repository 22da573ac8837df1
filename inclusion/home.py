"""Home: what is waiting for the hat that is worn, overdue first; each line says who, what and since when."""

from datetime import date, time, timedelta
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import audit, clock
from accounts.access import requires
from accounts.models import Heartbeat, Membership, SetAside
from accounts.permissions import Permission, Role
from directory import kinds
from directory.models import SupportOffer, UnmetNeed
from directory.weights import CONFIRM_AFTER_DAYS
from inclusion import became, calls, waiting
from people.london import at_london
from referrals.calls import owed as call_list
from referrals.mail.fates import DID_NOT_GO
from referrals.models import Appointment, FollowUp, Mail, Referral, Reminder
from referrals.post import waiting as letters
from referrals.sieves import COORDINATOR
from referrals.worklist import LISTS, Filters, counts
from reports.caseload import FIRST_TIME, CaseloadReport
from reports.pages import HEADLINES
from reports.periods import Month
from reports.tables import largest_first

SHOWN = 10
"""Lines of a list on the home page; the whole of it is one click away."""
FIRST_CALLS = 5
MAIL_SHOWN = timedelta(days=30)


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
        "became": became.of_referrals(membership, today, limit=SHOWN),
        "team_lists": _team_lists(membership, today),
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
        "owed": waiting.owed(membership, today, limit=limit, apart_from=call_list.listed(membership, today)),
        "count": counts(membership, Filters(), today),
        "listings": waiting.listings(membership, today, limit=limit),
        "calls": calls.first(membership, today, limit=FIRST_CALLS),
        "calls_count": calls.number(membership, today),
        "letters": letters.count(membership),
        "not_known": reminders.filter(status=Reminder.Status.NOT_KNOWN).count(),
        "team_lists": _team_lists(membership, today),
    }


def _team_lists(membership: Membership, today: date) -> list[tuple[str, str, int]]:
    """(name, title, number) of what a team lead looks after; nothing for anybody else."""
    if not membership.is_lead:
        return []
    numbers = counts(membership, Filters(), today)
    return [(name, LISTS[name], numbers[name]) for name in COORDINATOR]


def _admin(membership: Membership, today: date, limit: int | None) -> dict[str, Any]:
    """Unmet needs are figures like those of the report; who is stuck is for those who may see."""
    since = today - timedelta(days=CONFIRM_AFTER_DAYS)
    stuck = FollowUp.objects.visible_to(membership).open().filter(kind=FollowUp.Kind.STUCK)
    offers = SupportOffer.objects.published().visible_to(membership)
    unmet = UnmetNeed.objects.visible_to(membership).filter(recorded_on__gte=since).order_by()
    by_kind = unmet.values_list("kind").annotate(Count("need", distinct=True))
    return {
        "report": CaseloadReport(membership.organisation, None, Month.of(today).previous(), asked=HEADLINES),
        "first_time": FIRST_TIME,
        "stuck": stuck.select_related("service_user", "referral")[:limit],
        "stuck_count": stuck.count(),
        "days": CONFIRM_AFTER_DAYS,
        "listings": waiting.listings(membership, today, limit=limit),
        "hidden": offers.hidden(today).count(),
        "stale": offers.not_confirmed_since(since).count(),
        "offers": offers.count(),
        "unmet": largest_first({kinds.TITLES.get(kind, kind): needs for kind, needs in by_kind}),
        "system": _system(membership),
    }


def _system(membership: Membership) -> dict[str, Any]:
    reminders, mail = Reminder.objects.visible_to(membership), Mail.objects.visible_to(membership)
    owed = reminders.filter(status=Reminder.Status.QUEUED, due_at__lte=clock.now())
    return {
        "beat": Heartbeat.objects.filter(name="scheduler").values_list("at", flat=True).first(),
        "waiting": owed.count(),
        "oldest": owed.order_by("due_at").values_list("due_at", flat=True).first(),
        "not_known": reminders.filter(status=Reminder.Status.NOT_KNOWN).count(),
        "set_aside": SetAside.objects.visible_to(membership).count(),
        "mail": mail.filter(DID_NOT_GO, queued_at__gte=clock.now() - MAIL_SHOWN).count(),
        "mail_days": MAIL_SHOWN.days,
    }


PAGES = {Role.CLINICIAN: _clinician, Role.SUPPORT_WORKER: _support_worker, Role.ADMIN: _admin}
