"""The wait as it was: working out, offer by offer, how long after sending our own referrals started.

The directory lies below and may not look up here, so the figure is put down there with its day, by this job.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from accounts import clock, set_aside
from accounts.set_aside import What
from directory.actions import note_usual_wait
from directory.models import SupportOffer
from referrals.lifecycle import Status
from referrals.models import ReferralEvent

LOOK_BACK = timedelta(days=180)
FEWEST = 3
"""Of fewer than this a middle says little, and might tell how long one person waited."""


def work_out_waits(*, today: date | None = None) -> int:
    """For how many offers the figure is news."""
    today = today or clock.today()
    waits = _waits(today)
    known = SupportOffer.objects.exclude(usual_wait_on=None).values_list("pk", flat=True)
    offers = SupportOffer.objects.filter(pk__in={*waits, *known}).exclude(pk__in=set_aside.resting(What.WAIT))
    return set_aside.each(
        What.WAIT,
        offers.select_related("provider"),
        lambda offer: _note(offer, waits.get(offer.pk, []), today),
        organisation_id=lambda offer: offer.provider_id,
    )


def _note(offer: SupportOffer, waits: list[int], today: date) -> bool:
    enough = len(waits) >= FEWEST
    days = round(median(waits)) if enough else None
    return note_usual_wait(offer=offer, days=days, of=len(waits) if enough else 0, on=today, by=None)


def _waits(today: date) -> dict[UUID, list[int]]:
    """Days from sending to the start of the work, of the referrals that started lately."""
    started = ReferralEvent.objects.filter(
        step="start", happened_at__gte=clock.now() - LOOK_BACK, referral__sent_at__isnull=False
    ).exclude(referral__status=Status.ENTERED_IN_ERROR)
    waits: dict[UUID, list[int]] = defaultdict(list)
    rows: Iterable[Any] = started.values_list("referral__offer", "referral__sent_at", "happened_at")
    for offer, sent_at, started_at in rows:
        waits[offer].append(max((started_at - sent_at).days, 0))
    return waits
