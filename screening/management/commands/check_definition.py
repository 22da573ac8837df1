"""Check a questionnaire's definition file before it is put among the others."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening import questionnaire
from screening.questionnaire import DefinitionError


class Command(BaseCommand):
    help = (
        "Check a definition file: every fault with its place and exit code 1, or one line that says what it holds."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            checked = questionnaire.load(file)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except DefinitionError as error:
            for fault in error.faults:
                self.stdout.write(fault)
            raise CommandError(f"{file.name}: {len(error.faults)} to put right.") from error
        self.stdout.write(
            f"{checked.id} {checked.version}: {len(checked.items)} items in {len(checked.sections)} sections, "
            f"{len(checked.themes)} themes, {len(checked.needs)} needs, {len(checked.rules)} rules, "
            f"{len(checked.statuses)} statuses. No faults."
        )
