"""Fills an empty database with the demo's made-up people and their last nine months."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from inclusion.demo_seed import seed
from people.models import ServiceUser


class Command(BaseCommand):
    help = "Fills an empty database with made-up people. Only in demo mode."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="Say nothing where there are records already.")

        parser.add_argument("--people", type=int, default=300, help="How many service users (300).")

    def handle(self, *, if_empty: bool, people: int, **_: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("This is not a demo: set DEMO_MODE=1 where no real people are recorded.")
        if User.objects.exists() or ServiceUser.objects.exists():
            if if_empty:
                return
            raise CommandError("There are records in this database already. Nothing was added.")
        self.stdout.write("Making the demo's people (about a minute) …")
        made = seed(people)
        self.stdout.write("Made " + ", ".join(f"{number} {what}" for what, number in made.items()) + ".")
