"""The lists of the home pages: what waits for a membership, each as a line with one place to go."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Q
from django.urls import reverse

from accounts.models import Membership
from accounts.permissions import Permission
from people.london import london_day
from people.models import ServiceUser
from referrals import worklist
from referrals.actions.stepping import RELATED
from referrals.lifecycle import Status
from referrals.models import ContactAttempt, FollowUp, Referral
from referrals.wording import day_words
from reports.scope import CURRENT_DAYS
from screening.models import Screening

Kind = FollowUp.Kind

ANSWERED_ELSEWHERE = {Kind.NUDGE, Kind.NEXT_STEP}
"""Their referral stands on the list of referrals already, as overdue or declined."""


@dataclass(frozen=True)
class Line:
    """One thing that waits. `since` is the day it was, or is, due."""

    who: str
    what: str
    when: str
    since: date
    url: str
    button: str


@dataclass(frozen=True)
class Lines:
    """`shown` may be fewer than there are: `count` is of all."""

    shown: list[Line]
    count: int


def for_clinician(membership: Membership, today: date, *, limit: int | None) -> Lines:
    """Referrals to move, what is owed to people, and one's own screenings left open, the longest due first."""
    parts = [
        _to_move(membership, today, limit),
        owed(membership, today, limit=limit, without=ANSWERED_ELSEWHERE),
        _drafts(membership, today, limit),
    ]
    lines = sorted(chain.from_iterable(part.shown for part in parts), key=lambda line: line.since)
    return Lines(lines[:limit], sum(part.count for part in parts))


def _to_move(membership: Membership, today: date, limit: int | None) -> Lines:
    """What is due; a referral that was declined, or asked about, waits from the moment it was."""
    now = Q(due_on__lte=today) | Q(status__in=[Status.DECLINED, Status.MORE_INFO])
    rows = Referral.objects.visible_to(membership).open().filter(worklist.is_my_move(membership), now)
    shown = rows.select_related(*RELATED).order_by("due_on", "id")[:limit]
    return Lines(_referral_lines(shown, membership, today), rows.count())


def referrals(membership: Membership, today: date, *, show: str, limit: int) -> list[Line]:
    """The first lines of one of the worklist's lists, by its name there."""
    rows, _ = worklist.page(membership, worklist.Filters(show=show), today)
    return _referral_lines(rows[:limit], membership, today)


def _referral_lines(rows: Iterable[Referral], membership: Membership, today: date) -> list[Line]:
    rows = list(rows)
    tries = _tries(rows)
    return [_referral_line(referral, membership, today, tries.get(referral.pk, 0)) for referral in rows]


def _tries(rows: list[Referral]) -> dict[UUID, int]:
    """How often somebody tried to reach the person of each referral that is still without a first contact."""
    unreached = [referral.pk for referral in rows if referral.status == Status.ACCEPTED]
    attempts = ContactAttempt.objects.filter(referral__in=unreached).order_by()
    return dict(attempts.values_list("referral").annotate(Count("pk")))


def _referral_line(referral: Referral, membership: Membership, today: date, tries: int) -> Line:
    line = worklist.line(referral, membership, today)
    what = f"{Status(referral.status).label}: {referral.offer.name}"
    if referral.provider_team_id is None and referral.action_with == Referral.ActionWith.PROVIDER:
        what += f". {referral.provider} has no account here: ring them."
    when = f"{line.why}. Tried {tries} time{'' if tries == 1 else 's'}" if tries else line.why
    return Line(
        line.name, what, when, referral.due_on or today, reverse("referrals:detail", args=[referral.pk]), "Open"
    )


def owed(membership: Membership, today: date, *, limit: int | None, without: Collection[str] = ()) -> Lines:
    """A provider knows the person by what was shared with it, and by nothing else."""
    due = FollowUp.objects.visible_to(membership).open().filter(due_on__lte=today).exclude(kind__in=without)
    sees_people = membership.may(Permission.SEE_SERVICE_USERS)
    rows = due.select_related("service_user" if sees_people else "referral").order_by("due_on", "id")
    return Lines([_owed_line(row, sees_people, today) for row in rows[:limit]], due.count())


def _owed_line(follow_up: FollowUp, sees_people: bool, today: date) -> Line:
    who = follow_up.service_user.name if sees_people else _shared_name(follow_up)
    when = f"Due {day_words(follow_up.due_on, today)}"
    if follow_up.kind in {Kind.REVIEW, Kind.SCREENING_DUE} and sees_people:
        url, button = reverse("screening:of_person", args=[follow_up.service_user_id]), "Screen"
    else:
        url, button = reverse("referrals:follow_up", args=[follow_up.pk]), "Open"
    return Line(who, follow_up.what, when, follow_up.due_on, url, button)


def _shared_name(follow_up: FollowUp) -> str:
    return follow_up.referral.shared.get("name", "") if follow_up.referral else ""


def _drafts(membership: Membership, today: date, limit: int | None) -> Lines:
    drafts = Screening.objects.visible_to(membership).drafts().filter(started_by__user=membership.user_id)
    shown = drafts.select_related("service_user").order_by("started_at", "id")[:limit]
    return Lines([_draft_line(screening, today) for screening in shown], drafts.count())


def _draft_line(screening: Screening, today: date) -> Line:
    since = london_day(screening.started_at)
    url = reverse("screening:check", args=[screening.pk])
    when = f"Begun {day_words(since, today)}"
    return Line(screening.service_user.name, "Screening left open", when, since, url, "Go on")


@dataclass(frozen=True)
class Person:
    row: ServiceUser
    screened: str
    due: bool


def longest_unscreened(membership: Membership, today: date, *, limit: int) -> list[Person]:
    """Never screened first, then the longest ago."""
    whole = Q(screenings__status=Screening.Status.SUBMITTED)
    rows = (
        ServiceUser.objects.visible_to(membership)
        .on_caseload(today)
        .annotate(screened_at=Max("screenings__submitted_at", filter=whole))
        .order_by(F("screened_at").asc(nulls_first=True), "search_name", "pk")
    )
    return [_person(row, today) for row in rows[:limit]]


def _person(row: Any, today: date) -> Person:
    """`row` is a service user with `screened_at`."""
    if row.screened_at is None:
        return Person(row, "Never screened", due=True)
    day = london_day(row.screened_at)
    return Person(row, f"Last screened {day.day} {day:%B %Y}", due=day < today - timedelta(days=CURRENT_DAYS))
