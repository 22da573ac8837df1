"""Sets people's deprivation quintile from an organisation's own list of postcodes, and prints how many matched."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.errors import Refused
from accounts.models import Organisation
from people.deprivation import Reading, read_list
from people.fairness import set_quintiles
from people.models import ServiceUser


class Command(BaseCommand):
    help = "Reads FILE (CSV: postcode,quintile; 1 is the most deprived fifth) for the people of an organisation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--organisation", required=True, help="Name of the health organisation whose people.")

    def handle(self, *, file: Path, organisation: str, **_: Any) -> None:
        health = Organisation.objects.filter(name=organisation, kind=Organisation.Kind.HEALTH).first()
        if health is None:
            raise CommandError(f"There is no health organisation called {organisation}.")
        reading = self._read(file, health)
        counted = set_quintiles(organisation=health, quintiles=reading.quintiles, by=None)
        self.stdout.write(f"lines read: {reading.lines}, without a postcode and a quintile: {reading.unread}")
        self.stdout.write(f"people: {counted.people}, with a postcode on the list: {counted.matched}")
        self.stdout.write(f"quintiles set or changed: {counted.changed}")

    def _read(self, file: Path, health: Organisation) -> Reading:
        people = ServiceUser.objects.standing().filter(organisation=health).exclude(postcode="")
        wanted = set(people.values_list("postcode", flat=True).iterator())
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                return read_list(lines, wanted)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file} is not text in UTF-8.") from error
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
