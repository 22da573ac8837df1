"""Reads the values a feed gives into the profile's own form; each answers (value or None, codes of what was odd).

Pure. None means that the value cannot be used; it stays in the record as received.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit

from accounts.errors import InvalidInput
from people.identifiers import format_phone
from people.identifiers import phone as uk_phone
from people.london import LONDON

Read = tuple[Any, tuple[str, ...]]

EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}|localhost", re.IGNORECASE)
URI_SIGNS = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?::(\d{2}))?(?:\.\d+)?\s*([ap]m)?", re.IGNORECASE)
ZONED = re.compile(r"(\d{2}:\d{2}:\d{2}(?:\.\d+)?)(Z|[+-]\d{2}:\d{2})")
DAYS = {name[:2]: name for name in ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")}
BYDAY = re.compile(r"[+-]?\d?(?:MO|TU|WE|TH|FR|SA|SU)")
BRITISH = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%d/%m/%y")
COUNTRIES = {"UK", "UNITED KINGDOM", "GREAT BRITAIN", "ENGLAND", "WALES", "SCOTLAND", "NORTHERN IRELAND", "GBR"}
MARKUP = re.compile(r"</?[a-z][^>]*>|&(?:#\d+|[a-z]+\d*);", re.IGNORECASE)
PHONE = re.compile(r"(?:\+44|\(?0)[\d\s()-]{8,16}\d")


def text(value: Any) -> Read:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None, ("wrong_type",)
    if not isinstance(value, str):
        return str(value), ("text_as_number",)
    return value, ("markup",) if MARKUP.search(value) else ()


def link(value: Any) -> Read:
    """A reference to another object. One that is no UUID says nothing outside its own system."""
    good = isinstance(value, str) and UUID.fullmatch(value)
    return (value.lower(), ()) if good else (None, ("bad_id",))


def uri(value: Any) -> Read:
    if not isinstance(value, str):
        return None, ("wrong_type",)
    typed = value.strip()
    codes: tuple[str, ...] = ()
    if not re.match(r"[a-z][a-z0-9+.-]*://|mailto:|tel:", typed, re.IGNORECASE):
        typed, codes = f"https://{typed}", ("url_without_scheme",)
    return (typed, codes) if _is_web(typed) else (None, ("bad_url",))


def _is_web(typed: str) -> bool:
    try:
        parts = urlsplit(typed)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and bool(HOST.fullmatch(host) and URI_SIGNS.fullmatch(typed))


def email(value: Any) -> Read:
    typed = value.strip().removeprefix("mailto:") if isinstance(value, str) else ""
    if not EMAIL.fullmatch(typed) or len(typed) > 254 or ".." in typed:
        return None, ("bad_email",)
    return (None, ("placeholder_email",)) if typed.lower().endswith(".invalid") else (typed, ())


def number(value: Any) -> Read:
    """A whole number stays one: 35, never 35.0, so that what is written is what was read."""
    if isinstance(value, bool):
        return None, ("wrong_type",)
    if isinstance(value, int | float):
        return (value, ()) if abs(value) < 1e15 else (None, ("bad_number",))  # takes out NaN and infinity, too
    typed = value.strip().lstrip("£").replace(",", "") if isinstance(value, str) else ""
    if re.fullmatch(r"-?\d{1,15}", typed, re.ASCII):
        return int(typed), ("number_as_text",)
    if re.fullmatch(r"-?\d{1,15}\.\d{1,15}", typed, re.ASCII):
        return float(typed), ("number_as_text",)
    return None, ("bad_number",)


def age(value: Any) -> Read:
    read, codes = number(value)
    return (None, (*codes, "age_below_zero")) if read is not None and read < 0 else (read, codes)


def day(value: Any) -> Read:
    typed = value.strip() if isinstance(value, str) else ""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", typed, re.ASCII):
        return (typed, ()) if _iso(typed) else (None, ("bad_date",))
    if re.match(r"\d{4}-\d{2}-\d{2}[T ]", typed) and _iso(typed[:10]):
        return typed[:10], ("date_with_time",)
    for form in BRITISH:
        try:
            return datetime.strptime(typed, form).date().isoformat(), ("date_other_form",)  # noqa: DTZ007
        except ValueError:
            continue
    return None, ("bad_date",)


def _iso(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def instant(value: Any) -> Read:
    """RFC 3339. Without a zone it is London's, since these are British feeds."""
    typed = value.strip() if isinstance(value, str) else ""
    try:
        read = datetime.fromisoformat(typed)
    except ValueError:
        return None, ("bad_date",)
    if read.tzinfo is None:
        return read.replace(tzinfo=LONDON).isoformat(), ("no_time_zone",)
    well_formed = re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", typed)
    return (typed, ()) if well_formed else (read.isoformat(), ("time_other_form",))


def clock(value: Any) -> Read:
    typed = value.strip() if isinstance(value, str) else ""
    if zoned := ZONED.fullmatch(typed):
        return (typed, ()) if _time(zoned[1]) else (None, ("bad_time",))
    found = CLOCK.fullmatch(typed)
    if not found:
        return None, ("bad_time",)
    hour = int(found[1]) % 12 + (12 if (found[4] or "").lower() == "pm" else 0) if found[4] else int(found[1])
    read = f"{hour:02}:{found[2] or '00'}:{found[3] or '00'}"
    if not _time(read) or not (found[2] or found[4]):
        return None, ("bad_time",)
    return read, () if typed == read else ("time_other_form",)


def _time(typed: str) -> time | None:
    try:
        return time.fromisoformat(typed)
    except ValueError:
        return None


def days(value: Any) -> Read:
    parts = [part.strip().upper() for part in value.split(",")] if isinstance(value, str) else [""]
    if all(BYDAY.fullmatch(part) for part in parts):
        return ",".join(parts), () if ",".join(parts) == value else ("days_in_words",)
    named = [part for part in re.split(r"[\s,;&/]+|AND", " ".join(parts)) if part]
    codes = [name[:2] if _is_day(name) else "" for name in named]
    return (",".join(codes), ("days_in_words",)) if codes and all(codes) else (None, ("bad_days",))


def _is_day(word: str) -> bool:
    whole = DAYS.get(word[:2], "")
    return len(word) >= 2 and word.rstrip("S") in {whole[:n] for n in range(2, len(whole) + 1)}


def country(value: Any) -> Read:
    typed = value.strip() if isinstance(value, str) else ""
    if re.fullmatch(r"[A-Z]{2}", typed) and typed != "UK":
        return typed, ()
    if typed.upper() in COUNTRIES or typed.upper() == "GB":
        return "GB", ("country_in_words",)
    return (typed, ()) if typed else (None, ("wrong_type",))


def choice(value: Any, choices: tuple[str, ...]) -> Read:
    if value in choices:
        return value, ()
    folded = {one.casefold(): one for one in choices}
    typed = " ".join(value.replace("_", " ").split()).casefold() if isinstance(value, str) else ""
    return (folded[typed], ("wrong_case",)) if typed in folded else (None, ("unknown_choice",))


def phone_number(typed: str) -> tuple[str, str]:
    """(the number as people write it, code of what was odd) from a text that should hold one; "" for none."""
    for candidate, code in [(typed, ""), *((found, "phone_in_words") for found in PHONE.findall(typed))]:
        try:
            return format_phone(uk_phone(candidate).number), code
        except InvalidInput:
            continue
    return "", "bad_phone"


READERS: dict[str, Callable[[Any], Read]] = {
    "text": text,
    "link": link,
    "uri": uri,
    "email": email,
    "number": number,
    "age": age,
    "date": day,
    "instant": instant,
    "clock": clock,
    "days": days,
    "country": country,
}
