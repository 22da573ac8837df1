"""What a screening makes owed later: reviews at 4, 12 and 26 weeks, and a new screening after a year."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts import clock
from accounts.models import Team
from people.models import ServiceUser
from referrals import followup
from referrals.models import FollowUp
from referrals.obligations.owed import Kind, close, owe

AFTER_SCREENING = (Kind.REVIEW, Kind.SCREENING_DUE)
SUPERSEDED = "newer_screening"


@transaction.atomic
def reviews(*, service_user: ServiceUser, screening_id: UUID, submitted_on: date, team: Team) -> list[FollowUp]:
    """Takes the place of what an earlier screening still had ahead. A review whose window is over is left out."""
    mine = f"screening:{screening_id}:"
    earlier = FollowUp.objects.filter(service_user=service_user, kind__in=AFTER_SCREENING)
    close(earlier.exclude(key__startswith=mine), SUPERSEDED)
    owed = [
        owe(
            kind=Kind.REVIEW,
            key=f"{mine}{review.weeks}w",
            service_user=service_user,
            referral=None,
            team=team,
            what=f"Review {review.weeks} weeks after the screening: ask how things are going.",
            due_on=review.due_on,
        )
        for review in followup.reviews(submitted_on)
        if review.closes_on >= clock.today()
    ]
    yearly = owe(
        kind=Kind.SCREENING_DUE,
        key=f"{mine}year",
        service_user=service_user,
        referral=None,
        team=team,
        what="A year since the last screening: screen again.",
        due_on=followup.next_screening_on(submitted_on),
    )
    return [*owed, yearly]


def about_screening(screening_id: UUID) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(kind__in=AFTER_SCREENING, key__startswith=f"screening:{screening_id}:")


def reopen_superseded(screening_id: UUID) -> int:
    """The later screening was recorded in error: what this one had ahead is owed after all."""
    superseded = about_screening(screening_id).filter(result=SUPERSEDED)
    return superseded.update(done_at=None, done_by=None, result="")


def last_day(review: FollowUp) -> date:
    """The last day that counts for this review; the weeks at the end of its key tell its window."""
    weeks = int(review.key.rpartition(":")[2].removesuffix("w"))
    screened_on = review.due_on - timedelta(weeks=weeks)
    return next(due.closes_on for due in followup.reviews(screened_on) if due.weeks == weeks)
