"""What every action on a referral writes: its event and its audit row; and when something can have happened."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Model

from accounts import audit, clock
from accounts.errors import InvalidInput
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from referrals.lifecycle import PARTNER_LINK, Side
from referrals.models import PartnerLink, Referral, ReferralEvent
from referrals.webhooks.announcing import announce_step

Source = ReferralEvent.Source


def record(
    *,
    referral: Referral,
    step: str,
    to_status: str,
    by: Membership | None,
    side: Side,
    source: str = Source.SCREEN,
    happened_at: datetime | None = None,
    evidence: dict[str, Any] | None = None,
    from_status: str | None = None,
    link: PartnerLink | None = None,
) -> ReferralEvent:
    """The event, from the state that `referral` has in memory unless another is named.

    Words and the coded reason get their own columns. `by` is None for the holder of a provider's `link`.
    """
    kept = storable(evidence or {})
    event = ReferralEvent.objects.create(
        referral=referral,
        step=step,
        from_status=referral.status if from_status is None else from_status,
        to_status=to_status,
        by=by,
        role=by.role if by else PARTNER_LINK,
        side=side,
        happened_at=happened_at or clock.now(),
        reason_code=kept.pop("reason_code", ""),
        words=kept.pop("words", ""),
        evidence=kept,
        source=source,
        link=link,
    )
    audit.record(
        f"referral_{step}",
        by=by,
        subject=referral,
        organisation=None if by else referral.referring_team.organisation,
        from_status=event.from_status,
        to_status=to_status,
        source=source,
        **(link.holder if link else {}),
    )
    announce_step(event)
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


LONG_AGO = timedelta(days=3653)


def when(happened_at: datetime | None, *, field: str = "happened_at") -> datetime:
    """Now, or the moment named: never to come, and not so long ago that it must be a slip of the pen."""
    now = clock.now()
    if happened_at is not None and happened_at < now - LONG_AGO:
        sentence = _("This is more than ten years ago. Enter when it happened.")
        raise InvalidInput(sentence, fields={field: sentence})
    if happened_at is not None and happened_at > now:
        sentence = _("This is in the future. Enter when it happened.")
        raise InvalidInput(sentence, fields={field: sentence})
    return happened_at or now
