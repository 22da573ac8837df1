"""The way to one person for whoever wears a hat: theirs, or nobody's; and on to the record that was kept."""

from typing import cast
from uuid import UUID

from django.http import Http404

from accounts.access import fetch
from accounts.errors import NotPossibleNow
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from people.models import ServiceUser


class KeptElsewhere(NotPossibleNow):
    """The record's person has another record, which was kept. A page leads there; the API names it."""

    title = _("This person has another record")

    def __init__(self, asked: UUID, kept: ServiceUser) -> None:
        super().__init__(
            str(_("Two records were this person’s. What was on this one is on the other, which was kept.")),
            state="kept_elsewhere",
        )
        self.asked = asked
        self.kept = kept
        self.more = {"same_person_as": str(kept.pk)}


def person_for(membership: Membership, pk: UUID) -> ServiceUser:
    """404 for a stranger, for whom there is nobody of that id. Raises KeptElsewhere for a record not kept."""
    people = ServiceUser.objects.select_related("team", "organisation")
    try:
        return cast(ServiceUser, fetch(people, membership, pk=pk))
    except Http404:
        raise_if_kept_elsewhere(membership, pk)
        raise


def raise_if_kept_elsewhere(membership: Membership, pk: UUID) -> None:
    not_kept = ServiceUser.objects.in_sight_of(membership).select_related("merged_into__team")
    asked = not_kept.filter(pk=pk).exclude(merged_into=None).first()
    if asked:
        raise KeptElsewhere(pk, cast(ServiceUser, asked.merged_into))
