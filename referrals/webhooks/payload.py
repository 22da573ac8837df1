"""What another system is told: that something happened to a referral, how it stands, and where to ask for more."""

import json
from typing import Any

from django.conf import settings

from referrals.models import HookDelivery
from referrals.webhooks.kinds import DELETED, TEST

VERSION = 1


def body_of(delivery: HookDelivery) -> bytes:
    """The same bytes for every repeat."""
    event = delivery.event
    told: dict[str, Any] = {"version": VERSION, "id": str(delivery.pk), "type": event.kind if event else TEST}
    if event is None:
        told |= {"timestamp": delivery.created_at.isoformat(), "data": {}}
    else:
        told |= {"timestamp": event.at.isoformat(), "sequence": event.pk, "data": _data(delivery)}
    return json.dumps(told, separators=(",", ":")).encode()


def _data(delivery: HookDelivery) -> dict[str, Any]:
    event = delivery.event
    if event is None or event.kind == DELETED:
        return {"referral": str(delivery.referral_id)}
    return {
        "referral": str(event.referral_id),
        "state": event.state,
        "action_with": event.action_with or None,
        "due_on": event.due_on.isoformat() if event.due_on else None,
        "url": f"{settings.PUBLIC_URL}/api/v1/referrals/{event.referral_id}/",
    }
