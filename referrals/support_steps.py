"""The small tables beside a referral: what becomes of an appointment, and of a loan.

Pure. Neither ever changes the referral: a missed session asks somebody to find out what got in the way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from accounts.errors import InvalidInput, NotPossibleNow
from referrals.evidence import Evidence, Facts, Kind, read_evidence
from referrals.followup import Clock
from referrals.states import ActionWith


class AppointmentStatus(StrEnum):
    BOOKED = "booked"
    ATTENDED = "attended"
    LATE = "late"
    DID_NOT_ATTEND = "did_not_attend"
    CANCELLED_BY_PERSON = "cancelled_by_person"
    CANCELLED_BY_SERVICE = "cancelled_by_service"
    REARRANGED = "rearranged"


class LoanStatus(StrEnum):
    RESERVED = "reserved"
    HANDED_OVER = "handed_over"
    DUE = "due"
    RENEWED = "renewed"
    RETURNED = "returned"
    LOST = "lost"
    WRITTEN_OFF = "written_off"


@dataclass(frozen=True)
class SupportStep:
    name: str
    label: str
    sources: frozenset[str]
    target: str
    evidence: tuple[Evidence, ...] = ()
    after_start: bool = False
    """Nobody knows before the start whether somebody came."""
    by_clock: bool = False
    """Taken by the job that watches the days, never by a button."""


def _appointment(
    target: AppointmentStatus, label: str, *evidence: Evidence, after_start: bool = False
) -> SupportStep:
    """Every outcome is final and named for itself; a new time is a new appointment."""
    return SupportStep(target, label, frozenset({AppointmentStatus.BOOKED}), target, evidence, after_start)


NEW_START = Evidence("starts_at", "New time", Kind.MOMENT, "Say when the new time is.")
WHY = Evidence("reason", "Why", Kind.TEXT, "Say why, so that the person can be told.")

APPOINTMENT_STEPS: dict[str, SupportStep] = {
    step.name: step
    for step in (
        _appointment(AppointmentStatus.ATTENDED, "Came", after_start=True),
        _appointment(AppointmentStatus.LATE, "Came late", after_start=True),
        _appointment(AppointmentStatus.DID_NOT_ATTEND, "Did not come", after_start=True),
        _appointment(AppointmentStatus.CANCELLED_BY_PERSON, "The person cancelled"),
        _appointment(AppointmentStatus.CANCELLED_BY_SERVICE, "We cancelled", WHY),
        _appointment(AppointmentStatus.REARRANGED, "Give a new time", NEW_START),
    )
}

_OUT = frozenset({LoanStatus.HANDED_OVER, LoanStatus.DUE, LoanStatus.RENEWED})
SIGNED = Evidence("signed_or_witnessed", "Signed or witnessed by", Kind.TEXT, "Say who signed, or who saw it.")
ENDS_ON = Evidence("ends_on", "The loan ends on", Kind.DATE, "Say when the loan ends.")

LOAN_STEPS: dict[str, SupportStep] = {
    step.name: step
    for step in (
        SupportStep(
            "hand_over", "Hand over", frozenset({LoanStatus.RESERVED}), LoanStatus.HANDED_OVER, (SIGNED, ENDS_ON)
        ),
        SupportStep("fall_due", "Ends soon", _OUT - {LoanStatus.DUE}, LoanStatus.DUE, by_clock=True),
        SupportStep("renew", "Renew", _OUT, LoanStatus.RENEWED, (ENDS_ON,)),
        SupportStep("return", "Take back", _OUT | {LoanStatus.RESERVED, LoanStatus.LOST}, LoanStatus.RETURNED),
        SupportStep("lose", "Record as lost", _OUT, LoanStatus.LOST),
        SupportStep("write_off", "Write off", _OUT | {LoanStatus.LOST}, LoanStatus.WRITTEN_OFF),
    )
}
"""A loan that is lost carries no blame and bars nobody from another; what turns up again is taken back."""


def available_for_appointment(status: str, starts_at: datetime, now: datetime) -> list[str]:
    return [
        name
        for name, step in APPOINTMENT_STEPS.items()
        if status in step.sources and (now >= starts_at or not step.after_start)
    ]


def available_for_loan(status: str) -> list[str]:
    """What staff may do; falling due is the clock's."""
    return [name for name, step in LOAN_STEPS.items() if status in step.sources and not step.by_clock]


def check_appointment(
    status: str, action: str, *, starts_at: datetime, now: datetime, evidence: Mapping[str, Any]
) -> SupportStep:
    """The step; InvalidInput for an unknown one or missing evidence, NotPossibleNow for one that is too early."""
    step = _known(APPOINTMENT_STEPS, action)
    allowed = available_for_appointment(status, starts_at, now)
    if status in step.sources and action not in allowed:
        raise NotPossibleNow("This appointment has not started yet.", state=status, allowed=allowed)
    _possible(step, status, allowed)
    read_evidence(step.evidence, evidence, Facts())
    return step


def check_loan(status: str, action: str, *, evidence: Mapping[str, Any]) -> SupportStep:
    step = _known(LOAN_STEPS, action)
    _possible(step, status, available_for_loan(status))
    read_evidence(step.evidence, evidence, Facts())
    return step


def _known(steps: Mapping[str, SupportStep], action: str) -> SupportStep:
    if action not in steps:
        raise InvalidInput(f"There is no step called “{action}”. There are: {', '.join(steps)}.")
    return steps[action]


def _possible(step: SupportStep, status: str, allowed: list[str]) -> None:
    if status not in step.sources:
        now = status.replace("_", " ")
        raise NotPossibleNow(f"“{step.label}” is not possible: this is {now}.", state=status, allowed=allowed)


@dataclass(frozen=True)
class Consequence:
    """What a missed session asks for: a follow-up of this kind, whose it is and by which clock."""

    follow_up: str
    action_with: ActionWith
    clock: Clock
    sentence: str


MISSED_ONCE = Consequence(
    "missed_once",
    ActionWith.PROVIDER,
    Clock.MISSED_ONCE,
    "Contact the person and ask what got in the way. Offer another time.",
)
MISSED_AGAIN = Consequence(
    "missed_twice",
    ActionWith.REFERRER,
    Clock.MISSED_AGAIN,
    "Check on the person: they missed more than one session. Offer home or phone instead.",
)


def after_did_not_attend(count: int) -> Consequence:
    """What the `count`-th missed session of a referral asks for, counted from 1. It never ends the referral."""
    if count < 1:
        raise ValueError("a missed session is at least the first")
    return MISSED_ONCE if count == 1 else MISSED_AGAIN
