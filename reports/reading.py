"""A report's sums as they are now: the summary rows, and whoever changed and is not counted again yet."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from reports import counting, summary
from reports.gathering import gather
from reports.models import Edition, Mark
from reports.summary import Ask, Sums
from reports.tallies import Tally

TAIL = 200
"""People who are counted while a page waits; beyond that it says as of when its figures are."""
TRIES = 5


@dataclass(frozen=True)
class Reading:
    """`answers` in the order of what was asked; None where nothing was ever counted to the end.

    `as_of`: changes since then are not in them; None where all are. `anew`: everybody is being counted anew.
    """

    answers: list[dict[UUID, list[Sums]]] | None
    as_of: datetime | None = None
    anew: bool = False


def read(asks: Sequence[Ask]) -> Reading:
    """Everything that a page asks for, as of one moment."""
    for _try in range(TRIES):
        editions = {one.state: one for one in Edition.objects.all()}
        edition = editions.get(Edition.State.IN_USE)
        if edition is None:
            return Reading(None)
        extra, as_of = _tail(edition)
        found = [summary.by_period(edition.number, ask, extra) for ask in asks]
        if Edition.objects.filter(pk=edition.pk, turns=edition.turns).exists():
            break  # nobody was counted between the tail and the sums
    return Reading(found, as_of, Edition.State.IN_THE_MAKING in editions)


def _tail(edition: Edition) -> tuple[Tally, datetime | None]:
    """What the marked people add. Beyond TAIL, and by other definitions, since when that is not known."""
    if edition.definitions != counting.definitions():
        return Counter(), edition.finished_at
    marked = set(Mark.objects.order_by().values_list("person", flat=True).distinct()[: TAIL + 1])
    if len(marked) > TAIL:
        return Counter(), Mark.objects.order_by("pk").values_list("at", flat=True).first()
    return counting.differences(counting.kept(marked), gather(marked)), None
