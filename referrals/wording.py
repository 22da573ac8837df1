"""Clocks, days and names as the pages say them."""

from datetime import date
from typing import Any

from accounts.models import Membership
from accounts.permissions import Permission
from referrals.followup import Clock
from referrals.lifecycle import ActionWith, Side
from referrals.models import Referral
from referrals.standing import Standing

TO_DO = {
    Clock.DRAFT: "Send the draft",
    Clock.ACKNOWLEDGE: "Acknowledge",
    Clock.DECIDE: "Decide",
    Clock.ANSWER: "Answer the question",
    Clock.FIRST_CONTACT: "First contact",
    Clock.SAME_DAY: "First contact, today",
    Clock.WAITING_REVIEW: "Look at the wait again",
    Clock.NEXT_STEP: "Choose what comes next",
    Clock.NEXT_EVENT: "Next session or contact",
    Clock.ASK_PERSON: "Ask the person whether it helped",
}
"""What is due when each clock of a referral runs out."""


def day_words(day: date, today: date) -> str:
    """today, tomorrow, yesterday, Thursday 3 December; the year where it is not this one."""
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((day - today).days)
    return near or f"{day:%A} {day.day} {day:%B}{'' if day.year == today.year else f' {day.year}'}"


def due_words(referral: Referral, today: date) -> str:
    """“First contact due yesterday”; empty for a referral that has ended."""
    if referral.due_on is None:
        return ""
    return f"{TO_DO.get(Clock(referral.clock), 'Next step')} due {day_words(referral.due_on, today)}"


def whose_move(referral: Referral, me: Standing, today: date) -> str:
    """“You, by Thursday 3 December”; empty for a referral that has ended."""
    if referral.due_on is None:
        return ""
    late = referral.due_on < today
    return f"{_mover(referral, me)}, {'since' if late else 'by'} {day_words(referral.due_on, today)}"


def _mover(referral: Referral, me: Standing) -> str:
    side = {ActionWith.PROVIDER: Side.PROVIDER, ActionWith.REFERRER: Side.REFERRER}.get(
        ActionWith(referral.action_with)
    )
    if side is Side.PROVIDER and not me.provider_has_account:
        return f"{referral.provider} (no account here: ring them, and write down what they say)"
    if side is not None and me.side in (side, Side.EITHER):
        return "You"
    return str(referral.provider if side is Side.PROVIDER else referral.referring_team)


def sees_person(membership: Membership, me: Standing) -> bool:
    """May the page show the person's own record, or only what was shared?"""
    return not me.is_provider_only and membership.may(Permission.SEE_SERVICE_USERS)


def called(shared: dict[str, Any]) -> str:
    return shared.get("preferred_name") or shared.get("name") or "The person"
