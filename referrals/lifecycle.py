"""What may be done with a referral in this state, by this person, and what a step that was asked for lacks.

Pure. The rules are the table in steps.py; this module only reads it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.errors import InvalidInput, NotAllowed, NotPossibleNow
from accounts.wording import gettext_lazy as _
from referrals.evidence import GUARDS, Evidence, Facts, Kind, Tried, missing_facts, read_evidence
from referrals.followup import Clock, clock_days, due_on
from referrals.reasons import Reason
from referrals.states import ENDED, OPEN, STATES, ActionWith, Status, clock_of, pause_allowed, whose_move
from referrals.steps import STEPS, Step
from referrals.who import PARTNER_LINK, Side, may_act

__all__ = [
    "ENDED",
    "GUARDS",
    "OPEN",
    "PARTNER_LINK",
    "STATES",
    "STEPS",
    "ActionWith",
    "Due",
    "Evidence",
    "Facts",
    "Kind",
    "Side",
    "Status",
    "Step",
    "Tried",
    "available",
    "blockers",
    "check",
    "clock_of",
    "next_due",
    "pause_allowed",
    "read",
    "whose_move",
]


def available(
    status: str, *, side: str, role: str, team_lead: bool = False, provider_has_account: bool = True
) -> list[str]:
    """Names of the steps that this person may take now, what usually comes next first.

    A provider without an account has its word recorded by the referrer's staff: `provider_has_account=False`.
    """
    now = Status(status)
    names = [
        step.name
        for step in STEPS.values()
        if now in step.sources
        and may_act(step.who, side=side, role=role, team_lead=team_lead, provider_has_account=provider_has_account)
    ]
    return sorted(names, key=lambda name: now not in STEPS[name].primary_from)


def blockers(step: Step, facts: Facts) -> list[str]:
    """What has to be done before the step, as sentences; empty when nothing stands in its way."""
    return missing_facts(step.facts, facts)


def check(
    status: str | None,
    action: str,
    *,
    side: str,
    role: str,
    evidence: Mapping[str, Any],
    facts: Facts,
    team_lead: bool = False,
    provider_has_account: bool = True,
    reasons: Mapping[str, Reason] | None = None,
) -> Step:
    """The step, if this person may take it from this state with what was brought; nothing is changed.

    `status` None is a referral that does not exist yet, from which only "draft" leads. `reasons` are the
    organisation's own for the coded field. Raises, in this order: InvalidInput for an unknown step, NotAllowed
    for the wrong person, NotPossibleNow for the wrong state or a fact that does not hold, InvalidInput with
    `fields` for evidence that is missing or wrong.
    """
    step = STEPS.get(action)
    if step is None:
        raise InvalidInput(
            _("There is no step called “%(action)s”. There are: %(steps)s.")
            % {"action": action, "steps": ", ".join(STEPS)}
        )
    me: dict[str, Any] = {
        "side": side,
        "role": role,
        "team_lead": team_lead,
        "provider_has_account": provider_has_account,
    }
    if not may_act(step.who, **me):
        raise NotAllowed(_("“%(label)s” is for %(words)s.") % {"label": step.label, "words": step.who.words})
    instead = [] if status is None else [name for name in available(status, **me) if name != action]
    if not _leads_from(step, status):
        raise NotPossibleNow(_not_from_here(step, status, instead), state=status or "", allowed=instead)
    if lacking := blockers(step, facts):
        raise NotPossibleNow(" ".join(lacking), state=status or "", allowed=instead)
    read(step, evidence, facts, reasons)
    return step


def read(
    step: Step, evidence: Mapping[str, Any], facts: Facts, reasons: Mapping[str, Reason] | None = None
) -> dict[str, Any]:
    """What was brought for the step, in the form it is kept in: dates as dates, text without blanks around it."""
    return read_evidence(step.evidence, evidence, facts, reasons)


def _leads_from(step: Step, status: str | None) -> bool:
    return not step.sources if status is None else status in step.sources


def _not_from_here(step: Step, status: str | None, instead: list[str]) -> str:
    if status is None:
        return _("There is no such referral yet.")
    now = _("“%(label)s” is not possible now. %(meaning)s") % {
        "label": step.label,
        "meaning": STATES[Status(status)].meaning,
    }
    labels = "; ".join(str(STEPS[name].label) for name in instead)
    return (
        _("%(now)s You can: %(labels)s.") % {"now": now, "labels": labels}
        if labels
        else _("%(now)s Nothing more can be done with it from here.") % {"now": now}
    )


@dataclass(frozen=True)
class Due:
    """Whose move it is after a step, by which clock and by what day."""

    action_with: ActionWith
    clock: Clock
    days: int
    due_on: date


def next_due(
    status: str,
    started: datetime,
    *,
    overrides: Mapping[str, int] | None = None,
    same_day: bool = False,
    days_left: int | None = None,
) -> Due | None:
    """What is owed in this state, counted from `started`; None once it has ended.

    `same_day` for support that cannot wait. `days_left` goes on with a clock that was stopped.
    """
    owner, clock = whose_move(status), clock_of(status, same_day=same_day)
    if owner is None or clock is None:
        return None
    days = clock_days(clock, overrides)
    return Due(owner, clock, days, due_on(started, days if days_left is None else days_left))
