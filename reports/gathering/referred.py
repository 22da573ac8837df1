"""Referrals with what became of them, and needs for which there was nothing to refer to."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from directory.models import UnmetNeed
from referrals import reasons
from referrals.lifecycle import Status
from referrals.models import Outcome, Referral, ReferralEvent
from reports import answers, facts
from screening import questionnaire
from screening.terms import HOW_TO_LEARN

Lists = defaultdict[UUID, list[Any]]
GAVE_REASONS = ("cancel", "decline")
"""Steps whose coded reason says why a referral ended as it did."""
SHIPPED = {reason.code for reason in (*reasons.CANCEL, *reasons.DECLINE)}
OWN = "own"
"""In place of a reason that an organisation made for itself."""


def referrals(people: Collection[UUID]) -> Lists:
    """What was entered in error counts nowhere."""
    counted = Referral.objects.counted().filter(service_user__in=people)
    states: Lists = defaultdict(list)
    for referral, at, state in _events(counted).iterator():
        states[referral].append((at, state))
    found: Lists = defaultdict(list)
    rows = _annotated(counted).order_by("created_at", "pk")
    for row in map(Row._make, rows.values_list(*Row._fields).iterator()):
        found[row.service_user].append(_referral(row, states[row.pk]))
    return found


class Row(NamedTuple):
    pk: UUID
    service_user: UUID
    referring_team: UUID
    status: str
    sent_at: datetime | None
    acknowledged_at: datetime | None
    first_contact_at: datetime | None
    ended_at: datetime | None
    warm_handover: bool
    word: str | None
    outcome: str | None
    reason: str | None
    handed_over: bool


def _referral(row: Row, states: list[tuple[datetime, str]]) -> facts.Referral:
    return facts.Referral(
        team=row.referring_team,
        sent_at=row.sent_at,
        acknowledged_at=row.acknowledged_at,
        first_contact_at=row.first_contact_at,
        ended_at=row.ended_at,
        closed=row.status == Status.CLOSED,
        word=row.word or "",
        states=states,
        ended_as=_ended_as(row.status, row.outcome or "", row.reason or ""),
        warm=row.warm_handover,
        handed_over=row.handed_over,
    )


def _annotated(counted: QuerySet[Referral]) -> QuerySet[Referral]:
    newest = Outcome.objects.filter(referral=OuterRef("pk")).order_by("-recorded_at", "-pk")
    events = ReferralEvent.objects.filter(referral=OuterRef("pk"))
    why = events.filter(step__in=GAVE_REASONS).order_by("-recorded_at", "-pk")
    return counted.annotate(
        word=Subquery(newest.values("whose_word")[:1]),
        outcome=Subquery(newest.values("outcome")[:1]),
        reason=Subquery(why.values("reason_code")[:1]),
        handed_over=Exists(events.filter(step="start", evidence__has_key="handover_present")),
    )


def _ended_as(status: str, outcome: str, reason: str) -> str:
    """The state that ended it with its outcome or reason; empty while it is open."""
    match Status(status):
        case Status.CLOSED:
            return f"{status}:{outcome}"
        case Status.CANCELLED | Status.REROUTED:
            return f"{status}:{reason if reason in SHIPPED or not reason else OWN}"
        case Status.WITHDRAWN:
            return f"{status}:"
        case _:
            return ""


def _events(referrals: QuerySet[Referral]) -> "QuerySet[ReferralEvent, tuple[UUID, Any, str]]":
    events = ReferralEvent.objects.filter(referral__in=referrals.values("pk")).order_by("recorded_at", "pk")
    return events.values_list("referral", "recorded_at", "to_status")


def unmet(people: Collection[UUID]) -> Lists:
    rows = UnmetNeed.objects.filter(need__service_user__in=people).order_by("need", "recorded_on", "pk")
    by_need: dict[tuple[UUID, UUID, UUID, str], list[tuple[Any, ...]]] = defaultdict(list)
    formats: dict[UUID, list[str]] = {}
    about = ("definition", "definition_version", "responses")
    columns = ("need__service_user", "need", "team", "need__code", *(f"need__screening__{name}" for name in about))
    times = ("recorded_on", "kind", "reason", "area")
    for person, need, team, code, id, version, responses, *row in rows.values_list(*columns, *times).iterator():
        by_need[person, need, team, code].append(tuple(row))
        if need not in formats:
            formats[need] = _formats(questionnaire.get(id, version), responses)
    found: Lists = defaultdict(list)
    for (person, need, team, code), found_none in by_need.items():
        found[person].append(facts.Unmet(team, code, found_none, formats[need]))
    return found


def _formats(asked: questionnaire.Questionnaire, responses: dict[str, Any]) -> list[str]:
    """Of a review, which does not ask how somebody likes to learn, none."""
    if asked.named(HOW_TO_LEARN) is None:
        return []
    return answers.formats(answers.named(asked, answers.standing(asked, responses)))
