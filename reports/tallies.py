"""What one person adds to the figures of their organisation and its teams, day by day.

Pure. The figures are nothing but the sum of this over everybody (reports/summary.py), so a person whose record
changed is counted again by taking away what the old facts gave and adding what the new ones give.
"""

from collections import Counter, defaultdict
from datetime import date
from typing import NamedTuple
from uuid import UUID

from reports import indicators
from reports.facts import Person
from reports.sight import Sight, sights


class Cell(NamedTuple):
    """`scope`: the id of the organisation or of the team."""

    scope: UUID
    code: str
    day: date


Tally = Counter[Cell]
"""Only what is not zero. Steps up and down: what stands on a day is the sum of those up to it."""


def tally(person: Person | None) -> Tally:
    """None: a person who is gone, or never was."""
    found: Tally = Counter()
    for sight in sights(person) if person else ():
        scope = sight.team or sight.person.organisation
        found.update({Cell(scope, code, day): n for (code, day), n in _steps(sight).items() if n})
    return found


def _steps(sight: Sight) -> dict[tuple[str, date], int]:
    steps: defaultdict[tuple[str, date], int] = defaultdict(int)
    for indicator in indicators.ALL:
        for code, day, n in indicator.steps(sight):
            steps[code, day] += n
    return steps


def change(before: Person | None, after: Person | None) -> Tally:
    """What must be added to the figures; entries may be negative."""
    if before == after:
        return Counter()
    found = tally(after)
    found.subtract(tally(before))
    return Counter({cell: n for cell, n in found.items() if n})
