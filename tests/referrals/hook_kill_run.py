"""Posts events from a worker process that is killed at random instants, and counts what the receiver got.

Run as `python -m tests.referrals.hook_kill_run KILLS EVENTS SEED` on a database of its own, in DATABASE_URL;
prints one line of JSON.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inclusion.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django has to be set up first
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from accounts.models import Membership, Organisation, Team, User  # noqa: E402
from referrals.models import HookDelivery  # noqa: E402
from referrals.webhooks import actions, sending  # noqa: E402
from tests.referrals.hook_receiver import Receiver  # noqa: E402

LEASE = timedelta(seconds=1)


def admin():
    trust = Organisation.objects.create(name="Lambourne", kind="health")
    team = Team.objects.create(organisation=trust, name="Brook Lane")
    user = User.objects.create(email="dee@example.org", name="Dee")
    return Membership.objects.create(user=user, team=team, role="admin")


def start_worker():
    connections.close_all()
    if pid := os.fork():
        return pid
    while True:
        sending.send_due(lease=LEASE)
        time.sleep(0.01)


def kill(pid):
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def main(kills, number, seed):
    random.seed(int(seed))
    settings.HOOKS_MAY_BE_LOCAL = True
    call_command("migrate", verbosity=0)
    with Receiver() as receiver:
        receiver.mood, receiver.hangs_for = "hangs", 0.02
        endpoint = actions.add_endpoint(by=admin(), url=receiver.url)
        HookDelivery.objects.bulk_create(HookDelivery(endpoint=endpoint) for _ in range(int(number)))
        for _ in range(int(kills)):
            pid = start_worker()
            time.sleep(random.uniform(0.1, 0.4))
            kill(pid)
        pid, until = start_worker(), time.monotonic() + 60
        while HookDelivery.objects.filter(settled_at=None).exists() and time.monotonic() < until:
            time.sleep(0.1)
        kill(pid)
        times = Counter(headers["webhook-id"] for headers, _body, _path in receiver.got)
        bodies = {body for _headers, body, _path in receiver.got}
    ids = {str(pk) for pk in HookDelivery.objects.values_list("pk", flat=True)}
    report = {
        "events": len(ids),
        "lost": len(ids - set(times)),
        "unknown": len(set(times) - ids),
        "not_taken": HookDelivery.objects.exclude(fate="delivered").count(),
        "twice": sum(count > 1 for count in times.values()),
        "bodies": len(bodies),
    }
    sys.stdout.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
