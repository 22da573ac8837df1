"""The worklist: which referrals a hat has to move, which it waits for, and why each is on the list."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.models import Membership
from accounts.permissions import Role
from referrals.actions.stepping import RELATED
from referrals.lifecycle import OPEN, STEPS, ActionWith, Status
from referrals.models import Referral
from referrals.standing import Standing, standing
from referrals.wording import due_words, sees_person, whose_move

PAGE = 25

LISTS = {
    "mine": "Your move",
    "overdue": "Overdue",
    "today": "Due today",
    "later": "Due later",
    "others": "Waiting for others",
    "ended": "Ended",
}
NOTHING = {
    "mine": "Nothing waits for you. Referrals appear here as soon as it is your move, the longest overdue first.",
    "overdue": "Nothing is overdue.",
    "today": "Nothing is due today.",
    "later": "Nothing is due later. What you must do in the coming days appears here.",
    "others": "You are waiting for nobody. Referrals in which it is somebody else’s move appear here.",
    "ended": "No referral has ended yet. Closed, withdrawn and cancelled ones are kept here.",
}
_OPEN = sorted(status.value for status in OPEN)


@dataclass(frozen=True)
class Filters:
    """As they stand in the address; anything else is read as the usual."""

    show: str = "mine"
    worker: str = ""
    after: str = ""

    @classmethod
    def read(cls, query: Any) -> "Filters":
        show = query.get("show", "mine")
        return cls(
            show=show if show in LISTS else "mine",
            worker="me" if query.get("worker") == "me" else "",
            after=query.get("after", ""),
        )


def is_my_move(membership: Membership) -> Q:
    """The referrer's moves of the team's own referrals, what a provider without account must be rung about,
    and the provider's moves where the team is the provider. An admin watches over all of the organisation."""
    if membership.role == Role.ADMIN:
        return Q(status__in=_OPEN)
    ours = Q(referring_team=membership.team_id) | Q(created_by__team=membership.team_id)
    for_them = Q(action_with=ActionWith.PROVIDER, provider_team=None)
    provided = Q(provider=membership.organisation_id, action_with=ActionWith.PROVIDER)
    return ours & (Q(action_with=ActionWith.REFERRER) | for_them) | provided


def rows_of(membership: Membership, filters: Filters) -> QuerySet[Referral]:
    rows = Referral.objects.visible_to(membership).counted()
    return rows.filter(named_worker=membership) if filters.worker == "me" else rows


def _sieves(membership: Membership, today: date) -> dict[str, Q]:
    is_open, mine = Q(status__in=_OPEN), is_my_move(membership)
    return {
        "mine": is_open & mine,
        "overdue": is_open & mine & Q(due_on__lt=today),
        "today": is_open & mine & Q(due_on=today),
        "later": is_open & mine & Q(due_on__gt=today),
        "others": is_open & ~mine,
        "ended": ~is_open,
    }


def counts(membership: Membership, filters: Filters, today: date) -> dict[str, int]:
    """All of them in one query."""
    sieves = _sieves(membership, today)
    return rows_of(membership, filters).aggregate(
        **{name: Count("pk", filter=sieve) for name, sieve in sieves.items()}
    )


def page(membership: Membership, filters: Filters, today: date) -> tuple[list[Referral], str]:
    """One page and the mark of the next, "" on the last. By keyset: no page costs more than the first."""
    rows = rows_of(membership, filters).filter(_sieves(membership, today)[filters.show])
    if filters.show == "ended":
        rows = _after_id(rows.order_by("-id"), filters.after)
    else:
        rows = _after_day(rows.order_by("due_on", "id"), filters.after)
    shown = list(rows.select_related(*RELATED)[: PAGE + 1])
    return shown[:PAGE], _mark(shown[PAGE - 1]) if len(shown) > PAGE else ""


def _mark(last: Referral) -> str:
    return f"{last.due_on or ''}.{last.pk}"


def read_mark(after: str) -> tuple[date | None, UUID] | None:
    day, _, pk = after.partition(".")
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


@dataclass(frozen=True)
class Line:
    """One referral on a list: who, what, since when and why, and the one button that moves it."""

    referral: Referral
    name: str
    why: str
    waits_for: str
    group: str
    step: str
    button: str


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
        step=step,
        button=_button(step),
    )


def _usual_step(referral: Referral, me: Standing) -> str:
    status = Status(referral.status)
    return next((name for name in me.may_do(status) if status in STEPS[name].primary_from), "")


def _button(step: str) -> str:
    """Whoever opens what has just come in acknowledges it by that very button."""
    return "Open and acknowledge" if step == "acknowledge" else STEPS[step].label if step else "Open"


def _group(referral: Referral, today: date) -> str:
    if referral.due_on is None:
        return "Ended"
    return "Overdue" if referral.due_on < today else "Due today" if referral.due_on == today else "Due later"
