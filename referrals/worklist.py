"""The worklist: which referrals a hat has to move, which it waits for, and why each is on the list."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.models import Membership
from accounts.permissions import Role
from accounts.wording import gettext_lazy as _
from referrals.actions.assigning import COLUMN, side_of
from referrals.actions.stepping import RELATED
from referrals.lifecycle import STEPS, Side, Status
from referrals.models import Referral
from referrals.sieves import COORDINATOR, EVERYBODY, coordinates, has_nobody, sieves
from referrals.standing import Standing, standing
from referrals.wording import due_words, sees_person, whose_move

PAGE = 25

LISTS = {
    "mine": _("Your move"),
    "overdue": _("Overdue"),
    "today": _("Due today"),
    "later": _("Due later"),
    "others": _("Waiting for others"),
    "ended": _("Ended"),
    "declined": _("Declined"),
    "silent": _("No answer from the provider"),
    "stuck": _("Stuck"),
    "not_known": _("Not known whether sent"),
    "unassigned": _("With nobody yet"),
    "paused": _("Pauses to look at"),
    "left": _("Owner has left"),
}
NOTHING = {
    "mine": _(
        "Nothing waits for you. Referrals appear here as soon as it is your move, the longest overdue first."
    ),
    "overdue": _("Nothing is overdue."),
    "today": _("Nothing is due today."),
    "later": _("Nothing is due later. What you must do in the coming days appears here."),
    "others": _("You are waiting for nobody. Referrals in which it is somebody else’s move appear here."),
    "ended": _("No referral has ended yet. Closed, withdrawn and cancelled ones are kept here."),
    "declined": _(
        "Nothing that was declined waits for its next step. It appears here as soon as a provider declines."
    ),
    "silent": _("No provider is late with an answer. Referrals appear here once the provider’s time has run out."),
    "stuck": _("Nothing is stuck. Referrals that have waited twice their time appear here."),
    "not_known": _("No message is in doubt. Referrals with a message that perhaps went out appear here."),
    "unassigned": _("Every referral has somebody who looks after it. Those that have nobody appear here."),
    "paused": _("No pause has run out. Pauses appear here on the day that they are to be looked at."),
    "left": _("Everybody who looks after a referral still works here. What a leaver leaves behind appears here."),
}
WORKERS = {"": _("Everybody’s"), "me": _("Mine"), "nobody": _("Nobody’s")}


@dataclass(frozen=True)
class Filters:
    """As they stand in the address, each from a closed list of words; anything else is read as the usual."""

    show: str = "mine"
    worker: str = ""
    urgent: str = ""
    after: str = ""

    @classmethod
    def read(cls, query: Any, membership: Membership) -> "Filters":
        show, worker = query.get("show", "mine"), query.get("worker", "")
        return cls(
            show=show if show in names_of_lists(membership) else "mine",
            worker=worker if worker in WORKERS else "",
            urgent="yes" if query.get("urgent") == "yes" else "",
            after=query.get("after", ""),
        )

    def address(self, **changes: str) -> str:
        """The query with these changed; from the first page on, unless a mark of another is given."""
        wanted = {"show": self.show, "worker": self.worker, "urgent": self.urgent, **changes}
        return "?" + urlencode({name: value for name, value in wanted.items() if value})


def names_of_lists(membership: Membership) -> tuple[str, ...]:
    return EVERYBODY + COORDINATOR if coordinates(membership) else EVERYBODY


def rows_of(membership: Membership, filters: Filters) -> QuerySet[Referral]:
    rows = Referral.objects.visible_to(membership).counted()
    if filters.urgent:
        rows = rows.filter(urgent=True)
    if filters.worker == "me":
        rows = rows.filter(Q(named_worker=membership) | Q(kept_by=membership))
    elif filters.worker == "nobody":
        rows = rows.filter(has_nobody(membership))
    return rows


def counts(membership: Membership, filters: Filters, today: date) -> dict[str, int]:
    """All of them in one query."""
    return rows_of(membership, filters).aggregate(
        **{name: Count("pk", filter=sieve) for name, sieve in sieves(membership, today).items()}
    )


def page(membership: Membership, filters: Filters, today: date) -> tuple[list[Referral], str]:
    """One page and the mark of the next, "" on the last. By keyset: no page costs more than the first."""
    rows = rows_of(membership, filters).filter(sieves(membership, today)[filters.show])
    if filters.show == "ended":
        rows = _after_id(rows.order_by("-id"), filters.after)
    else:
        rows = _after_day(rows.order_by("due_on", "id"), filters.after)
    shown = list(rows.select_related(*RELATED)[: PAGE + 1])
    return shown[:PAGE], _mark(shown[PAGE - 1]) if len(shown) > PAGE else ""


def _mark(last: Referral) -> str:
    return f"{last.due_on or ''}.{last.pk}"


def read_mark(after: str) -> tuple[date | None, UUID] | None:
    day, _dot, pk = after.partition(".")
    try:
        return (date.fromisoformat(day) if day else None), UUID(pk)
    except ValueError:
        return None


def _after_id(rows: QuerySet[Referral], after: str) -> QuerySet[Referral]:
    mark = read_mark(after)
    return rows.filter(pk__lt=mark[1]) if mark else rows


def _after_day(rows: QuerySet[Referral], after: str) -> QuerySet[Referral]:
    mark = read_mark(after)
    if mark is None or mark[0] is None:
        return rows
    day, pk = mark
    return rows.filter(Q(due_on__gt=day) | Q(due_on=day, pk__gt=pk))


def choices(membership: Membership) -> list[Membership]:
    """Whom work can be given to: the colleagues of the team; for an admin, of the organisation."""
    staff = Membership.objects.current().exclude(role=Role.ADMIN).select_related("user", "team")
    here = (
        staff.filter(team__organisation=membership.organisation_id)
        if membership.role == Role.ADMIN
        else staff.filter(team=membership.team_id)
    )
    return list(here.order_by("user__name", "pk"))


@dataclass(frozen=True)
class Line:
    """One referral on a list: who, what, since when and why, and the one button that moves it."""

    referral: Referral
    name: str
    why: str
    waits_for: str
    group: str
    is_late: bool
    step: str
    button: str
    owner: str = ""
    """Who looks after it on the reader's side, or that nobody does, or that they have left."""

    @property
    def key(self) -> str:
        return str(self.referral.pk)


def line(referral: Referral, membership: Membership, today: date) -> Line:
    me = standing(referral, membership)
    step = _usual_step(referral, me)
    person = referral.service_user
    return Line(
        referral=referral,
        name=person.name if sees_person(membership, me) else referral.shared.get("name", ""),
        why=due_words(referral, today),
        waits_for=whose_move(referral, me, today),
        group=_group(referral, today),
        is_late=referral.due_on is not None and referral.due_on < today,
        step=step,
        button=_button(step),
        owner=owner_words(referral, me),
    )


def owner_words(referral: Referral, me: Standing) -> str:
    """The provider's worker where the reader works there, else the referrer's; empty for what has ended."""
    if not referral.is_open:
        return ""
    side = side_of(me, referral.status)
    owner = getattr(referral, COLUMN[side])
    if owner is None:
        return _("Nobody looks after it yet")
    left = owner.ended_at is not None or not owner.user.is_active
    words = _("%(name)s looked after it, and has left") if left else _("With %(name)s")
    return words % {"name": owner.user.name}


def _usual_step(referral: Referral, me: Standing) -> str:
    """Who refers opens nothing for a provider without an account: they are rung first, from the referral."""
    status = Status(referral.status)
    if status is Status.SENT and me.side is Side.REFERRER:
        return ""
    return next((name for name in me.may_do(status) if status in STEPS[name].primary_from), "")


def _button(step: str) -> str:
    """Whoever opens what has just come in acknowledges it by that very button."""
    return _("Open and acknowledge") if step == "acknowledge" else STEPS[step].label if step else _("Open")


def _group(referral: Referral, today: date) -> str:
    if referral.due_on is None:
        return _("Ended")
    return (
        _("Overdue") if referral.due_on < today else _("Due today") if referral.due_on == today else _("Due later")
    )
