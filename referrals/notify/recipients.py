"""The recipients that GOV.UK Notify documents for tests, and how the simulator judges all others. Pure.

Source: docs.notifications.service.gov.uk, "Testing" (smoke test numbers and addresses) and "API keys", test key
(numbers and addresses that fail); alphagov/notifications-tech-docs, _testing.md and _api_keys.md.
"""

import re
from collections.abc import Mapping

SMOKE = {
    "07700900000",
    "07700900111",
    "07700900222",
    "simulate-delivered@notifications.service.gov.uk",
    "simulate-delivered-2@notifications.service.gov.uk",
    "simulate-delivered-3@notifications.service.gov.uk",
}
"""Answered as if all were well, and forgotten: no receipt follows, and no look-up finds them."""

OUTCOMES = {
    "07700900003": "temporary-failure",
    "07700900002": "permanent-failure",
    "temp-fail@simulator.notify": "temporary-failure",
    "perm-fail@simulator.notify": "permanent-failure",
}

MOBILE = re.compile(r"(?:\+?44|0)7\d{9}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}", re.IGNORECASE)


def national(number: str) -> str:
    """07700900123, however it was written."""
    digits = re.sub(r"[\s()-]", "", number)
    return re.sub(r"^\+?44", "0", digits)


def outcome(kind: str, recipient: str) -> str:
    """What becomes of it in the end."""
    who = national(recipient) if kind == "sms" else recipient.lower()
    return "received" if kind == "letter" else OUTCOMES.get(who, "delivered")


def is_smoke_test(kind: str, recipient: str) -> bool:
    return (national(recipient) if kind == "sms" else recipient.lower()) in SMOKE


def why_invalid(kind: str, asked: Mapping[str, str], lines: list[str]) -> str:
    """Notify's sentence about a recipient that is none; "" for one that may do. `lines` are a letter's address."""
    if kind == "sms":
        number = re.sub(r"[\s()-]", "", asked.get("phone_number", ""))
        return "" if MOBILE.fullmatch(number) else "phone_number Not a UK mobile number"
    if kind == "email":
        address = asked.get("email_address", "")
        return "" if EMAIL.fullmatch(address) else "email_address Not a valid email address"
    if len(lines) < 3:
        return "Address must be at least 3 lines"
    if len(lines) > 7:
        return "Address must be no more than 7 lines"
    return "" if POSTCODE.fullmatch(lines[-1].strip()) else "Must be a real UK postcode"
