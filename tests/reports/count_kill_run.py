"""Kills those who count with SIGKILL at random instants, while records change and everybody is counted anew.

`python -m tests.reports.count_kill_run`, on a migrated database of its own (DATABASE_URL). Its last line is JSON;
the exit code is 0 only where figures are the live count in the end. `--fault` plants one that it must find.
Rebuilding stops half-way: it would mend what the counters lose.
"""

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import django

FAULTS = ["", "forgets-first"]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True, help="for the log")
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--fault", default="", choices=FAULTS)
    return parser.parse_args()


def make_people(how_many: int) -> list:
    from accounts.permissions import Role
    from tests import factories
    from tests.reports import history, writing

    trust = factories.OrganisationFactory(health=True)
    teams = [factories.TeamFactory(organisation=trust) for _ in range(2)] + [factories.TeamFactory()]
    by = [factories.MembershipFactory(team=team, role=Role.CLINICIAN) for team in teams]
    offers = [factories.SupportOfferFactory() for _ in range(2)]
    writing.write(history.make(3, how_many), teams, by, offers)
    return teams


def change_for_ever(teams: list) -> Callable[[], None]:
    from tests.reports.changing import change_something

    def run() -> None:
        chance = random.Random(os.getpid())
        while True:
            change_something(chance, teams)
            time.sleep(0.15)

    return run


def plant(fault: str) -> None:
    """A counter that lets go of its marks before it has counted: a kill in between loses a change."""
    from reports import counting
    from reports.models import Mark

    def forgetful(limit: int = 500) -> int:
        marks = dict(Mark.objects.order_by("pk").values_list("pk", "person")[:limit])
        Mark.objects.filter(pk__in=marks).delete()
        time.sleep(5)  # longer than a counter lives here, so that every kill falls into it
        with django.db.transaction.atomic():
            counting.count(counting.take_turn(), set(marks.values()))
        return len(marks)

    if fault:
        counting.count_marked = forgetful


def count_for_ever(*, rebuild: bool) -> Callable[[], None]:
    """As the jobs do, in steps so small that a kill falls into each of them."""
    from reports import counting, rebuilding

    def run() -> None:
        while True:
            counting.count_marked(limit=4)
            if rebuild:
                rebuilding.step(rebuilding.in_the_making(), limit=4)
            time.sleep(0.01)

    return run


def kill_at_random(kills: int) -> int:
    """How many rebuilds came to their end meanwhile."""
    from reports.models import Edition
    from tests.referrals import kill_processes as processes

    first = Edition.objects.order_by("number").values_list("number", flat=True)[0]
    counters = [processes.client(count_for_ever(rebuild=True)) for _ in range(2)]
    for number in range(kills):
        time.sleep(random.uniform(0, 0.6))
        processes.kill(counters[number % 2])
        counters[number % 2] = processes.client(count_for_ever(rebuild=number < kills // 2))
    for pid in counters:
        processes.kill(pid)
    return Edition.objects.get(state="in_use").number - first


def main() -> int:
    asked = arguments()
    asked.folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(DJANGO_SETTINGS_MODULE="inclusion.settings", DEMO_MODE="1", VAR_DIR=str(asked.folder))
    os.environ["KILL_LOG"] = str(asked.folder / "log")
    django.setup()
    from reports import checking, counting
    from tests.referrals import kill_processes as processes
    from tests.reports.sums import kept_sums, live_sums

    began = datetime.now(UTC)
    teams = make_people(asked.people)
    while counting.count_marked():
        continue  # so that no mark of the beginning stands in for one that is lost
    plant(asked.fault)
    writer = processes.client(change_for_ever(teams))
    rebuilt = kill_at_random(asked.kills)
    processes.kill(writer)
    while counting.count_marked():
        continue
    differing = len((kept_sums() - live_sums()) + (live_sums() - kept_sums()))
    found = len(checking.check().differences)
    seconds = round((datetime.now(UTC) - began).total_seconds())
    report = {"differing": differing, "found by the check": found, "rebuilt": rebuilt, "seconds": seconds}
    sys.stdout.write(json.dumps(report) + "\n")
    return int(bool(differing or found))


if __name__ == "__main__":
    sys.exit(main())
