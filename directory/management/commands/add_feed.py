"""Adds the address of another directory, which is then read each night. Which servers we ask is decided here."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.errors import Refused
from accounts.models import Organisation
from directory.importing.starting import add_feed


class Command(BaseCommand):
    help = "Adds an Open Referral UK directory at URL (https, what stands before /services) for an organisation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="What admins see it called.")
        parser.add_argument("url")
        parser.add_argument("--organisation", required=True, help="Name of the health organisation that reads it.")

    def handle(self, *, name: str, url: str, organisation: str, **_: Any) -> None:
        health = Organisation.objects.filter(name=organisation, kind=Organisation.Kind.HEALTH).first()
        if health is None:
            raise CommandError(f"There is no health organisation called {organisation}.")
        try:
            feed = add_feed(organisation=health, name=name, url=url, by=None)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{feed.name} will be read each night; an admin can read it at once.")
