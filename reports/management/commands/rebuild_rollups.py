"""Counts everybody anew for the reports, while pages and changes go on. Stopped, it goes on from where it was."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from people.models import ServiceUser
from reports import counting, rebuilding
from reports.models import Edition


class Command(BaseCommand):
    help = "Counts everybody anew for the reports. Run it again to go on where it was stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, default=rebuilding.BATCH, help="People in one step (500).")

    def handle(self, *, batch: int, **_: Any) -> None:
        if batch < 1:
            raise CommandError("--batch must be 1 or more.")
        edition = rebuilding.in_the_making()
        total = ServiceUser.objects.standing().count()
        if edition.people:
            self.stdout.write(f"Going on after {edition.people:,} of about {total:,} people.")
        while rebuilding.step(edition, limit=batch):
            edition.refresh_from_db()
            self.stdout.write(f"{edition.people:,} of about {total:,} people")
        self._end(edition)

    def _end(self, edition: Edition) -> None:
        while counting.count_marked():
            continue
        while rebuilding.sweep():
            continue
        if not Edition.objects.filter(pk=edition.pk, state=Edition.State.IN_USE).exists():
            raise CommandError("Another process began anew meanwhile. Run this again.")
        self.stdout.write("Everybody is counted. The reports read the new figures.")
