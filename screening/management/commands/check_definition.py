"""Check a questionnaire's definition file before it is put among the others, or its words in another language."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening import questionnaire, translation
from screening.questionnaire import DefinitionError, Questionnaire


class Command(BaseCommand):
    help = (
        "Check a definition file: each fault with its place and exit code 1, or one line that says what it holds. "
        "With --wording LANGUAGE, the file of words beside it: where there is none it is written, empty, for a "
        "translator; where there is one, every place that is missing, strange or no longer says the same is named."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--wording", metavar="LANGUAGE", help="such as cy")

    def handle(self, *, file: Path, wording: str | None, **options: Any) -> None:
        checked = self._checked(file)
        if wording is None:
            self.stdout.write(
                f"{checked.id} {checked.version}: {len(checked.items)} items in {len(checked.sections)} sections, "
                f"{len(checked.themes)} themes, {len(checked.needs)} needs, {len(checked.rules)} rules, "
                f"{len(checked.statuses)} statuses. No faults."
            )
            return
        name = f"{file.stem}.{wording}"
        if not questionnaire.TRANSLATION.fullmatch(name):
            raise CommandError(f"{wording} is not the code of a language, like cy.")
        beside = file.with_name(f"{name}.json")
        if beside.exists():
            self._check_words(checked, beside, wording)
        else:
            beside.write_text(translation.to_fill_in(checked, {}, wording), encoding="utf-8")
            self.stdout.write(f"{beside.name}: {len(translation.texts(checked))} texts to translate.")

    def _checked(self, file: Path) -> Questionnaire:
        try:
            return questionnaire.load(file)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except DefinitionError as error:
            self._complain(file, error.faults)
            raise

    def _check_words(self, checked: Questionnaire, beside: Path, language: str) -> None:
        words, faults = translation.load(beside, checked, language)
        self._complain(beside, [*faults, *translation.missing(checked, words)])
        self.stdout.write(f"{beside.name}: {len(words)} texts translated. No faults.")

    def _complain(self, file: Path, faults: list[str]) -> None:
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            raise CommandError(f"{file.name}: {len(faults)} to put right.")
