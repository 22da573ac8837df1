"""How fast Celery's worker takes tasks that do nothing from Redis: a process of its own, as a worker is.

`python -m inclusion.benchmarks.drain QUEUE` works off what `tasks_a_second` put in.
"""

import subprocess
import sys
from time import perf_counter
from uuid import uuid4

from celery.exceptions import WorkerShutdown
from django.conf import settings

from inclusion.celery import app

started: list[float] = []


@app.task(name="inclusion.benchmarks.drain.nothing", ignore_result=True)
def nothing(number: int) -> None:
    """The first task to the last: starting a worker is not measured."""
    started.append(perf_counter())
    if len(started) == number:
        print(f"{(number - 1) / (started[-1] - started[0])}", file=sys.__stdout__, flush=True)
        raise WorkerShutdown(0)  # of this worker alone


def tasks_a_second(number: int) -> float | None:
    """None without Redis: the embedded queue is no measure."""
    if not settings.REDIS_URL:
        return None
    queue = f"bench-{uuid4()}"
    for _ in range(number):
        nothing.apply_async((number,), queue=queue)
    command = [sys.executable, "-m", "inclusion.benchmarks.drain", queue]
    worker = subprocess.run(  # noqa: S603 - our own
        command, cwd=settings.BASE_DIR, check=True, capture_output=True, text=True, timeout=300
    )
    return float(worker.stdout.split()[-1])


if __name__ == "__main__":
    from inclusion.benchmarks import drain  # under its own name, by which the tasks know it

    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "ERROR"]
    drain.app.worker_main(["worker", "--pool", "solo", "--queues", sys.argv[1], *quiet])
