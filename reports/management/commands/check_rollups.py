"""Compares the figures that are kept for the reports with the records, and names what differs. Mends nothing.

`rebuild_rollups` mends. Exit code 1 where anything differs, or nothing could be compared.
"""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.formats import date_format

from accounts.models import Organisation, Team
from reports import indicators
from reports.checking import BATCH, Difference, Found, check

TOLD_EVERY = 20 * BATCH
SHOWN = 200


class Command(BaseCommand):
    help = "Says whether the figures kept for the reports are what the records give. Mends nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sample", type=int, help="Look at about this many people only, and at no sums.")

    def handle(self, *, sample: int | None, **_: Any) -> None:
        if sample is not None and sample < 1:
            raise CommandError("--sample must be 1 or more.")
        found = check(sample, tell=self._tell)
        if not found.by_this_code:
            raise CommandError(
                "Nothing was compared: everybody is still to be counted by this version's definitions."
            )
        self._name(found)
        self.stdout.write(
            f"{found.people:,} people looked at; {found.marked:,} left out, who are to be counted anew."
        )
        if not found.is_well:
            self.stdout.write("Not as it should be. `manage.py rebuild_rollups` counts everybody anew.")
            sys.exit(1)
        self.stdout.write("What is kept is what the records give.")

    def _tell(self, people: int) -> None:
        if people % TOLD_EVERY == 0:
            self.stderr.write(f"{people:,} people …")

    def _name(self, found: Found) -> None:
        for name in found.triggers_missing:
            self.stdout.write(f"The trigger {name} is missing: changes go unseen. `manage.py migrate` makes it.")
        names = _names(found.differences[:SHOWN])
        for difference in found.differences[:SHOWN]:
            self.stdout.write(_in_words(difference, names))
        if len(found.differences) > SHOWN:
            self.stdout.write(f"… and {len(found.differences) - SHOWN:,} more.")


def _names(differences: list[Difference]) -> dict[Any, str]:
    scopes = {difference.cell.scope for difference in differences if difference.cell}
    organisations = Organisation.objects.in_bulk(scopes)
    teams = Team.objects.select_related("organisation").in_bulk(scopes - organisations.keys())
    whole = {pk: str(one) for pk, one in organisations.items()}
    return whole | {pk: f"{one}, {one.organisation}" for pk, one in teams.items()}


def _in_words(difference: Difference, names: dict[Any, str]) -> str:
    if difference.cell is None:
        return f"Person {difference.person}: what is kept is not what the records give, though no figure differs."
    scope, code, day = difference.cell
    name, _colon, part = code.partition(":")
    title = indicators.BY_CODE[name].title if name in indicators.BY_CODE else name
    whose = f"Person {difference.person} in " if difference.person else ""
    figure = f"{names.get(scope, scope)}: {title} ({part}), {date_format(day, 'j F Y')}"
    return f"{whose}{figure}: kept {difference.kept}, true {difference.true}"
