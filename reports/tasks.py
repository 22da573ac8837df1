"""Celery as clock and hands. The rows are the job: each task may be missed, late, killed or run twice at once."""

import time
from collections.abc import Callable

from celery import Task, shared_task

from reports import checking, counting, rebuilding

SECONDS = 20
"""How long one ring works; what is left waits for the next."""


def job(function: Callable[[], None]) -> Task:
    """Acknowledged only when done, so that a worker's death rings the bell again; cut off when it hangs."""
    name = f"reports.tasks.{function.__name__}"
    return shared_task(name=name, acks_late=True, soft_time_limit=90, time_limit=120)(function)


def _while_there_is_time(step: Callable[[], object]) -> None:
    """Until there is nothing left to do, or the time is up."""
    until = time.monotonic() + SECONDS
    while step() and time.monotonic() < until:
        continue


@job
def count_changed() -> None:
    """Whoever changed is counted anew."""
    if counting.is_owed():
        _while_there_is_time(counting.count_marked)


@job
def count_anew() -> None:
    """Where the definitions changed, or somebody began it and was stopped, some thousand people further."""
    if rebuilding.is_due() or rebuilding.is_going_on():
        edition = rebuilding.in_the_making()
        _while_there_is_time(lambda: rebuilding.step(edition))


@job
def tidy() -> None:
    """Days of months that are over become one row, and rows of gone editions go."""
    _while_there_is_time(counting.fold_ended)
    _while_there_is_time(rebuilding.sweep)


@job
def check_figures() -> None:
    """Once a night, some people here and there; what differs is told on the admin's page and to who watches."""
    if checking.is_due():
        checking.check_and_keep()
