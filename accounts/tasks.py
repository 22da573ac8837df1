"""Shows that scheduler and worker are alive: the beat reached a worker, and the worker reached the database."""

from datetime import timedelta

from celery import shared_task

from accounts import clock, set_aside
from accounts.models import Heartbeat

SCHEDULER = "scheduler"
FORGOTTEN_AFTER = timedelta(days=1)


@shared_task(name="accounts.tasks.beat", acks_late=True, soft_time_limit=10, time_limit=20)
def beat(scheduler: str = "") -> None:
    """`scheduler`: the name of the one that rang, so that a second one is seen."""
    now = clock.now()
    Heartbeat.objects.update_or_create(name=SCHEDULER, defaults={"at": now})
    if scheduler:
        Heartbeat.objects.update_or_create(name=f"{SCHEDULER} {scheduler}", defaults={"at": now})
    Heartbeat.objects.filter(name__startswith=f"{SCHEDULER} ", at__lt=now - FORGOTTEN_AFTER).delete()


@shared_task(name="accounts.tasks.forget_gone", acks_late=True, soft_time_limit=90, time_limit=120)
def forget_gone() -> None:
    """What was set aside and is not there any more."""
    set_aside.forget_gone()
