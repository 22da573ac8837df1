"""Reads a file of Open Referral UK services into the directory, to the end, and prints what became of them."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.errors import Refused
from accounts.models import Organisation
from directory.importing import running, starting
from directory.importing.wording import WHY
from directory.models import Feed, FeedQuirk, FeedReading


class Command(BaseCommand):
    help = "Reads FILE (JSON) as the feed NAME of a health organisation; the feed is added if it is not there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--name", required=True, help="What admins see the feed called.")
        parser.add_argument("--organisation", required=True, help="Name of the health organisation that reads it.")

    def handle(self, *, file: Path, name: str, organisation: str, **_: Any) -> None:
        health = Organisation.objects.filter(name=organisation, kind=Organisation.Kind.HEALTH).first()
        if health is None:
            raise CommandError(f"There is no health organisation called {organisation}.")
        try:
            reading = self._start(health, name, file)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        while FeedReading.objects.going_on().filter(pk=reading.pk).exists() and running.read_feeds():
            continue
        self._tell(reading)

    def _start(self, health: Organisation, name: str, file: Path) -> FeedReading:
        content = file.read_bytes()
        feed = Feed.objects.filter(organisation=health, name=name).first()
        feed = feed or starting.add_feed(organisation=health, name=name, by=None)
        return starting.start_from_file(feed=feed, content=content, file_name=file.name, by=None)

    def _tell(self, reading: FeedReading) -> None:
        reading.refresh_from_db()
        for fate, number in sorted(reading.counts.items()):
            self.stdout.write(f"{fate}: {number}")
        self.stdout.write(f"oddities: {FeedQuirk.objects.filter(service__reading=reading).count()}")
        if reading.why_failed:
            raise CommandError(str(WHY[reading.why_failed]))
        if reading.ended_at is None:
            self.stdout.write("Another worker goes on with it.")
