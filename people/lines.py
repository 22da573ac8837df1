"""People as lines of a list: what tells two of them apart, and what must be known before either is contacted."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from people.contact_plan import Plan, in_short
from people.identifiers import outward
from people.models import ContactPlan, ServiceUser


@dataclass(frozen=True)
class Line:
    person: ServiceUser
    area: str
    """The outward part of the postcode; empty where none is recorded."""
    plan: Plan
    also: list[str]
    """Other names, from records of the same person that were not kept: somebody may look for these."""

    @property
    def contact(self) -> str:
        return in_short(self.plan)


def lines(people: Sequence[ServiceUser]) -> list[Line]:
    plans, names = ContactPlan.objects.current_of(people), _other_names(people)
    return [_line(person, plans.get(person.pk), names[person.pk]) for person in people]


def _line(person: ServiceUser, row: ContactPlan | None, names: list[str]) -> Line:
    also = [name for name in names if name != person.name]
    return Line(person, outward(person.postcode), row.plan if row else Plan.unknown(), also)


def _other_names(people: Sequence[ServiceUser]) -> dict[UUID | None, list[str]]:
    found: dict[UUID | None, list[str]] = defaultdict(list)
    not_kept = ServiceUser.objects.filter(merged_into__in=people).order_by("search_name", "id")
    for kept, name in not_kept.values_list("merged_into", "name"):
        found[kept].append(name)
    return found
