"""The one clock: what `now` is. Demo histories and tests move it; everything else just reads it.

Code says `clock.now()` and `clock.today()`, never Django's own, so that a row made in a moved moment has
that moment in all its times, its id included.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta

from django.utils import timezone

_moved: ContextVar[timedelta] = ContextVar("moved", default=timedelta(0))


def now() -> datetime:
    return timezone.now() + _moved.get()


def today() -> date:
    """The day in London."""
    return timezone.localdate(now())


def nanoseconds() -> int:
    """Nanoseconds since 1970, for ids that sort by time."""
    return time.time_ns() + _moved.get() // timedelta(microseconds=1) * 1000


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """The clock runs on from `moment`, in this thread or task only, until the block ends."""
    token = _moved.set(moment - timezone.now())
    try:
        yield
    finally:
        _moved.reset(token)
