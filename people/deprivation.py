"""Reads an organisation's own list of postcodes and deprivation quintiles, a line at a time."""

import csv
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from accounts.errors import InvalidInput
from accounts.wording import gettext_lazy as _
from people import identifiers
from people.groups import QUINTILES


@dataclass
class Reading:
    """`quintiles`: of the postcodes that were asked for. `unread`: lines that lack a postcode or a quintile."""

    quintiles: dict[str, int] = field(default_factory=dict)
    lines: int = 0
    unread: int = 0


def read_list(lines: Iterable[str], wanted: Collection[str]) -> Reading:
    """Of a list as long as the country's only what is `wanted` is kept in memory.

    InvalidInput where two lines say different things of one wanted postcode: such a list cannot be trusted.
    """
    reading = Reading()
    for row in csv.reader(lines):
        if not any(cell.strip() for cell in row):
            continue
        reading.lines += 1
        if (found := _place(row)) is None:
            reading.unread += 1
        elif found[0] in wanted and reading.quintiles.setdefault(*found) != found[1]:
            raise InvalidInput(
                _("The list says two different things of one postcode (line %(line)s). Nothing was changed.")
                % {"line": reading.lines}
            )
    return reading


def _place(row: list[str]) -> tuple[str, int] | None:
    """None for a heading, and for what is no postcode with a quintile."""
    if len(row) < 2 or row[1].strip() not in map(str, QUINTILES):
        return None
    try:
        return identifiers.postcode(row[0]), int(row[1])
    except InvalidInput:
        return None
