"""Contact plans over time, and messages that went against the one that was in force."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from people.contact_plan import Channel, Plan
from people.london import london_day
from people.models import ContactPlan
from people.safe_contact import may_contact
from referrals.models import Reminder
from referrals.models.contact import ON_PAPER

Lists = defaultdict[UUID, list[Any]]
OFFLINE = frozenset({Channel.LETTER, Channel.IN_PERSON, Channel.VIA, Channel.CALL})


def offline(people: Collection[UUID]) -> Lists:
    """Each time that it changed whether one of these ways is open."""
    rows = ContactPlan.objects.filter(service_user__in=people).order_by("number")
    found: Lists = defaultdict(list)
    for person, at, answered, allowed in rows.values_list(
        "service_user", "made_at", "answered", "allowed"
    ).iterator():
        has_one = answered and not OFFLINE.isdisjoint(allowed)
        if has_one != (found[person][-1][1] if found[person] else False):
            found[person].append((at, has_one))
    return found


def against_plan(people: Collection[UUID]) -> Lists:
    """Days of messages that were handed over, whatever became of them. A letter that lies here printed was not."""
    went = (
        Reminder.objects.filter(service_user__in=people, status__in=WENT).exclude(sent_at=None).exclude(ON_PAPER)
    )
    sent = list(went.order_by("sent_at", "pk").values_list("service_user", "channel", "sent_at").iterator())
    found: Lists = defaultdict(list)
    if not sent:
        return found
    plans = _plans({person for person, _channel, _at in sent})
    for person, channel, at in sent:
        if at and not may_contact(_in_force(plans[person], at), channel, at, automatic=True):
            found[person].append(london_day(at))
    return found


WENT = [Reminder.Status.SENT, Reminder.Status.DELIVERED, Reminder.Status.FAILED]


def _plans(people: set[UUID]) -> dict[UUID, list[ContactPlan]]:
    found: dict[UUID, list[ContactPlan]] = defaultdict(list)
    for row in ContactPlan.objects.filter(service_user__in=people).order_by("number").iterator():
        found[row.service_user_id].append(row)
    return found


def _in_force(plans: list[ContactPlan], at: datetime) -> Plan:
    """The last one made by then; where there was none, the one that allows nothing."""
    return next((row.plan for row in reversed(plans) if row.made_at <= at), Plan.unknown())
