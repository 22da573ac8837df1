"""The first of the call list, for the home page: whom, about what, when it is all right to ring, and which try."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from accounts.wording import pgettext_lazy
from referrals.calls import listing, owed, slots


@dataclass(frozen=True)
class Call:
    who: str
    what: str
    due: str
    is_late: bool
    when: str
    """From when they may be rung and which try it is, or why they may not be rung."""
    url: str
    button: str


def number(membership: Membership, today: date) -> int:
    return owed.count(membership, today)


def first(membership: Membership, today: date, *, limit: int) -> list[Call]:
    lines = listing.lines_of(owed.people_now(membership, today)[:limit], membership)
    return [_call(line) for line in lines]


def _call(line: listing.Line) -> Call:
    return Call(
        who=line.known.name,
        what=" ".join(str(topic.what) for topic in line.topics),
        due=_("Due %(day)s") % {"day": line.due_words},
        is_late=line.is_late,
        when=_when(line),
        url=reverse("referrals:call", args=[line.person.pk]),
        button=pgettext_lazy("button", "Ring") if line.known.verdict else _("Open"),
    )


def _when(line: listing.Line) -> str:
    """Tries are counted for those who take calls, and for nobody else."""
    if not line.known.ever:
        return line.slot
    attempt = _("Try %(number)s of %(tries)s.") % {"number": line.number, "tries": slots.TRIES}
    return f"{line.slot} {attempt}"
