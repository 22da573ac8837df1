"""Whoever is paused has one team that looks at it again, and a day for that: their own, referral or not.

Who pauses asks for it at once; the job that looks for what is due asks for it after any other way to pause, and
after records were joined or parted. A pause belongs to the person, so that it ends with no referral.
"""

from datetime import date

from django.db.models import Count, F, Q, QuerySet

from accounts import set_aside
from accounts.set_aside import What
from accounts.wording import gettext_lazy as _
from people.models import ServiceUser
from referrals.deaths import DIED, has_died, none_recorded
from referrals.models import FollowUp
from referrals.obligations.owed import Kind, close, owe

RESUMED, REPLACED = "resumed", "another_day"


def look_again(person: ServiceUser) -> int:
    """As the person's pause is now: one review is open, for its day; none without a pause. How many changed."""
    mine = FollowUp.objects.open().filter(service_user=person, kind=Kind.PAUSE_REVIEW)
    day = person.pause_review_on
    if day is None:
        return close(mine, RESUMED)
    if has_died(person):
        return close(mine, DIED)
    fitting = mine.filter(_fits("service_user__", "")).first()
    review = fitting or _owe(person, day)
    return int(fitting is None) + close(mine.exclude(pk=review.pk), REPLACED)


def _owe(person: ServiceUser, day: date) -> FollowUp:
    """Each day that is set is an obligation of its own, so that what came of the last stands as it was said."""
    review = owe(
        kind=Kind.PAUSE_REVIEW,
        key=_key(person),
        service_user=person,
        referral=None,
        team=person.team,
        what=_("Contact was paused until today: may it go on?"),
        due_on=day,
    )
    now = {"service_user": person, "team": person.team, "due_on": day}
    FollowUp.objects.filter(pk=review.pk).update(done_at=None, done_by=None, result="", words="", **now)
    return review


def _key(person: ServiceUser) -> str:
    return f"pause:{person.pk}:{person.paused_at:%Y%m%d%H%M%S%f}:{person.pause_review_on:%Y%m%d}"


def _fits(person: str, review: str) -> Q:
    """The review is of this very pause and for its day; none that ends with a referral."""
    return Q(
        **{
            f"{review}referral": None,
            f"{review}team": F(f"{person}team"),
            f"{review}due_on": F(f"{person}pause_review_on"),
            f"{review}opened_at__gte": F(f"{person}paused_at"),
        }
    )


def look_at_pauses(limit: int) -> int:
    """How many people's reviews were put right; up to `limit`."""
    found = _without_owner().exclude(pk__in=set_aside.resting(What.PAUSE)).select_related("team")[:limit]
    return set_aside.each(What.PAUSE, found, look_again, organisation_id=lambda person: person.organisation_id)


def _without_owner() -> QuerySet[ServiceUser, ServiceUser]:
    """Paused without exactly one review that fits, or not paused and with one. Only these are counted."""
    everybody = ServiceUser.objects.standing()
    review = Q(follow_ups__kind=Kind.PAUSE_REVIEW, follow_ups__done_at=None)
    counted = everybody.filter(none_recorded("pk"), paused_at__isnull=False).annotate(
        reviews=Count("follow_ups", filter=review),
        fitting=Count("follow_ups", filter=review & _fits("", "follow_ups__")),
    )
    over = FollowUp.objects.open().filter(kind=Kind.PAUSE_REVIEW, service_user__paused_at=None)
    wrong = Q(pk__in=counted.exclude(reviews=1, fitting=1).values("pk")) | Q(pk__in=over.values("service_user"))
    return everybody.filter(wrong).order_by("pk")
