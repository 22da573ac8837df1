"""Shows that scheduler and worker are alive: the beat reached a worker, and the worker reached the database."""

from celery import shared_task

from accounts import clock
from accounts.models import Heartbeat


@shared_task(name="accounts.tasks.beat")
def beat() -> None:
    Heartbeat.objects.update_or_create(name="scheduler", defaults={"at": clock.now()})
