"""From referral to outcome: the referral and its history, the support given, and reaching the person."""

from referrals.models.calls import CallAttempt, CallTopic
from referrals.models.contact import Attempt, FollowUp, OutboxMessage, Reminder
from referrals.models.digest import Digest
from referrals.models.given_plan import GivenPlan
from referrals.models.hooks import HookDelivery, HookEndpoint, HookEvent
from referrals.models.incident import Incident
from referrals.models.mail import Mail, MailAttempt
from referrals.models.own import MessageWords, ReasonCode, SettingChange
from referrals.models.partner import PartnerCode, PartnerLink, PartnerReference, PartnerTry
from referrals.models.post import BatchLetter, LetterBatch, LetterPrint
from referrals.models.receipt import Receipt
from referrals.models.referral import (
    NeedOutcome,
    Outcome,
    Referral,
    ReferralEvent,
)
from referrals.models.support import Appointment, CaseNote, ContactAttempt, Loan

__all__ = [
    "Appointment",
    "Attempt",
    "BatchLetter",
    "CallAttempt",
    "CallTopic",
    "CaseNote",
    "ContactAttempt",
    "Digest",
    "FollowUp",
    "GivenPlan",
    "HookDelivery",
    "HookEndpoint",
    "HookEvent",
    "Incident",
    "LetterBatch",
    "LetterPrint",
    "Loan",
    "Mail",
    "MailAttempt",
    "MessageWords",
    "NeedOutcome",
    "OutboxMessage",
    "Outcome",
    "PartnerCode",
    "PartnerLink",
    "PartnerReference",
    "PartnerTry",
    "ReasonCode",
    "Receipt",
    "Referral",
    "ReferralEvent",
    "Reminder",
    "SettingChange",
]
