"""The small tables beside a referral: what becomes of an appointment, and of a loan.

Pure. Neither ever changes the referral: a missed session asks somebody to find out what got in the way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from accounts.errors import InvalidInput, NotPossibleNow
from accounts.wording import gettext_lazy as _
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

    @property
    def label(self) -> str:
        return APPOINTMENT_LABELS[self]


class LoanStatus(StrEnum):
    RESERVED = "reserved"
    HANDED_OVER = "handed_over"
    DUE = "due"
    RENEWED = "renewed"
    RETURNED = "returned"
    LOST = "lost"
    WRITTEN_OFF = "written_off"

    @property
    def label(self) -> str:
        return LOAN_LABELS[self]


APPOINTMENT_LABELS: dict[str, str] = {
    AppointmentStatus.BOOKED: _("Booked"),
    AppointmentStatus.ATTENDED: _("Attended"),
    AppointmentStatus.LATE: _("Late"),
    AppointmentStatus.DID_NOT_ATTEND: _("Did not attend"),
    AppointmentStatus.CANCELLED_BY_PERSON: _("Cancelled by person"),
    AppointmentStatus.CANCELLED_BY_SERVICE: _("Cancelled by service"),
    AppointmentStatus.REARRANGED: _("Rearranged"),
}
LOAN_LABELS: dict[str, str] = {
    LoanStatus.RESERVED: _("Reserved"),
    LoanStatus.HANDED_OVER: _("Handed over"),
    LoanStatus.DUE: _("Due"),
    LoanStatus.RENEWED: _("Renewed"),
    LoanStatus.RETURNED: _("Returned"),
    LoanStatus.LOST: _("Lost"),
    LoanStatus.WRITTEN_OFF: _("Written off"),
}


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


NEW_START = Evidence("starts_at", _("New time"), Kind.MOMENT, _("Say when the new time is."))
WHY = Evidence("reason", _("Why"), Kind.TEXT, _("Say why, so that the person can be told."))

APPOINTMENT_STEPS: dict[str, SupportStep] = {
    step.name: step
    for step in (
        _appointment(AppointmentStatus.ATTENDED, _("Came"), after_start=True),
        _appointment(AppointmentStatus.LATE, _("Came late"), after_start=True),
        _appointment(AppointmentStatus.DID_NOT_ATTEND, _("Did not come"), after_start=True),
        _appointment(AppointmentStatus.CANCELLED_BY_PERSON, _("The person cancelled")),
        _appointment(AppointmentStatus.CANCELLED_BY_SERVICE, _("We cancelled"), WHY),
        _appointment(AppointmentStatus.REARRANGED, _("Give a new time"), NEW_START),
    )
}

_OUT = frozenset({LoanStatus.HANDED_OVER, LoanStatus.DUE, LoanStatus.RENEWED})
SIGNED = Evidence(
    "signed_or_witnessed", _("Signed or witnessed by"), Kind.TEXT, _("Say who signed, or who saw it.")
)
ENDS_ON = Evidence("ends_on", _("The loan ends on"), Kind.DATE, _("Say when the loan ends."))

LOAN_STEPS: dict[str, SupportStep] = {
    step.name: step
    for step in (
        SupportStep(
            "hand_over",
            _("Hand over"),
            frozenset({LoanStatus.RESERVED}),
            LoanStatus.HANDED_OVER,
            (SIGNED, ENDS_ON),
        ),
        SupportStep("fall_due", _("Ends soon"), _OUT - {LoanStatus.DUE}, LoanStatus.DUE, by_clock=True),
        SupportStep("renew", _("Renew"), _OUT, LoanStatus.RENEWED, (ENDS_ON,)),
        SupportStep("return", _("Take back"), _OUT | {LoanStatus.RESERVED, LoanStatus.LOST}, LoanStatus.RETURNED),
        SupportStep("lose", _("Record as lost"), _OUT, LoanStatus.LOST),
        SupportStep("write_off", _("Write off"), _OUT | {LoanStatus.LOST}, LoanStatus.WRITTEN_OFF),
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
        raise NotPossibleNow(_("This appointment has not started yet."), state=status, allowed=allowed)
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
        raise InvalidInput(
            _("There is no step called “%(action)s”. There are: %(steps)s.")
            % {"action": action, "steps": ", ".join(steps)}
        )
    return steps[action]


def _possible(step: SupportStep, status: str, allowed: list[str]) -> None:
    if status not in step.sources:
        now = {**APPOINTMENT_LABELS, **LOAN_LABELS}[status].lower()
        raise NotPossibleNow(
            _("“%(label)s” is not possible: this is %(now)s.") % {"label": step.label, "now": now},
            state=status,
            allowed=allowed,
        )


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
    _("Contact the person and ask what got in the way. Offer another time."),
)
MISSED_AGAIN = Consequence(
    "missed_twice",
    ActionWith.REFERRER,
    Clock.MISSED_AGAIN,
    _("Check on the person: they missed more than one session. Offer home or phone instead."),
)


def after_did_not_attend(count: int) -> Consequence:
    """What the `count`-th missed session of a referral asks for, counted from 1. It never ends the referral."""
    if count < 1:
        raise ValueError("a missed session is at least the first")
    return MISSED_ONCE if count == 1 else MISSED_AGAIN
