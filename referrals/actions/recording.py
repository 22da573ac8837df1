"""What every action on a referral writes: its event and its audit row; and when something can have happened."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Model

from accounts import audit, clock
from accounts.errors import InvalidInput
from accounts.models import Membership
from referrals.lifecycle import Side
from referrals.models import Referral, ReferralEvent

Source = ReferralEvent.Source


def record(
    *,
    referral: Referral,
    step: str,
    to_status: str,
    by: Membership,
    side: Side,
    source: str = Source.SCREEN,
    happened_at: datetime | None = None,
    evidence: dict[str, Any] | None = None,
    from_status: str | None = None,
) -> ReferralEvent:
    """The event, from the state that `referral` has in memory unless another is named.

    Words and the coded reason get their own columns.
    """
    kept = storable(evidence or {})
    event = ReferralEvent.objects.create(
        referral=referral,
        step=step,
        from_status=referral.status if from_status is None else from_status,
        to_status=to_status,
        by=by,
        role=by.role,
        side=side,
        happened_at=happened_at or clock.now(),
        reason_code=kept.pop("reason_code", ""),
        words=kept.pop("words", ""),
        evidence=kept,
        source=source,
    )
    audit.record(
        f"referral_{step}",
        by=by,
        subject=referral,
        from_status=event.from_status,
        to_status=to_status,
        source=source,
    )
    return event


def storable(evidence: dict[str, Any]) -> dict[str, Any]:
    """As JSON can hold it: rows by their id, days as ISO dates."""
    return {name: _plain(value) for name, value in evidence.items()}


def _plain(value: Any) -> Any:
    match value:
        case Model():
            return str(value.pk)
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case dict():
            return storable(value)
        case _:
            return value


def when(happened_at: datetime | None, *, field: str = "happened_at") -> datetime:
    """Now, or the moment named; nothing that is recorded can lie in the future."""
    now = clock.now()
    if happened_at is not None and happened_at > now:
        sentence = "This is in the future. Enter when it happened."
        raise InvalidInput(sentence, fields={field: sentence})
    return happened_at or now
