"""One step that has passed every check, with all that its writes and its effects need to know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Membership
from referrals.lifecycle import Step
from referrals.models import Referral
from referrals.reasons import Reason


@dataclass(frozen=True)
class Move:
    """`referral` as it was for `changes`, as it is for `effects`. `reasons` by code, for the coded field."""

    referral: Referral
    step: Step
    by: Membership
    at: datetime
    brought: Mapping[str, Any]
    reasons: Mapping[str, Reason]
