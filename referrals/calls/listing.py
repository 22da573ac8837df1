"""The call list: one line a person, with all that there is to ring about, and when it is all right to ring."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from accounts import clock
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from referrals.calls import owed, slots, tries
from referrals.calls.known import Known, known
from referrals.calls.tries import Tried
from referrals.models import FollowUp, Referral
from referrals.wording import day_words

PAGE = 25
LOOKED_AT = 200
"""People that are looked through for a page of those who may be rung now."""


@dataclass(frozen=True)
class Topic:
    """One thing to ring about: something owed, or a first contact, which has no follow-up."""

    what: str
    due_on: date
    follow_up: FollowUp | None = None
    referral: Referral | None = None

    @property
    def key(self) -> str:
        """As a form and the API name it; "" never, since one of the two is there."""
        return str(self.follow_up.pk) if self.follow_up else f"first-{self.referral.pk if self.referral else ''}"

    def is_newer_than(self, tried_at: datetime | None) -> bool:
        accepted_at = self.referral.accepted_at if self.referral else None
        since = self.follow_up.opened_at if self.follow_up else accepted_at
        return tried_at is not None and since is not None and since > tried_at


@dataclass(frozen=True)
class Line:
    known: Known
    topics: list[Topic]
    slot: str
    tried: list[Tried]
    """Since they were last reached."""
    next_on: date | None
    tried_at: datetime | None = None

    @property
    def number(self) -> int:
        """Of the try that comes now."""
        return len(self.tried) + 1

    @property
    def hours(self) -> str:
        return slots.hours_in_words(self.known.plan)

    @property
    def later(self) -> bool:
        """What has come up since the last try does not wait for the next."""
        waits = self.next_on is not None and self.next_on > clock.today()
        return waits and not any(topic.is_newer_than(self.tried_at) for topic in self.topics)

    @property
    def next_words(self) -> str:
        if not self.next_on or not self.later:
            return ""
        return _("Next try %(day)s.") % {"day": slots.day_in_words(self.next_on, clock.today())}

    @property
    def hint(self) -> str:
        return slots.hint(self.known.plan, [one.at for one in self.tried], clock.now())

    @property
    def person(self) -> Any:
        return self.known.person

    @property
    def due_on(self) -> date:
        """Today where nothing is owed any more."""
        return min((topic.due_on for topic in self.topics), default=clock.today())

    @property
    def is_late(self) -> bool:
        return self.due_on < clock.today()

    @property
    def due_words(self) -> str:
        return day_words(self.due_on, clock.today())


@dataclass(frozen=True)
class Filters:
    """As they stand in the address; anything else is read as the usual."""

    who: str = "team"
    when: str = "all"
    after: str = ""

    @classmethod
    def read(cls, query: Any) -> "Filters":
        return cls(
            who="mine" if query.get("who") == "mine" else "team",
            when="now" if query.get("when") == "now" else "all",
            after=query.get("after", ""),
        )


def page(membership: Membership, filters: Filters) -> tuple[list[Line], str]:
    """One page and the mark of the next, "" on the last. Whether somebody may be rung now is no column: for those
    alone some more are looked at, and the next page goes on behind the last one that was."""
    rows = owed.people(membership, clock.today(), mine=filters.who == "mine")
    most = LOOKED_AT if filters.when == "now" else PAGE
    found = list(owed.after(rows, filters.after)[: most + 1])
    more, looked_at = len(found) > most, found[:most]
    lines = lines_of(looked_at, membership)
    if filters.when == "now":
        lines = [line for line in lines if line.known.verdict and not line.later]
        if len(lines) > PAGE:
            lines, more = lines[:PAGE], True
            looked_at = [lines[-1].person]
    return lines, owed.mark_of(looked_at[-1]) if more and looked_at else ""


def lines_of(people: Iterable[Any], membership: Membership, *, also_settled: bool = False) -> list[Line]:
    """`also_settled`: with the people about whom nothing is owed any more, and what was a moment ago is not
    known."""
    people, now = list(people), clock.now()
    topics = topics_of(people, membership)
    referrals = {pk: [one.referral for one in about if one.referral] for pk, about in topics.items()}
    if also_settled:
        referrals |= all_referrals(people, membership)
    knowing, tried = known(people, referrals, membership), tries.in_a_row(people, membership)
    return [
        Line(
            known=knowing[person.pk],
            topics=topics[person.pk],
            slot=_slot(knowing[person.pk], now),
            tried=tried.get(person.pk, []),
            next_on=person.next_on,
            tried_at=person.tried_at,
        )
        for person in people
        if topics[person.pk] or also_settled
    ]


def all_referrals(people: Iterable[Any], membership: Membership) -> dict[UUID, list[Referral]]:
    """By person, those that the hat can see, the newest first: also where nothing is owed about them any more."""
    found: dict[UUID, list[Referral]] = {}
    seen = Referral.objects.visible_to(membership).counted().filter(service_user__in=people)
    for referral in seen.order_by("-pk"):
        found.setdefault(referral.service_user_id, []).append(referral)
    return found


def _slot(one: Known, now: Any) -> str:
    return slots.slot_in_words(one.plan, now) if one.ever else str(one.verdict.sentence)


def topics_of(people: list[Any], membership: Membership) -> dict[UUID, list[Topic]]:
    """By person, the longest due first."""
    found: dict[UUID, list[Topic]] = defaultdict(list)
    about = ("referral__provider", "referral__offer", "referral__referring_team", "team")
    rows = owed.follow_ups(membership, clock.today()).filter(service_user__in=people).select_related(*about)
    for row in rows.order_by("due_on", "pk"):
        found[row.service_user_id].append(Topic(row.what, row.due_on, row, row.referral))
    first = owed.first_contacts(membership).filter(service_user__in=people)
    for referral in first.select_related("provider", "offer", "referring_team"):
        what = _("First contact about “%(offer)s”.") % {"offer": referral.offer.name}
        found[referral.service_user_id].append(Topic(what, referral.due_on or clock.today(), None, referral))
    return found
