"""What one member of staff looks after: what must be given on, and what the team goes on with by itself."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format

from accounts import clock
from accounts.models import Membership
from accounts.permissions import Role
from accounts.wording import gettext_lazy as _
from referrals.lifecycle import Side, Status
from referrals.models import Appointment, FollowUp, Loan, Referral
from referrals.support_steps import LOAN_STEPS
from screening.models import Screening

SHOWN = 25
"""Rows of a kind that are named on the page; the number beside them is of all."""

OUT = sorted({state for step in LOAN_STEPS.values() for state in step.sources})
"""Loans that somebody still has to bring to an end."""


@dataclass(frozen=True)
class Kind:
    """Referrals that have the leaver's name on one side; `side` says whose worker they are."""

    name: str
    title: str
    side: Side


GIVEN_ON = {
    kind.name: kind
    for kind in (
        Kind("named", _("Referrals that they are the named worker of"), Side.PROVIDER),
        Kind("kept", _("Referrals that they look after for the person’s team"), Side.REFERRER),
        Kind("drafts", _("Referrals that they began and have not sent"), Side.REFERRER),
    )
}


def referrals(leaver: Membership, kind: str) -> QuerySet[Referral]:
    """Open ones of the kind, the longest due first. Together they are all that point at the leaver."""
    rows = Referral.objects.open().order_by("due_on", "id")
    draft = Q(status=Status.DRAFT)
    return {
        "named": rows.filter(named_worker=leaver),
        "kept": rows.filter(~draft, kept_by=leaver),
        "drafts": rows.filter(draft, kept_by=leaver),
    }[kind]


def colleagues(leaver: Membership, side: Side) -> QuerySet[Membership]:
    """Who can take the leaver's part over on this side."""
    staff = Membership.objects.current().exclude(pk=leaver.pk).select_related("user", "team")
    if side is Side.PROVIDER:
        here = staff.filter(team__organisation=leaver.organisation_id, role=Role.SUPPORT_WORKER)
    else:
        here = staff.filter(team=leaver.team_id).exclude(role=Role.ADMIN)
    return here.order_by("user__name", "pk")


@dataclass(frozen=True)
class Staying:
    """Something that goes on with the team; `lines` are (what, address), and perhaps not all."""

    title: str
    why: str
    lines: list[tuple[str, str]]
    count: int


def staying(leaver: Membership) -> list[Staying]:
    """What nobody has to be chosen for, and where it is found afterwards."""
    own = Q(named_worker=leaver) | Q(kept_by=leaver)
    with_them = Referral.objects.open().filter(own)
    screenings = Screening.objects.drafts().filter(started_by=leaver).order_by("started_at", "id")
    ahead = Appointment.objects.filter(
        Q(created_by=leaver) | Q(referral__in=with_them), status="booked", starts_at__gte=clock.now()
    ).order_by("starts_at", "id")
    loans = Loan.objects.filter(Q(reserved_by=leaver) | Q(referral__in=with_them), status__in=OUT)
    owed = FollowUp.objects.open().filter(team=leaver.team_id, referral__in=with_them).order_by("due_on", "id")
    return [
        found
        for found in (
            _staying(
                _("Screenings left open"),
                _("They appear on the home page of everybody in the team."),
                screenings,  # not by name: a lead need not be one who may see whom the team screens
                lambda row: (date_format(row.started_at, "j F Y"), reverse("screening:check", args=[row.pk])),
            ),
            _staying(
                _("Appointments ahead"),
                _("They go with their referral, and are in the team’s day."),
                ahead.select_related("referral"),
                lambda row: (f"{row.starts_at:%d.%m.%Y} {row.referral.shared.get('name', '')}", _page(row)),
            ),
            _staying(
                _("Loans"),
                _("They go with their referral; the team is asked before they end."),
                loans.select_related("referral"),
                lambda row: (str(row), _page(row)),
            ),
            _staying(
                _("Owed to people"),
                _("The team owes it, whoever is named for the referral."),
                owed.select_related("referral"),
                lambda row: (row.what, _page(row)),
            ),
        )
        if found.count
    ]


def _staying(title: str, why: str, rows: QuerySet, line: Any) -> Staying:
    return Staying(title, why, [line(row) for row in rows[:SHOWN]], rows.count())


def _page(row: Any) -> str:
    return reverse("referrals:detail", args=[row.referral_id])
