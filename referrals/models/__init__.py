"""From referral to outcome: the referral and its history, the support given, and reaching the person."""

from referrals.models.contact import Attempt, FollowUp, OutboxMessage, Reminder
from referrals.models.referral import (
    NeedOutcome,
    Outcome,
    ReasonCode,
    Referral,
    ReferralEvent,
)
from referrals.models.support import Appointment, CaseNote, ContactAttempt, Loan

__all__ = [
    "Appointment",
    "Attempt",
    "CaseNote",
    "ContactAttempt",
    "FollowUp",
    "Loan",
    "NeedOutcome",
    "OutboxMessage",
    "Outcome",
    "ReasonCode",
    "Referral",
    "ReferralEvent",
    "Reminder",
]
