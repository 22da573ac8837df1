"""A referral that is made and sent in one go: both, or neither."""

from typing import Any

from django.db import transaction

from accounts.models import Membership
from referrals.actions.making import refer
from referrals.actions.recording import Source
from referrals.actions.stepping import act
from referrals.models import Referral


@transaction.atomic
def refer_and_send(*, by: Membership, source: str = Source.SCREEN, **what: Any) -> Referral:
    """`what` as `refer` takes it. Where something is still missing for sending, no draft is left behind."""
    return act(referral=refer(by=by, source=source, **what), action="send", by=by, source=source)
