"""The roof's own chore for Celery. As everywhere the rows are the job: it may be missed, late or run twice."""

from datetime import timedelta

from celery import shared_task

from accounts import clock, set_aside
from accounts.set_aside import What
from inclusion.merging import actions
from people.models import Merge

LOOK_BACK = timedelta(days=1)
BATCH = 500


@shared_task(name="inclusion.tasks.gather_late", acks_late=True, soft_time_limit=90, time_limit=120)
def gather_late() -> None:
    """Rows that somebody wrote to a record in the very moment in which another one was kept for its person."""
    recent = Merge.objects.standing().filter(made_at__gte=clock.now() - LOOK_BACK)
    found = recent.exclude(pk__in=set_aside.resting(What.MERGE)).order_by("made_at")[:BATCH]
    set_aside.each(
        What.MERGE,
        found.select_related("kept", "other", "made_by"),
        actions.gather_late,
        organisation_id=lambda row: row.kept.organisation_id,
    )
