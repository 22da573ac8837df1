"""Processor time of an operation and of its twin, taken in turns so that a busy machine weighs on both alike."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median

from django.db import connection

TICKS_A_SECOND = 100  # the kernel's USER_HZ, the same on every Linux


@dataclass(frozen=True)
class Operation:
    """`goal`: the most milliseconds that `ours` is meant to cost, or None. `a_turn`: the most calls a turn."""

    name: str
    ours: Callable[[], object]
    twin: Callable[[], object]
    goal: float | None = None
    a_turn: int = 1000


@dataclass(frozen=True)
class Measured:
    """Milliseconds of processor time a call, application and database together; `ratio`: twin to ours."""

    operation: Operation
    queries: int
    ours: float
    twin: float
    ratio: float


def database_seconds() -> float:
    """Processor time that PostgreSQL has spent on this connection; 0 where the database is in this process,
    or on another machine."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / TICKS_A_SECOND


def milliseconds(call: Callable[[], object], times: int) -> float:
    database, here = database_seconds(), time.process_time()
    for _ in range(times):
        call()
    spent = time.process_time() - here + database_seconds() - database
    return spent / times * 1000


def queries(call: Callable[[], object]) -> int:
    counted = count()

    def counting(execute: Callable, *statement: object) -> object:
        next(counted)
        return execute(*statement)

    with connection.execute_wrapper(counting):
        call()
    return next(counted)


def compare(operation: Operation, *, rounds: int, times: int) -> Measured:
    """Medians over `rounds` of `times` calls each; the ratio is the median of the rounds' own ratios."""
    operation.ours()
    operation.twin()
    asked = queries(operation.ours)
    gc.collect()
    times = min(times, operation.a_turn)
    pairs = [(milliseconds(operation.ours, times), milliseconds(operation.twin, times)) for _ in range(rounds)]
    return Measured(
        operation,
        asked,
        median(ours for ours, _ in pairs),
        median(twin for _, twin in pairs),
        median(twin / ours for ours, twin in pairs),
    )
