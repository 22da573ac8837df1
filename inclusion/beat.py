"""The scheduler's memory, which is none: the rows know what is due."""

import os
import socket
from datetime import UTC, datetime
from typing import Any

from celery.beat import Scheduler

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
SIGN_OF_LIFE = "accounts.tasks.beat"


def name() -> str:
    """Of this scheduler: two at once are harmless, and are seen."""
    return f"{socket.gethostname()[:18]}:{os.getpid()}"


class DueAtOnce(Scheduler):
    """Rings everything at start, to catch up with time switched off. Keeps no file that a kill could spoil."""

    def setup_schedule(self) -> None:
        super().setup_schedule()
        schedule: dict[str, Any] = self.schedule
        for entry in schedule.values():
            entry.last_run_at = LONG_AGO
            if entry.task == SIGN_OF_LIFE:
                entry.kwargs = {"scheduler": name()}
