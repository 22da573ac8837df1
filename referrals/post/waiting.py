"""Letters that wait on paper for somebody of one's own organisation to print and post them."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Membership
from referrals.models import BatchLetter, OutboxMessage, Reminder

PAGE = 50


def waiting(membership: Membership) -> QuerySet[Reminder]:
    """The longest ready first; ids sort by time. One that another service prints has no sheet of ours, and one
    that is in a run waits for that run."""
    in_a_run = BatchLetter.objects.printed().filter(reminder=OuterRef("pk"))
    on_paper = OutboxMessage.objects.filter(reference=OuterRef("pk"), settled_as="")
    return Reminder.objects.to_post_by(membership).filter(Exists(on_paper), ~Exists(in_a_run)).order_by("pk")


def count(membership: Membership) -> int:
    return waiting(membership).count()


def after(rows: QuerySet[Reminder], mark: str) -> QuerySet[Reminder]:
    """Those that follow the one that `mark` names; a mark that is none is not looked at."""
    try:
        return rows.filter(pk__gt=UUID(mark)) if mark else rows
    except ValueError:
        return rows
