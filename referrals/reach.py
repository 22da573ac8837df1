"""Which way a message may go to a person: the contact plan meets the record and what was sent lately."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.errors import InvalidInput
from people.identifiers import phone
from people.london import london_day
from people.models import ContactPlan, ServiceUser
from people.safe_contact import Plan, Verdict, may_contact, next_allowed_at
from referrals.doubts import is_in_doubt
from referrals.models import Reminder

DRIVEN = ("text", "email", "letter")
"""The automatic channels that there is a driver for, in the order tried when the person named none."""
WEEK = timedelta(days=7)
LONGEST_ADDRESS = 400


def plan_of(service_user: ServiceUser) -> Plan:
    """The newest contact plan. Nobody asked yet: the plan that allows nothing."""
    row = ContactPlan.objects.current_for(service_user)
    return row.plan if row else Plan.unknown()


def address_of(service_user: ServiceUser, channel: str) -> str:
    """Where a message would go, or "" where nothing usable is recorded, or nobody knows whether it is theirs."""
    found = recorded_address(service_user, channel)
    return "" if found and is_in_doubt(service_user, channel, found) else found


def recorded_address(service_user: ServiceUser, channel: str) -> str:
    """As on the record, or "" where it is of no use: a landline takes no texts."""
    found = {"text": _mobile, "email": lambda person: person.email, "letter": _postal}[channel](service_user)
    return found if len(found) <= LONGEST_ADDRESS else ""


def _mobile(service_user: ServiceUser) -> str:
    try:
        read = phone(service_user.phone)
    except InvalidInput:
        return ""
    return read.number if read.kind == "mobile" else ""


def _postal(service_user: ServiceUser) -> str:
    """Name and address as on an envelope; somebody without a fixed address needs one who takes letters in."""
    if service_user.no_fixed_address and not service_user.care_of:
        return ""
    if not service_user.address:
        return ""
    care_of = f"c/o {service_user.care_of}" if service_user.care_of else ""
    lines = [service_user.name, care_of, service_user.address, service_user.postcode]
    return "\n".join(line for line in lines if line)


def ways(service_user: ServiceUser, plan: Plan, first: Iterable[str] = ()) -> list[str]:
    """Channels by which a job may reach the person at some time and there is an address for, best first."""
    order = dict.fromkeys([*first, plan.preferred, plan.fallback, *DRIVEN])
    open_to_us = plan.automatic_channels & set(DRIVEN)
    return [channel for channel in order if channel in open_to_us and address_of(service_user, channel)]


def wants_a_person(plan: Plan, preferred: str = "") -> bool:
    """The way the person likes best is a worker's own doing: no message takes the place of it."""
    best = preferred if preferred in plan.open_channels else plan.preferred
    return best in plan.open_channels and best not in plan.automatic_channels


def first_moment(plan: Plan, channel: str, when: datetime) -> datetime | None:
    """The earliest instant from `when` on that suits the plan; None where no waiting helps."""
    return next_allowed_at(plan, channel, when, automatic=True)


def sent_lately(people: Collection[UUID], today: date) -> dict[UUID, dict[UUID, date]]:
    """What went to each of them within a week, by the message's id; records joined to theirs count as theirs."""
    joined = dict(ServiceUser.objects.filter(merged_into__in=people).values_list("pk", "merged_into"))
    whose: dict[UUID, Any] = {pk: pk for pk in people} | joined
    rows = Reminder.objects.filter(service_user__in=whose, sent_on__gt=today - WEEK, sent_on__lte=today)
    found: dict[UUID, dict[UUID, date]] = {pk: {} for pk in people}
    days: Iterable[tuple[UUID, UUID, Any]] = rows.order_by().values_list("pk", "service_user", "sent_on")
    for pk, person, day in days:
        found[whose[person]][pk] = day
    return found


def verdict(reminder: Reminder, plan: Plan, when: datetime, sent: Mapping[UUID, date]) -> Verdict:
    """May this very message go to this person by this channel at this instant? `sent`: to them lately."""
    days = [day for pk, day in sent.items() if pk != reminder.pk]
    return may_contact(
        plan,
        reminder.channel,
        when,
        automatic=True,
        paused=reminder.service_user.paused_at is not None,
        sent_today=days.count(london_day(when)),
        sent_this_week=len(days),
    )
