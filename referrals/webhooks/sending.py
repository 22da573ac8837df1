"""Hands events to the systems that listen: claim, look again, write the try down, post, write down the answer.

Nobody can ask a receiver whether it took something: whoever dies before the answer is written down leaves an event
that goes twice, under the same webhook-id.
"""

import logging
from datetime import timedelta
from time import monotonic

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts import clock
from directory.fetching import NotFetched, post
from referrals.models import HookDelivery, HookEndpoint
from referrals.webhooks import health
from referrals.webhooks.announcing import may_know
from referrals.webhooks.kinds import DELETED
from referrals.webhooks.payload import body_of
from referrals.webhooks.signing import headers_of
from referrals.webhooks.unheard import heard, tell_of_unheard

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""Outlasts a post, which ends after ten seconds."""
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 300, 600, 840, 1200, 1440)]
"""After the first try, the second …: a little over three days in all."""
BUSY_FOR = 45  # seconds: the task ends well within its time limit, and the next one goes on
BATCH = 4
Fate = HookDelivery.Fate


def send_due(*, limit: int = 500, lease: timedelta = LEASE) -> int:
    """How many tries were made or were no longer needed."""
    done, stop_at = 0, monotonic() + BUSY_FOR
    while done < limit and monotonic() < stop_at:
        free = HookDelivery.objects.select_related("endpoint", "event").filter(_open_to(), ~Exists(_before()))
        claimed = free.take(now=clock.now(), batch=BATCH, lease=lease)
        if not claimed:
            break
        for delivery in claimed:
            _deal_with(delivery, lease)
        done += len(claimed)
    tell_of_unheard()
    return done


def _open_to() -> Q:
    resumed = Q(resume_at=None) | Q(resume_at__lte=clock.now())
    return Q(endpoint__in=HookEndpoint.objects.filter(resumed, active=True))


def _before() -> QuerySet[HookDelivery]:
    """What the same listener is owed of the same referral and happened earlier: it goes first."""
    owed = HookDelivery.objects.filter(
        endpoint=OuterRef("endpoint"), referral=OuterRef("referral"), settled_at=None
    )
    return owed.filter(event__lt=OuterRef("event"))


def _deal_with(delivery: HookDelivery, lease: timedelta) -> None:
    endpoint = delivery.endpoint
    if endpoint.resume_at and endpoint.resume_at > clock.now():
        delivery.let_go()  # it has just failed for another: no use in waiting for it again
    elif delivery.event and delivery.event.kind != DELETED and not may_know(endpoint, delivery.event.referral_id):
        delivery.let_go(fate=Fate.CANCELLED, settled_at=clock.now())
    elif delivery.change(claimed_until=clock.now() + lease, tries=F("tries") + 1, tried_at=clock.now()):
        _post(delivery)


def _post(delivery: HookDelivery) -> None:
    code, result, began = None, "", monotonic()
    body, endpoint = body_of(delivery), delivery.endpoint
    try:
        code = post(endpoint.url, body, headers_of(endpoint, str(delivery.pk), clock.now(), body))
    except NotFetched as error:
        result = error.code
    took = int((monotonic() - began) * 1000)
    taken = code is not None and 200 <= code < 300
    _write_down(delivery, {"code": code, "took_ms": took, "result": "taken" if taken else result or "refused"})
    if taken:
        health.answered(endpoint)
    elif code is None or code >= 500 or code in (408, 410, 429):
        health.failed(endpoint, gone=code == 410)


def _write_down(delivery: HookDelivery, answer: dict[str, object]) -> None:
    now = clock.now()
    if answer["result"] == "taken":
        delivery.let_go(fate=Fate.DELIVERED, settled_at=now, **answer)
        if delivery.event and delivery.event.kind == DELETED:
            heard(delivery)
    elif delivery.tries >= len(WAITS):
        delivery.let_go(fate=Fate.GIVEN_UP, settled_at=now, **answer)
    else:
        delivery.let_go(due_at=now + WAITS[delivery.tries], **answer)
