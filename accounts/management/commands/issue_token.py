"""Prints a new API token for a user's membership; it is shown this once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import issue_token
from accounts.models import Membership


class Command(BaseCommand):
    help = "Issues an API token for EMAIL and prints it. With several memberships, say which with --team."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--team", help="Name of the team, where the user is in more than one.")
        parser.add_argument("--name", default="issued on the command line", help="What it is for.")
        parser.add_argument("--days", type=int, default=365, help="How long it is good for (365).")

    def handle(self, *, email: str, team: str | None, name: str, days: int, **_: Any) -> None:
        if days < 1:
            raise CommandError("--days must be 1 or more.")
        held = Membership.objects.current().filter(user__email__iexact=email)
        if team:
            held = held.filter(team__name=team)
        found = list(held.select_related("user", "team__organisation"))
        if not found:
            raise CommandError(f"Nobody with the email address {email} has a role in a team.")
        if len(found) > 1:
            teams = ", ".join(f'"{membership.team.name}"' for membership in found)
            raise CommandError(f"Several memberships; choose one with --team: {teams}.")
        secret = issue_token(membership=found[0], name=name, by=found[0], days=days)[1]
        self.stdout.write(secret)
