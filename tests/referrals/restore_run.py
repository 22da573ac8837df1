"""Sends messages, puts the backup from before back, and sends again: how many get theirs a second time?

Run as `python -m tests.referrals.restore_run FOLDER MESSAGES [--forgetful]` on a database of its own, in
DATABASE_URL: SQLite's own backup, or pg_dump and pg_restore. `--forgetful` plants the fault that it must find.
"""

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inclusion.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - Django has to be set up first
from django.db import connection  # noqa: E402

from accounts import clock  # noqa: E402
from accounts.models import AuditEvent  # noqa: E402
from people.london import LONDON  # noqa: E402
from referrals import sending  # noqa: E402
from referrals.models import Reminder  # noqa: E402
from tests import factories  # noqa: E402

RUN = f"restore:{os.getpid()}"
WEDNESDAY = datetime(2026, 11, 25, 10, 0, tzinfo=LONDON)


class Outside:
    """A carrier: what it took in is in no backup of ours."""

    def __init__(self, forgetful):
        self.taken, self.forgetful = Counter(), forgetful

    def __call__(self, name):
        return self

    def send(self, message):
        self.taken[str(message.reference)] += 1

    def look_up(self, reference):
        return "sent" if self.taken[str(reference)] and not self.forgetful else None


def messages():
    """Those of this run."""
    return Reminder.objects.filter(dedupe_key__startswith=RUN)


def queue(number):
    ash = factories.MembershipFactory(role="clinician")
    type(ash.organisation).objects.update(phone="020 7946 0100", sender_name="Your support team")
    for place in range(number):
        person = factories.ServiceUserFactory(created_by=ash, team=ash.team, phone="+447700900123")
        factories.ContactPlanFactory(service_user=person)
        Reminder.objects.create(
            dedupe_key=f"{RUN}:{place}",
            service_user=person,
            template="review_due",
            channel="text",
            due_at=WEDNESDAY,
        )


def send(outside, moment):
    with clock.at(moment):
        while sending.send_due(drivers=outside):
            pass


def back_up(file):
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(file)) as copy:
            connection.ensure_connection()
            connection.connection.backup(copy)
    else:
        subprocess.run(["pg_dump", "--format=custom", f"--file={file}", os.environ["DATABASE_URL"]], check=True)


def restore(file):
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(file)) as copy:
            copy.backup(connection.connection)
        return
    connection.close()
    to = ["--clean", "--if-exists", f"--dbname={os.environ['DATABASE_URL']}"]
    subprocess.run(["pg_restore", *to, str(file)], check=True)


def main(folder, number, *flags):
    call_command("migrate", verbosity=0)
    outside = Outside("--forgetful" in flags)
    with clock.at(WEDNESDAY):
        queue(int(number))
    backup = Path(folder) / "backup"
    back_up(backup)
    send(outside, WEDNESDAY + timedelta(minutes=1))
    sent_before, audited_before = messages().filter(status="sent").count(), AuditEvent.objects.count()
    restore(backup)
    owed_after = messages().owed().count()
    send(outside, WEDNESDAY + timedelta(minutes=30))
    report = {
        "sent before": sent_before,
        "owed again after the restore": owed_after,
        "sent in all": messages().filter(status="sent").count(),
        "taken in": len(outside.taken),
        "sent twice": sum(times > 1 for times in outside.taken.values()),
        "still owed": messages().owed().count(),
        "audit rows the same": AuditEvent.objects.count() == audited_before,
    }
    sys.stdout.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
