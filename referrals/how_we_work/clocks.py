"""An organisation's own days on each clock: what each does, what is usual, and the change of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.access import check
from accounts.errors import InvalidInput
from accounts.models import Membership, Organisation
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from referrals.followup import CLOCK_DAYS, Clock
from referrals.how_we_work import recording
from referrals.models import SettingChange

AREA = SettingChange.Area.CLOCKS


@dataclass(frozen=True)
class Bounds:
    """What a clock is for, and the working days between which an organisation may choose."""

    title: str
    does: str
    least: int
    most: int


CLOCKS: dict[Clock, Bounds] = {
    Clock.DRAFT: Bounds(_("Send a draft"), _("Then whoever began the referral is reminded of it."), 1, 20),
    Clock.DRAFT_ENDS: Bounds(
        _("Keep a draft that nobody sends"),
        _("Then it is deleted, and its team is asked whether help is still wanted."),
        21,
        60,
    ),
    Clock.ACKNOWLEDGE: Bounds(
        _("Acknowledge a referral"), _("Then the provider is reminded that nobody has opened it."), 1, 10
    ),
    Clock.DECIDE: Bounds(
        _("Decide on a referral"),
        _("Then the provider is reminded to accept or decline. It stands still while a question is open."),
        1,
        20,
    ),
    Clock.ANSWER: Bounds(_("Answer a question"), _("Then the referrer is reminded of the question."), 1, 10),
    Clock.FIRST_CONTACT: Bounds(
        _("First contact"), _("Then the provider is reminded to get in touch with the person."), 1, 10
    ),
    Clock.SAME_DAY: Bounds(
        _("First contact about food or heating"), _("0 is the same day. Then the provider is reminded."), 0, 1
    ),
    Clock.WAITING_REVIEW: Bounds(
        _("Look at a wait again"), _("Then the provider is asked whether there is a place now."), 5, 40
    ),
    Clock.NEXT_STEP: Bounds(
        _("Next step after a decline"), _("Then the referrer is reminded to choose what comes next."), 1, 5
    ),
    Clock.NEXT_EVENT: Bounds(
        _("Something happens with the person"),
        _("Then the provider is reminded to record it."),
        5,
        30,
    ),
    Clock.ASK_PERSON: Bounds(
        _("Ask the person whether it helped"), _("Then the referral is shown as waiting for this."), 5, 40
    ),
    Clock.TELL_PERSON: Bounds(
        _("Tell the person"), _("Then somebody is reminded that the person has not heard the news."), 1, 5
    ),
    Clock.MISSED_ONCE: Bounds(
        _("Ask after a missed appointment"), _("Then somebody is reminded to ask what got in the way."), 1, 5
    ),
    Clock.MISSED_AGAIN: Bounds(
        _("Check after a second missed one"), _("Then the clinician is reminded to check on the person."), 1, 5
    ),
    Clock.PARTNER_LINK: Bounds(
        _("A link to a provider without an account"), _("Then it no longer opens, unless they accepted."), 2, 20
    ),
    Clock.SAFETY_ANSWER: Bounds(
        _("Answer: is there any safety concern?"),
        _("Asked before somebody who cannot be reached is let go."),
        1,
        5,
    ),
}
"""A clock that is too long would leave a person without news; one of no days would press everybody at once.

No draft is deleted before its owner was reminded of it.
"""


@dataclass(frozen=True)
class Days:
    clock: Clock
    title: str
    does: str
    least: int
    most: int
    usual: int
    days: int
    """As the organisation has it now."""


def days_of(organisation: Organisation) -> list[Days]:
    own = organisation.clocks
    return [
        Days(clock, one.title, one.does, one.least, one.most, CLOCK_DAYS[clock], own.get(clock, CLOCK_DAYS[clock]))
        for clock, one in CLOCKS.items()
    ]


def version_of(organisation: Organisation) -> int:
    return recording.version_of(organisation, AREA)


@transaction.atomic
def set_days(*, by: Membership, days: Mapping[str, int], seen: int) -> list[Clock]:
    """The clocks that changed. One that is not named stays; dates that are already set stay as they are.

    InvalidInput with a sentence a clock for what is out of bounds; AlreadyChanged where `seen` is not the newest.
    """
    check(by, Permission.SET_UP_ORGANISATION)
    _check_bounds(days)
    organisation = Organisation.objects.get(pk=by.organisation_id)
    before = {one.clock: one.days for one in days_of(organisation)}
    changed = [clock for clock in CLOCKS if clock in days and days[clock] != before[clock]]
    if changed or seen != version_of(organisation):
        recording.record(
            by=by,
            area=AREA,
            what="",
            seen=seen,
            done=SettingChange.Done.CHANGED,
            before={clock: before[clock] for clock in changed},
            after={clock: days[clock] for clock in changed},
        )
        Organisation.objects.filter(pk=organisation.pk).update(clocks=_kept(organisation, days))
    return changed


def _kept(organisation: Organisation, days: Mapping[str, int]) -> dict[str, int]:
    """Only what differs from the usual, so that a usual value that changes one day changes for all who use it."""
    chosen = {**organisation.clocks, **days}
    return {name: number for name, number in chosen.items() if number != CLOCK_DAYS[Clock(name)]}


def _check_bounds(days: Mapping[str, int]) -> None:
    wrong: dict[str, Any] = {}
    for name, number in days.items():
        if name not in CLOCKS:
            wrong[name] = _("There is no such clock.")
        elif not CLOCKS[Clock(name)].least <= number <= CLOCKS[Clock(name)].most:
            wrong[name] = out_of_bounds(Clock(name))
    if wrong:
        raise InvalidInput.in_fields(wrong)


def out_of_bounds(clock: Clock) -> str:
    bounds = CLOCKS[clock]
    return _("%(title)s: enter a number of working days from %(least)s to %(most)s.") % {
        "title": bounds.title,
        "least": bounds.least,
        "most": bounds.most,
    }
