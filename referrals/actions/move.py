"""One step that has passed every check, with all that its writes and its effects need to know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.errors import NotAllowed
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from referrals.lifecycle import Step
from referrals.models import PartnerLink, Referral
from referrals.reasons import Reason


@dataclass(frozen=True)
class Move:
    """`referral` as it was for `changes`, as it is for `effects`. `reasons` by code, for the coded field.

    `by` is None where the holder of the provider's `link` takes the step.
    """

    referral: Referral
    step: Step
    by: Membership | None
    at: datetime
    brought: Mapping[str, Any]
    reasons: Mapping[str, Reason]
    link: PartnerLink | None = None

    @property
    def staff(self) -> Membership:
        """Who takes it, for what only somebody who is signed in can do."""
        if self.by is None:
            raise NotAllowed(_("This is for members of staff who are signed in."))
        return self.by
