"""Measures pages beside their twins, in a database of its own that is thrown away."""

import platform
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from statistics import median
from typing import Any

import django
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from accounts import clock
from inclusion.benchmarks import caseload, due_scan, sending
from inclusion.benchmarks.build import SIZES
from inclusion.benchmarks.meter import Measured, compare
from inclusion.benchmarks.own_database import NotOurs, kept, put_away, thrown_away
from reports.periods import Month

LINE = "{:<28} {:>8} {:>10} {:>10} {:>12} {:>8}"


def report(measured: Iterable[Measured]) -> Iterator[str]:
    yield LINE.format("", "queries", "ours, ms", "goal, ms", "twin, ms", "ratio")
    for one in measured:
        goal = f"{one.operation.goal:.1f}" if one.operation.goal else ""
        ours, twin = f"{one.ours:.2f}", f"{one.twin:.2f}"
        yield LINE.format(one.operation.name, one.queries, ours, goal, twin, f"{one.ratio:.1f}")


class Command(BaseCommand):
    help = (
        "Processor time of a page of questions beside the same page with Django's own forms, and of matching "
        "beside weighing each offer by itself; application and PostgreSQL together, in a database of its own."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "what",
            nargs="?",
            default="pages",
            choices=["pages", "due", "sending", "reports", "build", "put-away"],
            help="What to measure.",
        )
        parser.add_argument("--few", type=int, default=50_000, help="due: rows in the smaller table (50,000).")
        parser.add_argument("--many", type=int, default=5_000_000, help="due: rows in the larger (5,000,000).")
        parser.add_argument("--messages", type=int, default=1000, help="sending: messages a turn (1,000).")
        parser.add_argument(
            "--size", default="small", choices=sorted(SIZES), help="build, put-away: how large (small)."
        )
        parser.add_argument("--rounds", type=int, default=7, help="How often the two take turns (7).")
        parser.add_argument("--times", type=int, default=100, help="Calls a turn (100).")

    def handle(
        self, *, what: str, rounds: int, times: int, few: int, many: int, messages: int, size: str, **_: Any
    ) -> None:
        if what == "pages":
            self._pages(rounds, times)
            return
        if what == "reports":
            self._reports(size, rounds, times)
            return
        if what in {"build", "put-away"}:
            self._keep(what, size)
            return
        with thrown_away():
            if what == "due":
                self._due(few, many)
            else:
                self._sending(rounds, messages)

    def _keep(self, what: str, size: str) -> None:
        try:
            if what == "put-away":
                put_away(size)
                return
            with kept(size, self.stdout.write):
                self.stdout.write(f"It is there, in {connection.settings_dict['NAME']}.")
        except NotOurs as refused:
            raise CommandError(str(refused)) from None

    def _reports(self, size: str, rounds: int, times: int) -> None:
        with kept(size, self.stdout.write):
            caseload.count_all(self.stdout.write)
            found = caseload.operations(Month.of(clock.today()).previous())
            for line in report(compare(one, rounds=rounds, times=times) for one in found):
                self.stdout.write(line)
            among_many, alone = caseload.upkeep()
            self.stdout.write(
                f"counting a changed person anew: {among_many:.2f} ms among 500, {alone:.2f} ms alone"
            )

    def _sending(self, rounds: int, messages: int) -> None:
        found = sending.rates(messages, rounds)
        sides = {"ours": [ours for ours, _, _ in found], "by hand": [twin for _, twin, _ in found]}
        for name, side in sides.items():
            rate, processor = median(one.a_second for one in side), median(one.processor for one in side)
            self.stdout.write(f"{name:<10}{rate:>8.0f} a second {processor:>8.2f} ms of processor time a message")
        by_clock = median(ours.a_second / twin.a_second for ours, twin, _tasks in found)
        processor = median(twin.processor / ours.processor for ours, twin, _tasks in found)
        self.stdout.write(
            f"{connection.vendor}, {rounds} rounds of {messages}: {by_clock:.2f} of by hand by the clock, "
            f"{processor:.2f} by processor time"
        )
        with_celery = [(ours.a_second, tasks) for ours, _twin, tasks in found if tasks]
        if with_celery:
            tasks = median(tasks for _ours, tasks in with_celery)
            ratio = median(ours / tasks for ours, tasks in with_celery)
            self.stdout.write(
                f"Celery with Redis: {tasks:.0f} tasks a second that do nothing; ours {ratio:.2f} of it"
            )

    def _due(self, few: int, many: int) -> None:
        self.stdout.write(
            f"{connection.vendor}, Django {django.get_version()}: the scan for messages that are due"
        )
        beside_few, beside_many = due_scan.run(few, many, self.stdout.write)
        self.stdout.write(f"ratio {beside_many.processor / beside_few.processor:.2f} (processor time)")

    def _pages(self, rounds: int, times: int) -> None:
        settings.ROOT_URLCONF = "inclusion.benchmarks.urls"
        settings.ALLOWED_HOSTS = ["localhost"]
        from inclusion.benchmarks import matching, screening_pages  # what they import reads the address map

        with thrown_away():
            operations = [*screening_pages.operations(), *matching.operations()]
            measured = [compare(one, rounds=rounds, times=times) for one in operations]
        self.stdout.write(
            f"{connection.vendor}, Django {django.get_version()}, Python {platform.python_version()}, "
            f"{platform.machine()}; medians of {rounds} rounds of {times} calls, processor time"
        )
        for line in report(measured):
            self.stdout.write(line)
