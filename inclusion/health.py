"""How the machinery does: database, queue, schedulers, what is owed, what was set aside; `/readyz` and a page.

Figures and names of machines only: whoever watches the service reads them without signing in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from accounts import clock
from accounts.models import Heartbeat, SetAside
from accounts.tasks import SCHEDULER
from accounts.wording import gettext_lazy as _
from accounts.wording import ngettext
from inclusion.celery import app
from referrals import reminders
from reports.models import Check, Mark

LATE = timedelta(minutes=5)
ALIVE = timedelta(minutes=1)
"""A scheduler rings every 20 seconds: one that was heard of within this time is running."""
BROKER_TIMEOUT = 1  # seconds


@dataclass(frozen=True)
class Health:
    """None where it is not known: what cannot be asked is not nought."""

    at: datetime
    database: bool = False
    queue_depth: int | None = None
    last_beat: datetime | None = None
    last_scheduler: str = ""
    schedulers: int = 0
    oldest_owed: datetime | None = None
    set_aside: int | None = None
    need_a_person: int | None = None
    oldest_uncounted: datetime | None = None
    wrong_figures: int | None = None
    blind_triggers: int | None = None

    @property
    def queue(self) -> bool:
        return self.queue_depth is not None

    @property
    def scheduler(self) -> bool:
        return self.last_beat is not None and self.at - self.last_beat <= LATE

    @property
    def in_time(self) -> bool:
        return self.database and (self.oldest_owed is None or self.at - self.oldest_owed <= LATE)

    @property
    def is_ready(self) -> bool:
        return not self.troubles()

    def troubles(self) -> list[str]:
        """Why the service is not ready, a sentence each."""
        if not self.database:
            return [_("The database does not answer.")]
        found = []
        if not self.queue:
            found.append(_("The queue does not answer. What is due waits in the database."))
        if self.last_beat is None:
            found.append(_("No scheduler has been heard of yet."))
        elif not self.scheduler:
            found.append(_no_beat(self.at - self.last_beat))
        if self.oldest_owed and not self.in_time:
            found.append(_owed_for(self.at - self.oldest_owed))
        return found

    def notes(self) -> list[str]:
        """What an admin should know and nobody needs to be woken for."""
        found = []
        if self.schedulers > 1:
            found.append(
                _("%(number)s schedulers are running. Nothing is sent twice, but one is enough.")
                % {"number": self.schedulers}
            )
        if self.need_a_person:
            found.append(
                ngettext(
                    "%(number)s item was set aside and needs a person.",
                    "%(number)s items were set aside and need a person.",
                    self.need_a_person,
                )
                % {"number": self.need_a_person}
            )
        return [*found, *self._notes_on_reports()]

    def _notes_on_reports(self) -> Iterator[str]:
        """Pages add whoever is not counted yet, so that nobody is woken for it."""
        if self.oldest_uncounted and self.at - self.oldest_uncounted > LATE:
            yield _("Changes have waited %(minutes)s minutes to be counted for the reports.") % {
                "minutes": _minutes(self.at - self.oldest_uncounted)
            }
        if self.wrong_figures:
            yield ngettext(
                "Last night’s check found %(number)s figure of the reports that the records do not give. Whoever "
                "runs the service finds it with check_rollups, and mends it with rebuild_rollups.",
                "Last night’s check found %(number)s figures of the reports that the records do not give. Whoever "
                "runs the service finds them with check_rollups, and mends them with rebuild_rollups.",
                self.wrong_figures,
            ) % {"number": self.wrong_figures}
        if self.blind_triggers:
            yield _(
                "Changes to some records go uncounted in the reports: triggers are missing. migrate makes them."
            )

    def as_json(self) -> dict[str, Any]:
        checks = {
            "database": self.database,
            "queue": self.queue,
            "scheduler": self.scheduler,
            "in_time": self.in_time,
        }
        return {
            "status": "ready" if self.is_ready else "not ready",
            "why": self.troubles(),
            "notes": self.notes(),
            **{name: "ok" if well else "failing" for name, well in checks.items()},
            "queue_depth": self.queue_depth,
            "last_beat_seconds": _seconds(self.at, self.last_beat),
            "last_scheduler": self.last_scheduler,
            "schedulers": self.schedulers,
            "oldest_owed_seconds": _seconds(self.at, self.oldest_owed),
            "set_aside": self.set_aside,
            "need_a_person": self.need_a_person,
            "oldest_uncounted_seconds": _seconds(self.at, self.oldest_uncounted),
            "wrong_figures": self.wrong_figures,
        }


def now() -> Health:
    at = clock.now()
    depth = queue_depth()
    try:
        return Health(at, database=_database_answers(), queue_depth=depth, **_schedulers(at), **_rows(at))
    except DatabaseError:
        return Health(at, queue_depth=depth)


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def queue_depth() -> int | None:
    """Calls that no worker has taken yet, on the embedded queue and on Redis alike; None: it does not answer."""
    patience = {"socket_connect_timeout": BROKER_TIMEOUT, "socket_timeout": BROKER_TIMEOUT}
    options = patience if app.conf.broker_url.startswith("redis") else {}
    try:
        with app.connection_for_write(connect_timeout=BROKER_TIMEOUT, transport_options=options) as broker:
            broker.ensure_connection(max_retries=1, timeout=BROKER_TIMEOUT)
            channel: Any = broker.default_channel
            return channel.queue_declare(queue=app.conf.task_default_queue).message_count
    except (OSError, KombuError, RedisError):
        return None


def _schedulers(at: datetime) -> dict[str, Any]:
    last = Heartbeat.objects.filter(name=SCHEDULER).values_list("at", flat=True).first()
    named = list(Heartbeat.objects.filter(name__startswith=f"{SCHEDULER} ").order_by("-at"))
    return {
        "last_beat": last,
        "last_scheduler": named[0].name.removeprefix(f"{SCHEDULER} ") if named else "",
        "schedulers": sum(at - one.at <= ALIVE for one in named),
    }


def _rows(at: datetime) -> dict[str, Any]:
    aside = SetAside.objects.all()
    checked = Check.objects.order_by("-pk").first()
    return {
        "oldest_owed": reminders.oldest_owed(at),
        "set_aside": aside.count(),
        "need_a_person": aside.needing_a_person().count(),
        "oldest_uncounted": Mark.objects.order_by("pk").values_list("at", flat=True).first(),
        "wrong_figures": checked.differences if checked else None,
        "blind_triggers": checked.triggers_missing if checked else None,
    }


def _seconds(at: datetime, then: datetime | None) -> int | None:
    return max(int((at - then).total_seconds()), 0) if then else None


def _minutes(age: timedelta) -> int:
    return int(age.total_seconds() // 60)


def _no_beat(age: timedelta) -> str:
    return _("No scheduler has been heard of for %(minutes)s minutes. Nothing is sent meanwhile.") % {
        "minutes": _minutes(age)
    }


def _owed_for(age: timedelta) -> str:
    return _("A message has been due for %(minutes)s minutes and no worker has taken it.") % {
        "minutes": _minutes(age)
    }
