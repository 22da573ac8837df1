"""Score answers by hand or in bulk: JSON lines in, JSON lines out, no database."""

import json
import sys
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening import questionnaire, scoring
from screening.questionnaire import Questionnaire, UnknownDefinition


class Command(BaseCommand):
    help = (
        'Read lines of {"id": …, "answers": {…}} on standard input and write one line each with the result. '
        'A line that cannot be scored gives {"id": …, "error": "…"}, and exit code 1 at the end.'
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--definition",
            default="",
            metavar="ID@VERSION",
            help="which questionnaire; an id alone means its latest version (default: the screening)",
        )

    def handle(self, *, definition: str, **options: Any) -> None:
        chosen = _find(definition)
        lines = failed = 0
        for line in sys.stdin.buffer:
            if line.strip():
                result = _score_line(chosen, line)
                lines += 1
                failed += "error" in result
                self.stdout.write(json.dumps(result, sort_keys=True))
        if failed:
            raise CommandError(f"{failed} of {lines} lines could not be scored.")


def _find(definition: str) -> Questionnaire:
    if not definition:
        return questionnaire.the_screening()
    id, at, version = definition.partition("@")
    try:
        return questionnaire.get(id, version) if at else questionnaire.latest(id)
    except UnknownDefinition as unknown:
        known = ", ".join(f"{one.id}@{one.version}" for one in questionnaire.all_loaded())
        raise CommandError(f"{unknown} There are: {known}.") from unknown


def _score_line(chosen: Questionnaire, line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {"id": None, "error": f"The line is not JSON: {error}."}
    if not isinstance(record, dict):
        return {"id": None, "error": "The line must be an object with id and answers."}
    if "answers" not in record:
        return {"id": record.get("id"), "error": "There are no answers."}
    faults = scoring.check_answers(chosen, record["answers"])
    if faults:
        return {"id": record.get("id"), "error": " ".join(_sentences(faults))}
    return {"id": record.get("id"), **scoring.score(chosen, record["answers"]).as_dict()}


def _sentences(faults: Iterable[scoring.AnswerFault]) -> list[str]:
    return [f"{fault.item}: {fault.message}" if fault.item else str(fault.message) for fault in faults]
