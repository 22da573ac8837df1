"""Somebody who may be on record already: refused where a number says so, asked about where a name does."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.errors import InvalidInput, NotPossibleNow
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from people.models import ServiceUser
from people.names import search_name, similar
from people.search import kept

NUMBERS = {"nhs_number": _("NHS number"), "local_number": _("local number")}
SHOWN = 10


class LooksLikeSomebody(NotPossibleNow):
    """Add again with the ids of `people` in `not_the_same_as`, once somebody has looked and says so."""

    title = _("This may be somebody you have already")

    def __init__(self, people: list[ServiceUser]) -> None:
        super().__init__(
            _(
                "Somebody on record has a name and a date of birth like these. Look first: it may be "
                "the same person."
            ),
            state="looks_like_somebody",
            allowed=["add"],
        )
        self.people = people
        self.more = {"people": [{"id": str(person.pk), "name": person.name} for person in people]}


def refuse_taken(facts: Mapping[str, Any], by: Membership, *, besides: ServiceUser | None = None) -> None:
    """A number belongs to one person in an organisation. Of another team's person no more is said than that."""
    taken = {name: sentence for name in NUMBERS if (sentence := _taken(name, facts.get(name), by, besides))}
    if taken:
        raise InvalidInput.in_fields(taken)


def _taken(name: str, number: str | None, by: Membership, besides: ServiceUser | None) -> str:
    if not number:
        return ""
    holders = ServiceUser.objects.filter(**{"organisation_id": by.organisation_id, name: number})
    holder = next((one for one in kept(holders.select_related("merged_into")) if one != besides), None)
    if holder is None:
        return ""
    if ServiceUser.objects.visible_to(by).filter(pk=holder.pk).exists():
        return _("%(name)s, whose record you can open, has this %(number)s already.") % {
            "name": holder.name,
            "number": NUMBERS[name],
        }
    return _(
        "Somebody in your organisation, on another team’s list, has this %(number)s "
        "already. Check the number. If it is right, ask your admin who looks after this "
        "person."
    ) % {"number": NUMBERS[name]}


def refuse_likely(facts: Mapping[str, Any], by: Membership, not_the_same_as: Collection[UUID]) -> None:
    people = [person for person in likely(facts, by) if person.pk not in not_the_same_as]
    if people:
        raise LooksLikeSomebody(people)


def likely(facts: Mapping[str, Any], by: Membership) -> list[ServiceUser]:
    """People whom `by` can see with a similar name and the same day of birth; a day not known may be the same."""
    people = ServiceUser.objects.in_sight_of(by).select_related("team", "merged_into__team")
    if born := facts.get("date_of_birth"):
        people = people.filter(Q(date_of_birth=born) | Q(date_of_birth=None))
    wanted = search_name(facts["name"], facts.get("preferred_name", ""))
    names = people.values_list("pk", "search_name")
    found = [pk for pk, name in names.iterator() if similar(wanted, name)][:SHOWN]
    return kept(people.filter(pk__in=found))
