"""Sends messages from worker processes that are killed at random instants, and counts what was handed over.

Run as `python -m tests.referrals.kill_run FOLDER KILLS MESSAGES SEED [--forgetful]` on a database of its own, in
DATABASE_URL; prints one line of JSON. `--forgetful` plants the fault it must find: a repeat without look-up.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inclusion.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - Django has to be set up first
from django.db import connections  # noqa: E402

from accounts import clock  # noqa: E402
from accounts.models import Membership, Organisation, Team, User  # noqa: E402
from people.london import LONDON  # noqa: E402
from people.models import ContactPlan, ServiceUser  # noqa: E402
from referrals import sending  # noqa: E402
from referrals.models import Attempt, FollowUp, Reminder  # noqa: E402

WEDNESDAY = datetime(2026, 11, 25, 10, 0, tzinfo=LONDON)
LEASE = timedelta(seconds=3)
WORKERS = 2
STARTED = time.monotonic()
RUN = f"kill:{os.getpid()}"


def messages():
    """Those of this run."""
    return Reminder.objects.filter(dedupe_key__startswith=RUN)


class Recorder:
    """Writes each hand-over to a file, for good, before it answers; dawdles before and after, as networks do."""

    def __init__(self, path, dawdle):
        self.path, self.dawdle = path, dawdle

    def __call__(self, name):
        return self

    def send(self, message):
        time.sleep(random.uniform(0, self.dawdle))
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(file, f"{message.reference}\n".encode())
        os.fsync(file)
        os.close(file)
        time.sleep(random.uniform(0, 3 * self.dawdle))

    def look_up(self, reference):
        return "sent" if str(reference) in self.taken() else None

    def taken(self):
        return self.path.read_text().split() if self.path.exists() else []


class Forgetful(Recorder):
    """The planted fault: says that it never had anything."""

    def look_up(self, reference: UUID):
        return None


def moment():
    """A Wednesday morning, and on from there: messages may go."""
    return WEDNESDAY + timedelta(seconds=time.monotonic() - STARTED)


def people_who_take_texts(number):
    trust, _ = Organisation.objects.get_or_create(
        name="Lambourne", defaults={"kind": "health", "phone": "020 7946 0100", "sender_name": "Your support team"}
    )
    team, _ = Team.objects.get_or_create(organisation=trust, name="Brook Lane")
    user, _ = User.objects.get_or_create(email="ash@example.org", defaults={"name": "Ash"})
    by, _ = Membership.objects.get_or_create(user=user, team=team, role="clinician")
    people = ServiceUser.objects.bulk_create(
        ServiceUser(
            organisation=trust,
            team=team,
            name="Robin Example",
            search_name="robin example",
            phone="+447700900123",
            created_by=by,
        )
        for _ in range(number)
    )
    ContactPlan.objects.bulk_create(
        ContactPlan(
            service_user=person,
            number=1,
            answered=True,
            allowed=["text"],
            automatic=True,
            preferred="text",
            source="staff",
            made_by=by,
        )
        for person in people
    )
    return people


def queue(number):
    Reminder.objects.bulk_create(
        Reminder(
            dedupe_key=f"{RUN}:{person.pk}",
            service_user=person,
            template="review_due",
            channel="text",
            due_at=WEDNESDAY,
        )
        for person in people_who_take_texts(number)
    )


def start_worker(channel):
    connections.close_all()
    if pid := os.fork():
        return pid
    random.seed(os.getpid())
    while True:
        with clock.at(moment()):
            sending.send_due(batch=8, lease=LEASE, drivers=channel)
        time.sleep(0.01)


def kill(workers, channel):
    victim = random.choice(workers)
    os.kill(victim, signal.SIGKILL)
    os.waitpid(victim, 0)
    workers.remove(victim)
    workers.append(start_worker(channel))


def wait_for_work(channel, hand_overs, seconds=3):
    """Until so many more were handed over: on a slow machine too, a worker gets somewhere before it is killed."""
    enough = len(channel.taken()) + hand_overs
    until = time.monotonic() + seconds
    while len(channel.taken()) < enough and time.monotonic() < until:
        time.sleep(0.005)


def kill_at_random(workers, channel, kills, number):
    for _ in range(kills):
        wait_for_work(channel, random.randint(0, 6))
        time.sleep(random.uniform(0, 0.08))
        if messages().owed().count() < number // 4:
            queue(number // 4)  # there must be something to interrupt
        kill(workers, channel)


def finish(workers, seconds=60):
    until = time.monotonic() + seconds
    while messages().owed().exists() and time.monotonic() < until:
        time.sleep(0.1)
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def main(folder, kills, number, seed, *flags):
    random.seed(int(seed))
    call_command("migrate", verbosity=0)
    path = Path(folder) / "handed-over"
    forgetful = "--forgetful" in flags
    channel = Forgetful(path, 0.03) if forgetful else Recorder(path, 0.01)
    queue(int(number))
    workers = [start_worker(channel) for _ in range(WORKERS)]
    kill_at_random(workers, channel, int(kills), int(number))
    finish(workers)
    times = Counter(channel.taken())
    report = {
        "queued": messages().count(),
        "lost": messages().exclude(pk__in=list(times)).count(),
        "twice": sum(number > 1 for number in times.values()),
        "unknown": len(set(times) - {str(pk) for pk in messages().values_list("pk", flat=True)}),
        "sent": messages().filter(status="sent").count(),
        "interrupted": Attempt.objects.filter(reminder__in=messages(), result="found").count(),
        "unfinished": Attempt.objects.filter(reminder__in=messages(), ended_at=None).count(),
        "owed": messages().owed().count(),
        "follow_ups": FollowUp.objects.count(),
        "seconds": round(time.monotonic() - STARTED, 1),
    }
    sys.stdout.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
