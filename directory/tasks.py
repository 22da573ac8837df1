"""Celery as clock and hands. The rows are the job: each task may be missed, late, killed or run twice at once."""

from celery import shared_task

from accounts import clock, set_aside
from accounts.set_aside import What
from directory.actions import ask_whether_true
from directory.importing import running
from directory.models import SupportOffer

BATCH = 500


@shared_task(name="directory.tasks.ask_about_listings", acks_late=True, soft_time_limit=90, time_limit=120)
def ask_about_listings() -> None:
    """What was missed is asked at the next beat, and asking twice leaves one row."""
    today = clock.today()
    late = SupportOffer.objects.to_confirm(today).select_related("provider").order_by("verified_on", "pk")
    set_aside.each(
        What.LISTING,
        late.exclude(pk__in=set_aside.resting(What.LISTING))[:BATCH],
        lambda offer: bool(ask_whether_true(offer=offer, on=today, by=None)),
        organisation_id=lambda offer: offer.provider_id,
    )


@shared_task(name="directory.tasks.read_feeds", acks_late=True, soft_time_limit=90, time_limit=120)
def read_feeds() -> None:
    """Starts what is due, and carries on what was started; the next beat goes on from here."""
    running.start_due(now=clock.now())
    running.read_feeds()
