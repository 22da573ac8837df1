"""A feed's schedules as times to compute with where they are plain weeks, as words always; and back.

Pure. Times are as in directory.opening. What that cannot say (every second week, the last Friday, a season)
stays words only: a time that is sometimes wrong sends people to a closed door.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from directory import opening

Schedule = Mapping[str, Any]
Time = Mapping[str, Any]

_DAY = re.compile(r"([1-5]?)(MO|TU|WE|TH|FR|SA|SU)")


def times(schedules: Iterable[Schedule]) -> tuple[Time, ...]:
    """All of them, or none: a list with a gap would say "closed" for what it leaves out."""
    found: list[Time] = []
    for schedule in schedules:
        here = _times(schedule)
        if not here:
            return ()
        found += here
    return () if opening.what_is_wrong(found) else tuple(found)


def _times(schedule: Schedule) -> list[Time]:
    if schedule.get("interval", 1) != 1 or any(
        name in schedule for name in ("valid_from", "valid_to", "bymonthday")
    ):
        return []
    opens, closes = (str(schedule.get(name, ""))[:5] for name in ("opens_at", "closes_at"))
    days = [_DAY.fullmatch(day) for day in str(schedule.get("byday", "")).split(",")]
    if not (opens and closes and all(days)):
        return []
    weeks: dict[str, list[int]] = {}
    for match in filter(None, days):
        weeks.setdefault(match[2], []).extend([int(match[1])] if match[1] else [])
    if schedule.get("freq", "WEEKLY") == "WEEKLY" and not any(weeks.values()):
        return [{"day": day, "from": opens, "to": closes} for day in weeks]
    if schedule.get("freq") == "MONTHLY" and all(weeks.values()):
        return [{"day": day, "from": opens, "to": closes, "weeks": sorted({*of})} for day, of in weeks.items()]
    return []


def words(schedules: Iterable[Schedule]) -> str:
    """The feed's own description first; days and hours where it gives none."""
    return "; ".join(dict.fromkeys(filter(None, map(_words, schedules))))


def _words(schedule: Schedule) -> str:
    if described := schedule.get("description") or schedule.get("notes"):
        return " ".join(str(described).split())
    if computed := _times(schedule):
        return opening.in_words(computed)
    opens, closes = (str(schedule.get(name, ""))[:5] for name in ("opens_at", "closes_at"))
    hours = " to ".join(filter(None, [opens, closes]))
    days = [str(opening.DAYS.get(day, day)) for day in str(schedule.get("byday", "")).split(",") if day]
    return " ".join(filter(None, [", ".join(days), hours]))


def written(recorded: Iterable[Time], described: str, make_id: Any) -> list[dict[str, Any]]:
    """Schedules that say the same: one for each time, and the words with the first of them."""
    found = [_written(time) for time in recorded] or ([{}] if described else [])
    if found and described:
        found[0]["description"] = described
    return [{"id": make_id("schedule", str(place)), **one} for place, one in enumerate(found)]


def _written(time: Time) -> dict[str, Any]:
    weeks = time.get("weeks", [])
    return {
        "freq": "MONTHLY" if weeks else "WEEKLY",
        "interval": 1,
        "byday": ",".join(f"{week}{time['day']}" for week in weeks) if weeks else time["day"],
        "opens_at": f"{time['from']}:00",
        "closes_at": f"{time['to']}:00",
    }
