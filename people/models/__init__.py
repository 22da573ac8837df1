"""The service users, how they may be reached, what they agreed to, and which records are one person's."""

from people.models.agreements import Consent, ContactPlan
from people.models.fairness import FairnessAnswers
from people.models.merge import Merge
from people.models.service_user import ServiceUser, seen_by

__all__ = ["Consent", "ContactPlan", "FairnessAnswers", "Merge", "ServiceUser", "seen_by"]
