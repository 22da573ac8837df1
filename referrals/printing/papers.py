"""One person's plan, or a whole clinic list of them, in the form asked for; or the reason why not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _

from accounts import clock
from accounts.errors import NotPossibleNow
from directory import kinds
from people.contact_plan import Channel
from people.models import ServiceUser
from people.safe_contact import may_contact
from referrals import reach
from referrals.doubts import asked_about_address
from referrals.printing import gathering, paper, wording
from referrals.printing.plan import Known, Plan, build

AT_ONCE = 60
"""Plans in one go: a long clinic list, and a second or so of work."""


OTHERS_MAY_SEE = {"safeguarding", "not_asked", "message_seen", "distress_now"}
"""Reasons against messages that hold for paper too: somebody at home may read it, or nobody knows. Distress is the
reason that is written where there are others beside it."""


@dataclass(frozen=True)
class Paper:
    """What can be printed for one person, or `refused`: the sentence that says why nothing can.

    `no_letter` says why nothing goes by post; "" where a letter may go, to `address`. `ask_first`: whether paper
    is safe to take home has to be asked, in private.
    """

    person: ServiceUser
    plan: Plan | None = None
    sheet: wording.Sheet | None = None
    refused: str = ""
    no_letter: str = ""
    address: str = ""
    ask_first: bool = False

    @property
    def waiting(self) -> list[str]:
        """What is agreed but left off because it has to wait, in words for staff."""
        return [str(kinds.TITLES.get(code, code)) for code in self.plan.held] if self.plan else []


def of(person: ServiceUser, form: str = paper.STANDARD) -> Paper:
    return of_all([person], form)[0]


def of_all(people: Sequence[ServiceUser], form: str = paper.STANDARD) -> list[Paper]:
    known, asked = gathering.known_of(people), asked_about_address(people)
    return [_one(person, known[person.pk], form, _address(person, asked)) for person in people]


def _address(person: ServiceUser, asked: set[UUID]) -> str:
    found = reach.address_of if person.pk in asked else reach.recorded_address
    return found(person, Channel.LETTER)


def _one(person: ServiceUser, known: Known | None, form: str, address: str) -> Paper:
    if known is None:
        nothing = _("There is no finished screening yet, so there is nothing to print.")
        return Paper(person, refused=nothing, no_letter=nothing)
    plan, no_letter = build(known), _no_letter(known, address)
    return Paper(
        person,
        plan,
        wording.sheet(plan),
        refused=no_letter if form == paper.LETTER else "",
        no_letter=no_letter,
        address="" if no_letter else address,
        ask_first=_others_may_see(known),
    )


def _others_may_see(known: Known) -> bool:
    reasons = {known.contact.reason, *known.against_messages}
    return not known.contact.answered or not reasons.isdisjoint(OTHERS_MAY_SEE)


def _no_letter(known: Known, address: str) -> str:
    verdict = may_contact(known.contact, Channel.LETTER, clock.now(), automatic=False, paused=known.paused)
    if not verdict:
        return str(verdict.sentence)
    if not address:
        return _("There is no address for letters, and nobody who takes them in.")
    return ""


def pdf_of(papers: Sequence[Paper], form: str) -> bytes:
    """Raises NotPossibleNow for whoever is refused, and CannotPrint for what the paper cannot show."""
    for one in papers:
        if one.refused:
            raise NotPossibleNow(one.refused)
    addresses = [one.address if form == paper.LETTER else "" for one in papers]
    return paper.plans([one.sheet for one in papers if one.sheet], form, addresses)


def with_faults(papers: Sequence[Paper], form: str) -> list[Paper]:
    """Those that cannot be printed, each with its reason."""
    found = []
    for one in papers:
        try:
            pdf_of([one], form)
        except NotPossibleNow as refusal:
            found.append(replace(one, refused=refusal.message))
    return found
