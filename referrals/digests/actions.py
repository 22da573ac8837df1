"""One email a working morning and membership, decided once a day; nothing where nothing is due."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q

from accounts import audit, clock
from accounts.models import Membership
from people.london import at_london, london_day
from referrals.digests.words import letter
from referrals.mail import queue_mail
from referrals.models import Digest
from referrals.working_days import is_working_day

AT = time(7, 30)
ONE_DAY = timedelta(days=1)


def queue_digests(*, now: datetime | None = None, limit: int = 100) -> int:
    """How many memberships were looked at. From half past seven to midnight in London: a day missed is over."""
    now = now or clock.now()
    today = london_day(now)
    if not is_working_day(today) or now < at_london(today, AT):
        return 0
    looked = Q(digest__looked_on__gte=today) | Q(digest__wanted=False)
    rows = Membership.objects.current().exclude(looked).select_related("user", "team__organisation")
    return sum(_decide(membership, today) for membership in rows.order_by("pk")[:limit])


@transaction.atomic
def _decide(membership: Membership, today: date) -> bool:
    """The day is marked in the transaction of the email: both are there, or neither."""
    row, _created = Digest.objects.get_or_create(membership=membership)
    undecided = Digest.objects.filter(Q(looked_on=None) | Q(looked_on__lt=today), pk=row.pk, wanted=True)
    if not undecided.update(looked_on=today):
        return False
    if words := letter(membership, today):
        queue_mail(
            key=f"digest:{membership.pk}:{today}",
            to=membership.user.email,
            subject=words[0],
            body=words[1],
            team=membership.team,
            useful_until=at_london(today + ONE_DAY, time.min),
        )
    return True


@transaction.atomic
def choose(*, by: Membership, wanted: bool) -> None:
    """For all that one works as."""
    for membership in Membership.objects.held_by(by.user_id):
        Digest.objects.update_or_create(membership=membership, defaults={"wanted": wanted})
    audit.record("choose_morning_email", by=by, wanted=wanted)
