"""When an offer is open, as far as that can be computed: days of the week with hours, some only in some weeks.

Pure. A time is {"day": "MO", "from": "10:00", "to": "16:00"}, in London; "weeks": [1, 3] means the first and third
such day of each month. Every list of times is either whole or refused; an empty one means "not recorded".
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

from accounts.wording import gettext_lazy as _
from accounts.wording import together

DAYS = {
    "MO": _("Monday"),
    "TU": _("Tuesday"),
    "WE": _("Wednesday"),
    "TH": _("Thursday"),
    "FR": _("Friday"),
    "SA": _("Saturday"),
    "SU": _("Sunday"),
}
ORDINALS = {1: _("first"), 2: _("second"), 3: _("third"), 4: _("fourth"), 5: _("fifth")}
MOST_TIMES = 50

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")

Time = Mapping[str, Any]


def what_is_wrong(times: Any) -> str:
    """A sentence about the first time that cannot be read; empty where all can."""
    if not isinstance(times, list) or len(times) > MOST_TIMES:
        return _("Give the times as a list of up to %(most_times)s.") % {"most_times": MOST_TIMES}
    return next(filter(None, map(_wrong, times)), "")


def _wrong(time: Any) -> str:
    if not isinstance(time, dict) or not {"day", "from", "to"} <= time.keys() <= {"day", "from", "to", "weeks"}:
        return _("A time has a day, from, to, and perhaps weeks.")
    if time["day"] not in list(DAYS):
        return _("Choose the day from MO, TU, WE, TH, FR, SA and SU.")
    if not all(isinstance(time[end], str) and _CLOCK.fullmatch(time[end]) for end in ("from", "to")):
        return _("Write hours and minutes like 09:30.")
    if time["from"] >= time["to"]:
        return _("The time must end after it starts.")
    weeks = time.get("weeks", [1])
    if (
        not isinstance(weeks, list)
        or not weeks
        or len(weeks) > len(ORDINALS)
        or any(type(week) is not int or week not in ORDINALS for week in weeks)
        or len({*weeks}) < len(weeks)
    ):
        return _("Weeks of the month are numbers from 1 to 5, each once.")
    return ""


def is_open(times: Iterable[Time], at: datetime) -> bool | None:
    """`at` in London; None where no times are recorded."""
    times = list(times)
    if not times:
        return None
    day, clock = list(DAYS)[at.weekday()], f"{at:%H:%M}"
    return any(time["day"] == day and _is_week(time, at) and time["from"] <= clock < time["to"] for time in times)


def _is_week(time: Time, at: datetime) -> bool:
    return "weeks" not in time or (at.day - 1) // 7 + 1 in time["weeks"]


def in_words(times: Iterable[Time]) -> str:
    """Days of the same hours together: "Monday and Friday 10am to 4pm; first Friday of the month 1pm to 2pm"."""
    ordered = sorted(times, key=lambda time: (_hours(time), time.get("weeks", []), list(DAYS).index(time["day"])))
    groups = [
        list(group) for _h, group in groupby(ordered, key=lambda time: (_hours(time), time.get("weeks", [])))
    ]
    groups.sort(key=lambda group: list(DAYS).index(group[0]["day"]))
    return "; ".join(f"{_days(group)} {_hours(group[0])}" for group in groups)


def _days(group: list[Time]) -> str:
    days = together(dict.fromkeys(DAYS[time["day"]] for time in group))
    if weeks := group[0].get("weeks"):
        return _("%(weeks)s %(days)s of the month") % {
            "weeks": together(ORDINALS[week] for week in sorted(weeks)),
            "days": days,
        }
    return days


def _hours(time: Time) -> str:
    return _("%(start)s to %(end)s") % {"start": _clock(time["from"]), "end": _clock(time["to"])}


def _clock(text: str) -> str:
    hour, minute = int(text[:2]), text[3:]
    if (hour, minute) == (12, "00"):
        return _("noon")
    half = _("%(time)sam") if hour < 12 else _("%(time)spm")
    return half % {"time": f"{hour % 12 or 12}{'' if minute == '00' else '.' + minute}"}


_HOUR = r"noon|[0-9]{1,2}(?:[.:][0-9]{2})? ?(?:am|pm)?"
_LINE = re.compile(rf"(?P<days>[a-z ,]+?),? (?P<start>{_HOUR}) ?(?:to|until|-|–) ?(?P<end>{_HOUR})", re.IGNORECASE)
_ENGLISH = dict(zip(DAYS, "mondays tuesdays wednesdays thursdays fridays saturdays sundays".split(), strict=True))
_WEEKS = dict(zip("first second third fourth fifth".split(), ORDINALS, strict=True))
_SEVERAL = {"weekdays": list(DAYS)[:5], "weekends": list(DAYS)[5:], "daily": list(DAYS)}
_NO_MATTER = {"and", "of", "the", "month", "each", "every", "from"}
HOW_TO_WRITE = _("Write one time a line, like “Monday and Thursday 10am to 1pm” or “first Tuesday 2pm to 4pm”.")


def read(text: str) -> list[dict[str, Any]]:
    """What somebody typed in English, a time a line; ValueError with a sentence. It reads what `in_words` says."""
    lines = filter(None, (" ".join(line.split()) for line in re.split(r"[;\n]", text)))
    times = [time for line in lines for time in _read_line(line)]
    if sentence := what_is_wrong(times):
        raise ValueError(sentence)
    return times


def _read_line(line: str) -> list[dict[str, Any]]:
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError(HOW_TO_WRITE)
    weeks, days = _read_days(match["days"].lower())
    hours = {"from": _read_hour(match["start"].lower()), "to": _read_hour(match["end"].lower())}
    if not days or None in hours.values():
        raise ValueError(HOW_TO_WRITE)
    return [{"day": day, **hours, **({"weeks": weeks} if weeks else {})} for day in days]


def _read_days(text: str) -> tuple[list[int], list[str]]:
    """Weeks and days; no days where a word is neither."""
    weeks: list[int] = []
    days: list[str] = []
    ranging = False
    for word in text.replace(",", " ").split():
        if word == "to":
            ranging = True
        elif word in _WEEKS:
            weeks.append(_WEEKS[word])
        elif found := _SEVERAL.get(word) or _one_day(word):
            days += _through(days[-1], found[0]) if ranging and days else found
            ranging = False
        elif word not in _NO_MATTER:
            return [], []
    return sorted({*weeks}), list(dict.fromkeys(days))


def _one_day(word: str) -> list[str]:
    """From three letters on."""
    return [code for code, name in _ENGLISH.items() if len(word) > 2 and name.startswith(word)]


def _through(first: str, last: str) -> list[str]:
    codes = list(DAYS)
    return codes[codes.index(first) : codes.index(last) + 1]


def _read_hour(text: str) -> str | None:
    """In 24 hours; without am or pm, 1 to 7 are in the afternoon."""
    if text == "noon":
        return "12:00"
    digits, half = text.rstrip("amp ").replace(".", ":"), text[-2:]
    hour, _, minute = digits.partition(":")
    number = int(hour)
    if half in ("am", "pm"):
        number = number % 12 + (12 if half == "pm" else 0) if 1 <= number <= 12 else 99
    elif not minute and number < 8:
        number += 12
    clock = f"{number:02}:{minute or '00'}"
    return clock if _CLOCK.fullmatch(clock) else None
