"""Reads the facts of many people from their records, in the same few queries however many they are."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from people import groups
from people.models import ServiceUser
from reports import facts
from reports.gathering import contact, help_given, referred, screened


def gather(people: Collection[UUID]) -> dict[UUID, facts.Person]:
    """Nobody for whom another record was kept, or who is gone."""
    lists = {
        "screenings": screened.screenings(people),
        "referrals": referred.referrals(people),
        "unmet": referred.unmet(people),
        "sittings": screened.sittings(people),
        "reviews": help_given.reviews(people),
        "offline": contact.offline(people),
        "against_plan": contact.against_plan(people),
        "given": help_given.given(people),
        "incidents": help_given.incidents(people),
    }
    standing = ServiceUser.objects.standing().filter(pk__in=people).order_by()
    columns = ("pk", "organisation", "team", "date_of_birth", "on_caseload_since", "left_caseload_on")
    rows = standing.values_list(*columns, *groups.PATHS.values())
    found = {}
    for pk, organisation, team, born, since, left, *values in rows.iterator():
        theirs = {name: rows_of[pk] for name, rows_of in lists.items()}
        fair = _groups(dict(zip(groups.PATHS, values, strict=True)))
        found[pk] = facts.Person(organisation, team, born, since, left, **theirs, groups=fair)
    return found


def _groups(values: groups.Values) -> dict[str, str]:
    """Only what is known, and no age: that is another on another day."""
    found = groups.groups_of({**values, "date_of_birth": None}, on=date.max)
    return {grouping: group for grouping, group in found.items() if group != groups.NOT_KNOWN}
