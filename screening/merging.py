"""Screening's part in joining two records of one person, and in undoing it; called by inclusion/merging only."""

from collections import defaultdict

from django.utils.translation import gettext as _

from people import moving
from people.models import ServiceUser
from people.moving import Move
from screening import consequences
from screening.models import Need, Screening
from screening.sitting import definition_of


def drafts_of_both(kept: ServiceUser, other: ServiceUser) -> list[Screening]:
    """Open screenings that cannot be one person's at a time: a person has one draft of a questionnaire."""
    drafts = list(Screening.objects.drafts().filter(service_user__in=[kept, other], corrects=None))
    definitions = [draft.definition for draft in drafts]
    return [draft for draft in drafts if definitions.count(draft.definition) > 1]


def why_not(kept: ServiceUser, other: ServiceUser) -> list[str]:
    if drafts_of_both(kept, other):
        return [_("Each record has a screening that is being filled in. Finish one of them first.")]
    return []


def take_over(*, kept: ServiceUser, other: ServiceUser) -> list[Move]:
    """Screenings and needs; a need that both have open is carried on to the later screening."""
    moves = moving.hand_over(Screening.objects.all(), of=other, to=kept)
    moves += moving.hand_over(Need.objects.all(), of=other, to=kept)
    return [*moves, *(move for twice in _open_by_code([kept]).values() for move in _carry_on(twice))]


def open_twice(kept: ServiceUser, other: ServiceUser) -> list[str]:
    """Titles of the needs that both records have open."""
    return [_title(needs[-1]) for needs in _open_by_code([kept, other]).values() if len(needs) > 1]


def part(*, kept: ServiceUser, other: ServiceUser) -> None:
    """After the rows have gone back: what was raised or corrected since goes with its screening, and no screening
    of one person carries on or settles a need of the other."""
    corrections = Screening.objects.filter(service_user=kept, corrects__service_user=other)
    while corrections.update(service_user=other):  # a correction may have been corrected
        pass
    Need.objects.filter(service_user=kept, screening__service_user=other).update(service_user=other)
    for person in (kept, other):
        consequences.replay_needs(person.pk)


def _open_by_code(people: list[ServiceUser]) -> dict[str, list[Need]]:
    """Open needs, the one of the latest screening last."""
    found: dict[str, list[Need]] = defaultdict(list)
    needs = Need.objects.open().filter(service_user__in=people).select_related("screening")
    for need in needs.order_by("screening__submitted_at", "id"):
        found[need.code].append(need)
    return found


def _carry_on(needs: list[Need]) -> list[Move]:
    """As a second screening of the same person would have: what was agreed stays agreed."""
    *earlier, last = needs
    moves = [
        move for need in earlier for move in _set(need, {"carried_to_id": None}, {"carried_to_id": str(last.pk)})
    ]
    agreed = next((need for need in reversed(earlier) if need.decision == Need.Decision.AGREED), None)
    if agreed is None or last.decision != Need.Decision.UNDECIDED:
        return moves
    return moves + _set(last, _decision(last), _decision(agreed))


def _decision(need: Need) -> dict[str, str | None]:
    return {
        "decision": need.decision,
        "decision_reason": need.decision_reason,
        "decided_at": need.decided_at.isoformat() if need.decided_at else None,
        "decided_by_id": str(need.decided_by_id) if need.decided_by_id else None,
    }


def _set(need: Need, before: dict[str, str | None], after: dict[str, str | None]) -> list[Move]:
    return moving.change(Need.objects.filter(pk=need.pk), before=before, after=after)


def _title(need: Need) -> str:
    definition = definition_of(need.screening)
    return definition.need_title(need.code)
