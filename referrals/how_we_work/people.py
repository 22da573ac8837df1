"""Who a preview is shown for: fictitious people, each with something that words must stand up to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Organisation
from accounts.wording import gettext_lazy as _
from people.london import LONDON
from people.models import ServiceUser
from referrals.how_we_work import sms
from referrals.how_we_work.fields import cases_of, fields_of
from referrals.how_we_work.rendering import fill, parse
from referrals.messages import first_name, subject, tidy, time_in_words
from referrals.reasons import NextAction

WINTER = datetime(2027, 1, 6, 9, 0, tzinfo=LONDON)
SUMMER = datetime(2027, 7, 14, 14, 30, tzinfo=LONDON)
LONGEST_DAY = datetime(2027, 9, 22, 12, 30, tzinfo=LONDON)
NO_NUMBER = "020 7946 0000"  # from the range for drama, where an organisation has not said its own yet


@dataclass(frozen=True)
class Somebody:
    why: str
    name: str
    preferred_name: str = ""
    starts_at: datetime = WINTER
    most_known: bool = True
    """With a worker, something to bring, and a month; else the least that is known."""


PEOPLE = (
    Somebody(_("Likes to be called something else; an appointment in winter"), "Robert Example", "Robin"),
    Somebody(
        _("A long name, none preferred; an appointment in summer"),
        "Wilhelmina-Konstantina Featherstonehaugh-Example",
        starts_at=SUMMER,
    ),
    Somebody(_("A name written from right to left"), "محمد علي", starts_at=SUMMER),
    Somebody(_("Accents and an apostrophe, and the least that can be known"), "Siân O’Example", most_known=False),
)


@dataclass(frozen=True)
class Preview:
    somebody: Somebody
    case: str
    """Which of several cases it is, where the message has more than one of the same richness; else ""."""
    subject: str
    body: str
    size: sms.Size | None
    """Of a text message."""


def previews(body: str, *, template: str, channel: str, sender: Organisation) -> list[Preview]:
    """As each would get it, in each case that the message is sent in."""
    return [
        Preview(somebody, case, subject(sender) if channel == "email" else "", filled, _size(filled, channel))
        for somebody in PEOPLE
        for case, filled in _filled(body, template, channel, sender, somebody)
    ]


def _size(text: str, channel: str) -> sms.Size | None:
    return sms.size(text) if channel == "text" else None


def _filled(
    body: str, template: str, channel: str, sender: Organisation, somebody: Somebody
) -> list[tuple[str, str]]:
    parsed, facts = parse(body, fields_of(template)), facts_of(somebody, sender)
    return [
        (_title(case), tidy(fill(parsed, {name: facts[name] for name in case}), channel))
        for case in _cases(template, most_known=somebody.most_known)
    ]


def _title(case: frozenset[str]) -> str:
    if "new_time" in case:
        return _("It has a new time")
    return _("It does not go ahead") if "old_time" in case else ""


def _cases(template: str, *, most_known: bool) -> list[frozenset[str]]:
    """The richest of each kind of case, or the poorest."""
    by_title: dict[str, list[frozenset[str]]] = {}
    for case in cases_of(template):
        by_title.setdefault(str(_title(case)), []).append(case)
    return [(max if most_known else min)(cases, key=len) for cases in by_title.values()]


def facts_of(somebody: Somebody, sender: Organisation) -> Mapping[str, str]:
    """A value a field, made as a real message makes it."""
    time = time_in_words(somebody.starts_at)
    return {
        "name": first_name(ServiceUser(name=somebody.name, preferred_name=somebody.preferred_name)),
        "sender": sender.sender_name or str(_("Your support team")),
        "phone": sender.phone or NO_NUMBER,
        "worker": "Bo",
        "expected": str(_("September")),
        "next_step": str(max((action.to_person for action in NextAction), key=len)),
        "when": time,
        "new_time": time,
        "old_time": time,
        "where": "Riverside Hub, 2 High Street",
        "bring": str(_("your glasses")),
    }


def ordinary(sender: Organisation) -> Mapping[str, str]:
    """Whom checks of length and reading age have in mind: a first name of usual length, the longest day."""
    return facts_of(Somebody("", "Robin Example", starts_at=LONGEST_DAY), sender)
