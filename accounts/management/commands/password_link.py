"""Prints a link with which a user chooses a password; nobody else ever knows it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import password_link
from accounts.models import User


class Command(BaseCommand):
    help = "Prints a link with which EMAIL chooses a password, once, within three days. Hand it over safely."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--address", default="", help="Of the service, like https://getting-online.example.org"
        )

    def handle(self, *, email: str, address: str, **_: Any) -> None:
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody who may sign in has the email address {email}.")
        self.stdout.write(address.rstrip("/") + password_link(user=user, by=None))
