"""Which fields each message may hold, and which of them are known in each case that it is sent in. Pure."""

from accounts.wording import gettext_lazy as _

FIELDS: dict[str, str] = {
    "name": _("the name that the person likes, else the first name"),
    "sender": _("who it is from, as messages are signed"),
    "phone": _("the number that the person can ring"),
    "worker": _("first name of the worker"),
    "expected": _("the month in which a place is expected"),
    "next_step": _("the sentence that says what comes next"),
    "when": _("day and time"),
    "where": _("the place"),
    "bring": _("what to bring"),
    "new_time": _("the new day and time"),
    "old_time": _("the day and time that does not go ahead"),
}
ALWAYS = ("name", "sender", "phone")

CASES: dict[str, tuple[tuple[str, ...], ...]] = {
    "accepted": (("worker",), ()),
    "waiting_list": (("expected",), ()),
    "declined_next_step": (("next_step",),),
    "appointment_booked": (("when", "where", "bring"), ("when", "where")),
    "appointment_reminder": (("when", "where", "bring"), ("when", "where")),
    "appointment_changed": (
        ("new_time", "where", "bring"),
        ("new_time", "where"),
        ("old_time", "where", "bring"),
        ("old_time", "where"),
    ),
}
"""Message → what is known besides ALWAYS, the richest case first. A message that is not named has one case."""

MUST_SAY = {"phone", "sender", "next_step", "when", "new_time", "old_time"}
"""What a message has to say in every case in which it is known; a place, too, unless nothing happens there."""


def cases_of(template: str) -> list[frozenset[str]]:
    return [frozenset((*ALWAYS, *known)) for known in CASES.get(template, ((),))]


def fields_of(template: str) -> list[str]:
    """In the order of FIELDS."""
    known = frozenset().union(*cases_of(template))
    return [name for name in FIELDS if name in known]


def not_always_known(template: str) -> list[str]:
    cases = cases_of(template)
    return [name for name in fields_of(template) if any(name not in case for case in cases)]


def must_say(case: frozenset[str]) -> list[str]:
    place = {"where"} if case & {"when", "new_time"} else set()
    return [name for name in FIELDS if name in case & (MUST_SAY | place)]
