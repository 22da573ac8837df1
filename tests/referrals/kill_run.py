"""Kills web, worker and scheduler with SIGKILL at random instants under load, and counts what people would get.

`script/kill_test` or `python -m tests.referrals.kill_run`, on a database of its own (DATABASE_URL) and a queue of
its own (REDIS_URL, or the embedded one). People's referrals are accepted over HTTP, each of which owes them a
text; plans are taken back meanwhile. GOV.UK Notify's simulator takes texts in and cuts the line, hangs, fails and
is busy. Prints a table and one line of JSON; the exit code is 0 only where nothing is lost, sent twice or sent
against a plan. `--fault` plants one of those that it must find.
"""

import argparse
import http.client
import json
import os
import random
import sys
import time
from pathlib import Path

import django

FAULTS_IT_MUST_FIND = ["", "repeats", "gives-up", "ignores-plans"]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True, help="for what the simulator took in, and the log")
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--flushes", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--fault", default="", choices=FAULTS_IT_MUST_FIND)
    return parser.parse_args()


def set_up(folder: Path) -> int:
    """The port of the simulator."""
    from tests.processes import free_port

    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    os.environ.update(
        DJANGO_SETTINGS_MODULE="inclusion.settings",
        DEMO_MODE="1",
        NOTIFY_SIMULATOR=str(port),
        VAR_DIR=str(folder),
        KILL_LOG=str(folder / "log"),
    )
    django.setup()
    return port


class Run:
    def __init__(self, asked: argparse.Namespace, notify_port: int) -> None:
        from tests.processes import free_port
        from tests.referrals import kill_processes, kill_world

        self.asked, self.processes, self.world = asked, kill_processes, kill_world
        self.taken_path = str(asked.folder / "taken.sqlite3")
        self.note, self.acknowledged = asked.folder / "taken-back", asked.folder / "acknowledged"
        self.web_port = free_port()
        self.started = time.monotonic()
        self.killed: dict[str, int] = {"web": 0, "worker": 0, "scheduler": 0}
        self.flushes = 0
        kill_processes.shorten_times(kill_processes.morning())
        kill_processes.plant(asked.fault)
        world = kill_world.make(asked.messages)
        self.world_made = world
        self.outside = [kill_processes.simulator(self.taken_path, notify_port, faulty=True)]
        starts = {
            "web": lambda: kill_processes.web(self.web_port),
            "worker": kill_processes.worker,
            "scheduler": kill_processes.scheduler,
        }
        self.starts = starts
        self.running = [(kind, start()) for kind, start in starts.items() for _ in range(2)]
        share = -(-len(world.referrals) // 2)
        parts = [world.referrals[:share], world.referrals[share:]]
        self.clients = [kill_processes.client(lambda part=part: self._accept(part)) for part in parts]
        self.clients.append(kill_processes.client(lambda: kill_world.take_plans_back(world.taken_back, self.note)))

    def _accept(self, referrals) -> None:
        """Each until it is acknowledged: the same key again, whatever was killed meanwhile."""
        for pk in referrals:
            while not self._accepted(pk):
                time.sleep(0.05)
            with self.acknowledged.open("a") as file:
                file.write(f"{pk}\n")
        os._exit(0)

    def _accepted(self, pk) -> bool:
        body = json.dumps({"evidence": {"named_worker": str(self.world_made.worker)}})
        headers = {
            "Authorization": f"Bearer {self.world_made.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"accept-{pk}",
        }
        line = http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=20)
        try:
            line.request("POST", f"/api/v1/referrals/{pk}/actions/accept/", body, headers)
            answer = line.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()
        if answer.status >= 500:
            return False
        if answer.status >= 300:
            self.processes.say(f"{answer.status} {said[:300]!r}")
        return True

    def kill_at_random(self) -> None:
        flush_after = set(random.sample(range(self.asked.kills), min(self.asked.flushes, self.asked.kills)))
        pause = 0.15 if self.asked.kills < 50 else 0.8
        for number in range(self.asked.kills):
            time.sleep(random.uniform(0, 2 * pause))
            place = number % len(self.running)  # each in turn; what it was doing is left to chance
            kind, pid = self.running[place]
            self.processes.kill(pid)
            self.killed[kind] += 1
            if number in flush_after:
                self.processes.flush_queue()
                self.flushes += 1
            self.running[place] = (kind, self.starts[kind]())

    def finish(self, patience: float) -> None:
        """Until all is accepted and nothing is owed any more; then everybody is stopped."""
        until = time.monotonic() + patience
        for pid in self.clients:
            while time.monotonic() < until and os.waitpid(pid, os.WNOHANG) == (0, 0):
                time.sleep(0.1)
        while self.world.is_owed() and time.monotonic() < until:
            time.sleep(0.3)
        for pid in [*(pid for _, pid in self.running), *self.clients]:
            self.processes.kill(pid)

    def report(self) -> dict:
        from referrals.notify.record import Record

        record = Record(self.taken_path)
        found = self.world.count(record.counts(), self.world_made, self.note, self.acknowledged)
        killed = {f"killed {kind}": number for kind, number in self.killed.items()}
        given = {f"answered {answer}": number for answer, number in record.answers().items()}
        seconds = round(time.monotonic() - self.started)
        return {**found, **killed, "queue flushed": self.flushes, **given, "seconds": seconds}

    def stop(self) -> None:
        for pid in self.outside:
            self.processes.kill(pid)


def main() -> int:
    asked = arguments()
    random.seed(asked.seed)
    run = Run(asked, set_up(asked.folder))
    try:
        run.kill_at_random()
        run.finish(patience=60 + asked.messages)
        report = run.report()
    finally:
        run.stop()
    for name, number in report.items():
        sys.stdout.write(f"{name:<44}{number:>8}\n")
    sys.stdout.write(json.dumps(report) + "\n")
    wrong = (
        "not acknowledged in time",
        "lost",
        "sent twice",
        "sent against a plan",
        "still owed",
        "unknown to us",
    )
    return int(any(report[name] for name in wrong))


if __name__ == "__main__":
    sys.exit(main())
