"""Two records of one person become one, and two again: each app moves its own rows, all in one transaction.

Why rows move, and what an undo means, is in docs/decisions/0008-merging-records.md.
"""

from collections.abc import Mapping
from uuid import UUID

from django.apps import apps as models
from django.db import IntegrityError, transaction

from accounts.errors import AlreadyChanged, NotPossibleNow
from accounts.models import Membership
from people import merging as people
from people import moving
from people.actions import CHANGED
from people.models import Merge, ServiceUser
from people.moving import Move
from referrals import merging as referrals
from screening import merging as screening

MOVES = {
    "people.Consent",
    "people.ServiceUser",  # those that were joined to the other record before
    "screening.Screening",
    "screening.Need",
    "referrals.Referral",
    "referrals.FollowUp",
    "referrals.CallAttempt",
    "referrals.GivenPlan",
    "referrals.Incident",
    "referrals.Reminder",
    "referrals.OutboxMessage",
}
STAYS = {
    "people.ContactPlan",  # written once; both records get the same new one
    "people.FairnessAnswers",  # what the kept record does not know is taken from it
    "people.Merge",  # says itself which records it is about
}
"""Every model that points at a service user is in one of the two (tests/merging/test_rows.py)."""


def why_not(kept: ServiceUser, other: ServiceUser) -> list[str]:
    """What a person must finish first, each a sentence."""
    return [*screening.why_not(kept, other), *referrals.why_not(kept, other)]


def merge(
    *,
    kept: ServiceUser,
    other: ServiceUser,
    seen: Mapping[UUID, int],
    choices: Mapping[str, str],
    reason: str,
    by: Membership,
) -> Merge:
    """All that hangs on `other` hangs on `kept` from now on. See people/merging.py for `seen` and `choices`."""
    try:
        with transaction.atomic():
            row = people.join(kept=kept, other=other, seen=seen, choices=choices, reason=reason, by=by)
            if reasons := why_not(kept, other):
                raise NotPossibleNow(" ".join(reasons), state="not_finished")
            people.write_down(row, _take_over(kept, other))
            return row
    except IntegrityError as error:  # somebody began a second draft, or referral, in the same moment
        raise AlreadyChanged(CHANGED) from error


@transaction.atomic
def undo(*, row: Merge, reason: str, by: Membership) -> None:
    """Exactly what moved goes back. What was made since stays, or goes with the moved row that it is about."""
    people.end(row=row, reason=reason, by=by)
    moving.put_back(moving.from_json(row.moved))
    screening.part(kept=row.kept, other=row.other)
    referrals.part(kept=row.kept, other=row.other)
    people.give_back(row=row, by=by)


@transaction.atomic
def gather_late(row: Merge) -> int:
    """Moves what somebody wrote to the other record in the very moment of the merge; how many rows that was."""
    people.tighten_late(row)
    if not any(_left_behind(label, row.other) for label in MOVES):
        return 0
    late = _take_over(row.kept, row.other)
    people.write_down(row, [*moving.from_json(row.moved), *late])
    return sum(moving.count(late).values())


def _take_over(kept: ServiceUser, other: ServiceUser) -> list[Move]:
    apps = (people, screening, referrals)
    return [move for app in apps for move in app.take_over(kept=kept, other=other)]


def _left_behind(label: str, other: ServiceUser) -> bool:
    column = "merged_into" if label == "people.ServiceUser" else "service_user"
    rows = models.get_model(label)._base_manager.filter(**{column: other})
    return (rows.filter(sent_on=None) if label == "referrals.Reminder" else rows).exists()
