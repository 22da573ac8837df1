"""Clocks, days and names as the pages say them."""

from datetime import date
from typing import Any

from django.utils.formats import date_format

from accounts.models import Membership
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from people.models import ServiceUser
from referrals.followup import Clock
from referrals.lifecycle import ActionWith, Side
from referrals.models import Referral
from referrals.standing import Standing

TO_DO = {
    Clock.DRAFT: _("Send the draft"),
    Clock.ACKNOWLEDGE: _("Acknowledge"),
    Clock.DECIDE: _("Decide"),
    Clock.ANSWER: _("Answer the question"),
    Clock.FIRST_CONTACT: _("First contact"),
    Clock.SAME_DAY: _("First contact, today"),
    Clock.WAITING_REVIEW: _("Look at the wait again"),
    Clock.NEXT_STEP: _("Choose what comes next"),
    Clock.NEXT_EVENT: _("Next session or contact"),
    Clock.ASK_PERSON: _("Ask the person whether it helped"),
}
"""What is due when each clock of a referral runs out."""


def day_words(day: date, today: date) -> str:
    """today, tomorrow, yesterday, Thursday 3 December; the year where it is not this one."""
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}.get((day - today).days)
    return near or date_format(day, "l j F" if day.year == today.year else "l j F Y")


def due_words(referral: Referral, today: date) -> str:
    """“First contact due yesterday”; empty for a referral that has ended."""
    if referral.due_on is None:
        return ""
    return _("%(to_do)s due %(day)s") % {
        "to_do": TO_DO.get(Clock(referral.clock), _("Next step")),
        "day": day_words(referral.due_on, today),
    }


def whose_move(referral: Referral, me: Standing, today: date) -> str:
    """“You, by Thursday 3 December”; empty for a referral that has ended."""
    if referral.due_on is None:
        return ""
    words = _("%(who)s, since %(day)s") if referral.due_on < today else _("%(who)s, by %(day)s")
    return words % {"who": _mover(referral, me), "day": day_words(referral.due_on, today)}


def _mover(referral: Referral, me: Standing) -> str:
    side = {ActionWith.PROVIDER: Side.PROVIDER, ActionWith.REFERRER: Side.REFERRER}.get(
        ActionWith(referral.action_with)
    )
    if side is Side.PROVIDER and not me.provider_has_account:
        return _("%(provider)s (no account here: ring them, and write down what they say)") % {
            "provider": referral.provider
        }
    if side is not None and me.side in (side, Side.EITHER):
        return _("You")
    return str(referral.provider if side is Side.PROVIDER else referral.referring_team)


def sees_person(membership: Membership, me: Standing) -> bool:
    """May the page show the person's own record, or only what was shared?"""
    return not me.is_provider_only and membership.may(Permission.SEE_SERVICE_USERS)


def is_their_record(membership: Membership, person: ServiceUser) -> bool:
    """A provider's admin may see service users, too: its own organisation's and nobody else's."""
    return person.organisation_id == membership.organisation_id and membership.may(Permission.SEE_SERVICE_USERS)


def name_for(membership: Membership, person: ServiceUser, referral: Referral | None) -> str:
    """On lists: the record's own name for those whose record it is; others know what was shared, or "" ."""
    if is_their_record(membership, person):
        return person.name
    return referral.shared.get("name", "") if referral else ""


def called(shared: dict[str, Any]) -> str:
    return shared.get("preferred_name") or shared.get("name") or _("The person")
