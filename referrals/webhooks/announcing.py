"""Writes an event to the outbox in the transaction of what it tells of, and owes it to whoever listens."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import clock
from referrals import doorbell
from referrals.models import HookDelivery, HookEndpoint, HookEvent, Referral, ReferralEvent
from referrals.models.referral import seen_by_organisation
from referrals.timeline import is_of_the_referrer_alone
from referrals.webhooks.kinds import DELETED, kind_of

BATCH, MOST = 500, 5000
"""Events that a replay owes again in one transaction, and in one go."""


def announce_step(event: ReferralEvent) -> None:
    announce(referral=event.referral, kind=kind_of(event.step), event=event)


def announce(*, referral: Referral, kind: str, event: ReferralEvent | None = None) -> None:
    """The referral as it stands in the database: a step was taken there already; `referral` may be old."""
    fresh = Referral.objects.select_related("referring_team").get(pk=referral.pk)
    row = HookEvent.objects.create(
        referral=fresh,
        event=event,
        kind=kind,
        at=event.recorded_at if event else clock.now(),
        state=fresh.status,
        action_with=fresh.action_with,
        due_on=fresh.due_on,
        for_provider=fresh.sent_at is not None and not (event and is_of_the_referrer_alone(event)),
    )
    parties = [fresh.referring_team.organisation_id, fresh.provider_id]
    listening = HookEndpoint.objects.filter(organisation__in=parties)
    if kind == DELETED:
        _call_back(fresh)  # and one that is off hears of it when it is on again
    else:
        listening = listening.filter(active=True)
    owe([one for one in listening if wants(one, row) and (kind == DELETED or may_know(one, fresh.pk))], row)


def wants(endpoint: HookEndpoint, event: HookEvent) -> bool:
    """By its side and its choice. The notice to delete goes to everybody who could know of the referral."""
    if endpoint.organisation_id != event.referral.referring_team.organisation_id and not event.for_provider:
        return False
    if event.kind == DELETED:
        return True
    return not endpoint.kinds or event.kind in endpoint.kinds


def may_know(endpoint: HookEndpoint, referral_id: UUID) -> bool:
    seen = seen_by_organisation(endpoint.organisation_id)
    return Referral.objects.filter(seen, pk=referral_id).exists()


def _call_back(referral: Referral) -> None:
    """What has not left yet to the other side never leaves."""
    waiting = HookDelivery.objects.filter(referral=referral, settled_at=None)
    elsewhere = ~Q(endpoint__organisation=referral.referring_team.organisation_id)
    ids = list(waiting.filter(elsewhere).values_list("pk", flat=True))
    HookDelivery.objects.filter(pk__in=ids, settled_at=None).update(
        fate=HookDelivery.Fate.CANCELLED, settled_at=clock.now(), claim=None, claimed_until=None
    )


def owe(endpoints: Iterable[HookEndpoint], *events: HookEvent) -> None:
    rows = [
        HookDelivery(endpoint=one, event=event, referral_id=event.referral_id)
        for one in endpoints
        for event in events
    ]
    if rows:
        HookDelivery.objects.bulk_create(rows, ignore_conflicts=True)
        doorbell.ring_on_commit(doorbell.SEND_HOOKS)


def owe_since(endpoint: HookEndpoint, since: datetime) -> tuple[int, datetime | None]:
    """Owes again all that this endpoint could have been told since then, what it never was sent included.

    The number, and, where MOST were not enough, the time of the last: the next go starts there. In small
    transactions, so that nobody else waits long; doing one twice changes nothing, as ids stay.
    """
    number, after, last = 0, 0, None
    while number < MOST:
        batch = list(_could_know(endpoint, since).filter(pk__gt=after).order_by("pk")[:BATCH])
        if not batch:
            return number, None
        wanted = [one for one in batch if wants(endpoint, one)][: MOST - number]
        _owe_again(endpoint, wanted)
        number, after = number + len(wanted), batch[-1].pk
        last = wanted[-1].at if wanted else last
    return number, last


def _could_know(endpoint: HookEndpoint, since: datetime) -> QuerySet[HookEvent]:
    seen = Referral.objects.filter(seen_by_organisation(endpoint.organisation_id))
    provided = Q(kind=DELETED, referral__provider=endpoint.organisation_id)
    events = HookEvent.objects.filter(Q(referral__in=seen) | provided, at__gte=since)
    return events.select_related("referral__referring_team")


@transaction.atomic
def _owe_again(endpoint: HookEndpoint, events: list[HookEvent]) -> None:
    again = endpoint.deliveries.filter(event__in=events).exclude(settled_at=None)
    again.update(fate="", settled_at=None, tries=0, due_at=clock.now())
    owe([endpoint], *events)
