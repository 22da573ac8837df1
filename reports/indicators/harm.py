"""What must not happen: messages against a contact plan, and what went wrong for people. For the whole only."""

from reports.sight import Sight
from reports.spans import Counts, Point

MESSAGES = "messages"


def against_plan(sight: Sight) -> Counts:
    yield from (Point(MESSAGES, day) for day in sight.person.against_plan)


def incidents(sight: Sight) -> Counts:
    yield from (Point(kind, day) for day, kind in sight.person.incidents)
