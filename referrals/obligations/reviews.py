"""What a screening makes owed later: reviews at 4, 12 and 26 weeks, and a new screening after a year."""

from datetime import date, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import clock
from accounts.models import Team
from accounts.wording import gettext_lazy as _
from people.models import ServiceUser
from referrals import followup
from referrals.models import FollowUp
from referrals.obligations.owed import Kind, close, owe
from screening.models import Screening

AFTER_SCREENING = (Kind.REVIEW, Kind.SCREENING_DUE)
SUPERSEDED = "newer_screening"
REVIEWED = "reviewed"


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
            what=_("Review %(weeks)s weeks after the screening: ask how things are going.")
            % {"weeks": review.weeks},
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
        what=_("A year since the last screening: screen again."),
        due_on=followup.next_screening_on(submitted_on),
    )
    return [*owed, yearly]


def about_screening(screening_id: UUID) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(kind__in=AFTER_SCREENING, key__startswith=f"screening:{screening_id}:")


def about_versions(screening: Screening) -> QuerySet[FollowUp]:
    """What it makes owed, and what the versions that it corrects have made owed already."""
    keys = [Q(key__startswith=f"screening:{version}:") for version in screening.versions]
    return FollowUp.objects.filter(reduce(or_, keys), kind__in=AFTER_SCREENING)


def reopen_superseded(screening: Screening) -> int:
    """The later screening was recorded in error: what this one had ahead is owed after all."""
    superseded = about_versions(screening).filter(result=SUPERSEDED)
    return superseded.update(done_at=None, done_by=None, result="")


def last_day(review: FollowUp) -> date:
    """The last day that counts for this review."""
    return window(review).closes_on


def window(review: FollowUp) -> followup.ReviewDue:
    """The days that count for this review; the weeks at the end of its key tell them."""
    weeks = int(review.key.rpartition(":")[2].removesuffix("w"))
    screened_on = review.due_on - timedelta(weeks=weeks)
    return next(due for due in followup.reviews(screened_on) if due.weeks == weeks)


def close_reviewed(service_user: ServiceUser, on: date) -> int:
    """The person was asked by a review on that day: what was owed for a window with that day in it is done."""
    owed = FollowUp.objects.open().filter(service_user=service_user, kind=Kind.REVIEW)
    found = [review.pk for review in owed if window(review).opens_on <= on <= window(review).closes_on]
    return close(FollowUp.objects.filter(pk__in=found), REVIEWED)
