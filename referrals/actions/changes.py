"""What each step writes into the referral's own row: state, whose move, clock, milestones."""

from collections.abc import Callable
from typing import Any

from accounts.errors import NotPossibleNow
from accounts.models import Membership
from people.actions import plan_of
from people.london import london_day
from people.models import Consent
from referrals.actions.move import Move
from referrals.followup import SAME_DAY_KINDS, Clock, clock_days, days_left
from referrals.gathering import channels, consent_for
from referrals.lifecycle import GUARDS, Status, next_due
from referrals.models import Referral
from referrals.sharing import snapshot

Columns = dict[str, Any]


def columns(move: Move) -> Columns:
    """Milestones are written once: a referral that was opened again keeps its first ones, its events the rest."""
    special = SPECIAL.get(move.step.name, lambda move: {})(move)
    milestones = {name: getattr(move.referral, name) or move.at for name in MILESTONES.get(move.step.name, ())}
    ended_at = move.at if move.step.ends else None
    return {"status": move.step.target, "ended_at": ended_at, **due(move), **milestones, **special}


MILESTONES = {
    "send": ("sent_at",),
    "acknowledge": ("acknowledged_at",),
    "ask": ("acknowledged_at",),
    "accept": ("acknowledged_at", "accepted_at"),
    "wait_list": ("acknowledged_at",),
    "decline": ("acknowledged_at",),
    "start": ("first_contact_at", "started_at"),
    "deliver": ("delivered_at",),
}


def due(move: Move) -> Columns:
    """Clocks are the referring organisation's. An answer lets the provider's decision clock run on."""
    referral = move.referral
    owed = next_due(
        move.step.target,
        move.at,
        overrides=referral.referring_team.organisation.clocks,
        same_day=referral.kind in SAME_DAY_KINDS,
        days_left=referral.clock_left if move.step.name == "answer" else None,
    )
    if owed is None:
        return {"action_with": "", "clock": "", "due_on": None, "clock_left": None}
    return {"action_with": owed.action_with, "clock": owed.clock, "due_on": owed.due_on, "clock_left": None}


def _send(move: Move) -> Columns:
    """What is shared is written anew: a draft may have lain for days, and the plan have changed since."""
    referral = move.referral
    consent = _hold_consent(referral)
    plan = plan_of(referral.service_user)
    preferred, fallback = channels(referral, plan)
    shared = snapshot(
        service_user=referral.service_user,
        plan=plan,
        needs=referral.needs.select_related("screening"),
        goal=referral.goal,
        adjustments=referral.adjustments or (),
    )
    return {"consent": consent, "shared": shared, "preferred_channel": preferred, "fallback_channel": fallback}


def _hold_consent(referral: Referral) -> Consent:
    """Writes nothing new, but locks the row: a withdrawal at this moment waits, and then finds this referral."""
    consent = consent_for(referral)
    if consent and Consent.objects.filter(pk=consent.pk, withdrawn_at=None).update(withdrawn_at=None):
        return consent
    raise NotPossibleNow(GUARDS["consent_in_force"], state=referral.status)


def _ask(move: Move) -> Columns:
    """The decision clock stands still, with what was left on it. Before it had begun, all of it is left."""
    referral = move.referral
    if referral.status == Status.ACKNOWLEDGED and referral.due_on:
        return {"clock_left": days_left(referral.due_on, london_day(move.at))}
    return {"clock_left": clock_days(Clock.DECIDE, referral.referring_team.organisation.clocks)}


def _accept(move: Move) -> Columns:
    worker = move.brought["named_worker"]
    return {"named_worker": worker if isinstance(worker, Membership) else None}


def _wait_list(move: Move) -> Columns:
    return {"expected_on": move.brought["expected_on"]}


SPECIAL: dict[str, Callable[[Move], Columns]] = {
    "send": _send,
    "ask": _ask,
    "accept": _accept,
    "wait_list": _wait_list,
    "reopen": _send,
    "reopen_accepted": _send,
}
