"""Screenings with the needs that they raised, and sittings that were begun."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Min

from reports import answers, facts
from screening import questionnaire
from screening.models import Need, NeedDecision, Screening
from screening.terms import DefinitionKind

Lists = defaultdict[UUID, list[Any]]
LONGEST = 24 * 60
"""Minutes. A sitting that was left open for longer says nothing of how long the questions take."""


class Row(NamedTuple):
    pk: UUID
    service_user: UUID
    team: UUID
    submitted_at: datetime
    started_at: datetime
    status: str
    definition: str
    definition_version: str
    answered_by: str
    goal_in_words: str
    responses: dict[str, Any]
    result__levels: dict[str, str] | None
    result__status: str | None
    result__suggestions: list[dict[str, Any]] | None


def screenings(people: Collection[UUID]) -> Lists:
    needs, acted = _needs(people), _acted(people)
    rows = Screening.objects.submitted().filter(service_user__in=people).order_by("submitted_at", "pk")
    found: Lists = defaultdict(list)
    for row in map(Row._make, rows.values_list(*Row._fields).iterator()):
        found[row.service_user].append(_screening(row, needs[row.pk], acted.get(row.pk, [])))
    return found


def _screening(
    row: Row, raised: list[tuple[facts.Need, datetime | None]], acted: list[datetime]
) -> facts.Screening:
    asked = questionnaire.get(row.definition, row.definition_version)
    standing = answers.standing(asked, row.responses)
    values = answers.named(asked, standing)
    is_screening = asked.kind == DefinitionKind.SCREENING
    carried_on = [at for _need, at in raised if at is not None and at < row.submitted_at]
    return facts.Screening(
        team=row.team,
        at=row.submitted_at,
        whole=row.status == Screening.Status.SUBMITTED and is_screening,
        status=row.result__status or "",
        levels=row.result__levels or {},
        needs=[need for need, _agreed_at in raised],
        acted_at=min([*carried_on, *acted], default=None),
        weeks=0 if is_screening else weeks_of(row.definition),
        minutes=_minutes(row),
        items=answers.items(asked, standing),
        measures=answers.measures(values),
        said=answers.said(values, row.goal_in_words),
        suggested=[(one["rule"], list(one["needs"])) for one in row.result__suggestions or ()],
    )


def weeks_of(definition: str) -> int:
    """Of "review-12-weeks" 12; 0 of a review that names none."""
    return next((int(part) for part in definition.split("-") if part.isdecimal()), 0)


def _minutes(row: Row) -> int | None:
    minutes = (row.submitted_at - row.started_at).total_seconds() // 60
    typed_in = row.answered_by == Screening.AnsweredBy.FROM_PAPER
    return None if typed_in or not 0 <= minutes <= LONGEST else int(minutes)


def _needs(people: Collection[UUID]) -> Lists:
    """Of each screening: the need, and since when it stands agreed."""
    counting = Need.objects.counting().filter(service_user__in=people).order_by("pk")
    carried = set(counting.exclude(carried_to=None).values_list("carried_to", flat=True).iterator())
    found: Lists = defaultdict(list)
    for pk, screening, code, decision, decided_at, error, resolved_at in counting.values_list(
        "pk",
        "screening",
        "code",
        "decision",
        "decided_at",
        "raised_in_error",
        "resolved_by_screening__submitted_at",
    ).iterator():
        need = facts.Need(code, pk not in carried, None if error else resolved_at, decision)
        found[screening].append((need, decided_at if decision == Need.Decision.AGREED else None))
    return found


def _acted(people: Collection[UUID]) -> dict[UUID, list[datetime]]:
    acts = [Need.Decision.AGREED, Need.Decision.NOT_NOW]
    rows = NeedDecision.objects.filter(need__service_user__in=people, decision__in=acts).order_by()
    firsts = rows.values_list("need__screening").annotate(Min("at"))
    return {screening: [at] for screening, at in firsts.iterator()}


def sittings(people: Collection[UUID]) -> Lists:
    """Of screenings, no reviews. What was corrected since was a sitting; what was recorded in error was none."""
    begun = Screening.objects.filter(
        service_user__in=people, corrects=None, definition__in=questionnaire.screening_ids()
    ).exclude(status=Screening.Status.VOID)
    found: Lists = defaultdict(list)
    rows = begun.order_by("started_at", "pk").values_list("service_user", "team", "started_at", "submitted_at")
    for person, team, at, done_at in rows.iterator():
        found[person].append(facts.Sitting(team, at, done_at))
    return found
