"""The lists of the home pages: what waits for a membership, each as a line with one place to go."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format

from accounts.models import Membership
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from accounts.wording import ngettext, pgettext_lazy
from directory.models import SupportOffer
from directory.weights import CONFIRM_AFTER_DAYS
from people.london import london_day
from people.models import ServiceUser
from referrals import worklist
from referrals.actions.stepping import RELATED
from referrals.lifecycle import Status
from referrals.models import ContactAttempt, FollowUp, Referral
from referrals.sieves import is_my_move
from referrals.wording import day_words
from reports.sight import CURRENT_DAYS
from screening.models import Screening, whole

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
    at_once: bool = False
    """The button does it; no page comes between."""
    about: str = ""
    """Where the name leads, if not to where the button does."""


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
    rows = Referral.objects.visible_to(membership).open().filter(is_my_move(membership), now)
    shown = rows.select_related(*RELATED).order_by("due_on", "id")[:limit]
    return Lines(_referral_lines(shown, membership, today), rows.count())


def referrals(membership: Membership, today: date, *, show: str, limit: int) -> list[Line]:
    """The first lines of one of the worklist's lists, by its name there."""
    rows, _after = worklist.page(membership, worklist.Filters(show=show), today)
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
        alone = _("%(provider)s has no account here: ring them.") % {"provider": referral.provider}
        what = f"{what}. {alone}"
    when = line.why
    if tries:
        tried = ngettext("Tried %(tries)s time", "Tried %(tries)s times", tries) % {"tries": tries}
        when = f"{when}. {tried}"
    url, button = _move(line)
    return Line(
        line.name,
        what,
        when,
        referral.due_on or today,
        url,
        button,
        at_once=line.step == "acknowledge",
        about=reverse("referrals:detail", args=[referral.pk]),
    )


def _move(line: worklist.Line) -> tuple[str, str]:
    """The one button that moves it. A draft is looked at before it is sent."""
    pk = line.referral.pk
    if line.step == "acknowledge":
        return reverse("referrals:open", args=[pk]), line.button
    if line.step and line.step != "send":
        return reverse("referrals:step", args=[pk, line.step]), line.button
    return reverse("referrals:detail", args=[pk]), _("Open")


def owed(
    membership: Membership,
    today: date,
    *,
    limit: int | None,
    without: Collection[str] = (),
    apart_from: QuerySet[FollowUp] | None = None,
) -> Lines:
    """A provider knows the person by what was shared with it, and by nothing else. `without`: kinds, `apart_from`:
    follow-ups that stand on another list of the same page."""
    due = FollowUp.objects.visible_to(membership).open().filter(due_on__lte=today).exclude(kind__in=without)
    if apart_from is not None:
        due = due.exclude(pk__in=apart_from.order_by().values("pk"))
    sees_people = membership.may(Permission.SEE_SERVICE_USERS)
    rows = due.select_related("service_user" if sees_people else "referral").order_by("due_on", "id")
    return Lines([_owed_line(row, sees_people, today) for row in rows[:limit]], due.count())


def _owed_line(follow_up: FollowUp, sees_people: bool, today: date) -> Line:
    who = follow_up.service_user.name if sees_people else _shared_name(follow_up)
    when = _("Due %(day)s") % {"day": day_words(follow_up.due_on, today)}
    at_once = follow_up.kind == Kind.FOR_PROVIDER
    if follow_up.kind in {Kind.REVIEW, Kind.SCREENING_DUE} and sees_people:
        url, button = (
            reverse("screening:of_person", args=[follow_up.service_user_id]),
            pgettext_lazy("button", "Screen"),
        )
    elif at_once:
        url, button = reverse("referrals:seen", args=[follow_up.pk]), _("Seen")
    else:
        url, button = reverse("referrals:follow_up", args=[follow_up.pk]), _("Open")
    return Line(who, follow_up.what, when, follow_up.due_on, url, button, at_once=at_once)


def _shared_name(follow_up: FollowUp) -> str:
    return follow_up.referral.shared.get("name", "") if follow_up.referral else ""


def _drafts(membership: Membership, today: date, limit: int | None) -> Lines:
    """One's own, and the team's whose beginner has left: else nobody would find them again."""
    left = Q(started_by__ended_at__isnull=False) | Q(started_by__user__is_active=False)
    own = Q(started_by__user=membership.user_id)
    drafts = Screening.objects.visible_to(membership).drafts().filter(own | left)
    shown = drafts.select_related("service_user").order_by("started_at", "id")[:limit]
    return Lines([_draft_line(screening, today) for screening in shown], drafts.count())


def _draft_line(screening: Screening, today: date) -> Line:
    since = london_day(screening.started_at)
    url = reverse("screening:check", args=[screening.pk])
    if screening.corrects_id:
        when = _("Of the screening of %(day)s") % {"day": date_format(since)}
        return Line(screening.service_user.name, _("Correction left open"), when, since, url, _("Go on"))
    when = _("Begun %(day)s") % {"day": day_words(since, today)}
    return Line(screening.service_user.name, _("Screening left open"), when, since, url, _("Go on"))


def listings(membership: Membership, today: date, *, limit: int | None) -> Lines:
    """Listings that the membership keeps and nobody has confirmed for long, the longest first."""
    if not membership.may(Permission.EDIT_OFFERS):
        return Lines([], 0)
    late = SupportOffer.objects.editable_by(membership).to_confirm(today).select_related("provider")
    since = Coalesce("verified_on", "listed_on")
    shown = late.order_by(since, "name", "pk")[:limit]
    return Lines([_listing_line(offer, today) for offer in shown], late.count())


def _listing_line(offer: SupportOffer, today: date) -> Line:
    last = offer.verified_on or offer.listed_on
    said = _("Last confirmed %(day)s") if offer.verified_on else _("Listed %(day)s, never confirmed")
    what = (
        _("Hidden until somebody confirms it: %(offer)s") if offer.is_hidden(today) else _("Still true? %(offer)s")
    )
    due = last + timedelta(days=CONFIRM_AFTER_DAYS)
    url = reverse("directory:offer", args=[offer.pk])
    when = said % {"day": day_words(last, today)}
    return Line(str(offer.provider), what % {"offer": offer.name}, when, due, url, _("Open"))


@dataclass(frozen=True)
class Person:
    row: ServiceUser
    screened: str
    due: bool


def longest_unscreened(membership: Membership, today: date, *, limit: int) -> list[Person]:
    """Never screened first, then the longest ago."""
    rows = (
        ServiceUser.objects.visible_to(membership)
        .on_caseload(today)
        .annotate(screened_at=Max("screenings__submitted_at", filter=whole("screenings__")))
        .order_by(F("screened_at").asc(nulls_first=True), "search_name", "pk")
    )
    return [_person(row, today) for row in rows[:limit]]


def _person(row: Any, today: date) -> Person:
    """`row` is a service user with `screened_at`."""
    if row.screened_at is None:
        return Person(row, _("Never screened"), due=True)
    day = london_day(row.screened_at)
    return Person(
        row,
        _("Last screened %(day)s") % {"day": date_format(day)},
        due=day < today - timedelta(days=CURRENT_DAYS),
    )
