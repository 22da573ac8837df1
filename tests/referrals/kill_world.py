"""Whom the kill test is about, and what became of each: people with referrals that wait to be accepted."""

import os
import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.core.management import call_command

from accounts import actions as accounts
from accounts import clock
from people.models import ContactPlan, ServiceUser
from referrals import reminders
from referrals.models import Attempt, FollowUp, Referral, Reminder
from tests import factories

MUST_BE_NOUGHT = [
    "not acknowledged in time",
    "lost",
    "sent twice",
    "sent against a plan",
    "still owed",
    "unknown to us",
]
NOTHING, TAKEN_BACK = 0.1, 0.1
"""Shares of the people who want nothing: before their message is due, and while the others get theirs."""


@dataclass
class World:
    token: str
    worker: UUID
    referrals: list[UUID]
    want_nothing: set[UUID]
    taken_back: list[UUID]


def make(number: int) -> World:
    call_command("migrate", verbosity=0)
    provider = factories.OrganisationFactory(name="Riverside Connect", provider=True)
    team = factories.TeamFactory(organisation=provider)
    bo = factories.MembershipFactory(team=team, role="support_worker")
    offer = factories.SupportOfferFactory(provider=provider, team=team)
    ash = factories.MembershipFactory(role="clinician")
    type(ash.organisation).objects.filter(pk=ash.organisation_id).update(
        phone="020 7946 0100", sender_name="Your support team"
    )
    people = _people(number, offer, ash)
    Reminder.objects.all().delete()  # what sending the referral owed: the test is about what accepting it owes
    random.shuffle(people)
    never, asked = people[: int(number * NOTHING)], people[int(number * NOTHING) :]
    for person in never:
        _queue_and_take_the_plan_back(person)
    _, token = accounts.issue_token(membership=bo, name="Kill test", by=bo)
    return World(
        token,
        bo.pk,
        list(Referral.objects.values_list("pk", flat=True)),
        {person.pk for person in never},
        [person.pk for person in asked[: int(number * TAKEN_BACK)]],
    )


def _people(number, offer, ash) -> list[ServiceUser]:
    """The first in the way of the house, the others as copies of their rows: two thousand would take too long."""
    first = factories.ServiceUserFactory(created_by=ash, team=ash.team, phone="+447700900123")
    factories.ContactPlanFactory(service_user=first, allowed=["text", "call"], fallback="call")
    referral = factories.ReferralFactory(sent=True, service_user=first, offer=offer)
    people = _copies(number - 1, first, nhs_number=[None] * (number - 1))
    consent = referral.consent
    _copies(number - 1, first.contact_plans.get(), service_user=people)
    consents = _copies(number - 1, consent, service_user=people)
    _copies(number - 1, referral, service_user=people, consent=consents)
    return [first, *people]


def _copies(number, row, **differ) -> list:
    """`differ`: field → its value in each copy."""
    names = [field.attname for field in row._meta.concrete_fields if not field.primary_key]
    same = {name: getattr(row, name) for name in names}
    rows = [type(row)(**same) for _ in range(number)]
    for name, values in differ.items():
        for copy, value in zip(rows, values, strict=True):
            setattr(copy, name, value)
    return type(row).objects.bulk_create(rows)


def _queue_and_take_the_plan_back(person: ServiceUser) -> None:
    reminders.queue(
        dedupe_key=f"kill:{person.pk}",
        template="accepted",
        channel="text",
        due_at=clock.now() + timedelta(seconds=5),
        service_user=person,
        referral=person.referrals.get(),
    )
    factories.ContactPlanFactory(
        service_user=person, answered=False, allowed=[], automatic=False, preferred="", fallback=""
    )


def take_plans_back(people: list[UUID], note: Path) -> None:
    """At random instants; once each is in force, when that was is written down."""
    for pk in random.sample(people, len(people)):
        time.sleep(random.uniform(0, 0.1))
        newest = ContactPlan.objects.filter(service_user=pk).latest("number")
        ContactPlan.objects.create(
            service_user_id=pk,
            number=newest.number + 1,
            answered=True,
            allowed=[],
            automatic=False,
            source=newest.source,
            made_by_id=newest.made_by_id,
        )
        with note.open("a") as file:
            file.write(f"{pk} {clock.now().isoformat()}\n")
    os._exit(0)


def messages():
    return Reminder.objects.filter(template="accepted")


def is_owed() -> bool:
    return Reminder.objects.owed().exists()


def count(taken: dict[str, int], world: World, note: Path, acknowledged: Path) -> dict[str, int]:
    """`taken`: reference → how often the simulator took it in. `note`: of take_plans_back. `acknowledged`: whose
    acceptance was answered; what was never answered is asked again by whoever asked, and is not lost."""
    ours = {str(row.pk): row for row in messages()}
    on_a_list = _on_a_list()
    settled = [
        row for pk, row in ours.items() if pk in taken or row.status in ("refused", "cancelled") or pk in on_a_list
    ]
    accepted = {str(pk) for pk in Referral.objects.filter(status="accepted").values_list("pk", flat=True)}
    answered = set(acknowledged.read_text().split()) if acknowledged.exists() else set()
    return {
        "acknowledged to whoever accepted": len(answered),
        "not acknowledged in time": len(world.referrals) - len(answered),
        "referrals accepted": len(accepted),
        "messages owed to people": len(ours),
        "taken in by Notify": len(taken),
        "refused by the plan": sum(row.status == "refused" for row in ours.values()),
        "on a worker's list": len(on_a_list),
        "not known whether sent": sum(row.status == "not_known" for row in ours.values()),
        "interrupted, found by look-up": Attempt.objects.filter(result="found").count(),
        "lost": len(ours) - len(settled) + len(answered - accepted),
        "sent twice": sum(times > 1 for times in taken.values()),
        "sent against a plan": _against_plans(taken, world, note),
        "unknown to us": len(taken.keys() - ours.keys()),
        "still owed": Reminder.objects.owed().count(),
    }


def _on_a_list() -> set[str]:
    kinds = [FollowUp.Kind.MESSAGE_FAILED, FollowUp.Kind.NOT_KNOWN]
    keys = FollowUp.objects.open().filter(kind__in=kinds).values_list("key", flat=True)
    return {key.removeprefix("reminder:") for key in keys}


def _against_plans(taken: dict[str, int], world: World, note: Path) -> int:
    """To people who want nothing; and every try begun when a plan that allows nothing was in force already."""
    lines = note.read_text().split() if note.exists() else []
    none_since = {pk: datetime.fromisoformat(at) for pk, at in zip(lines[::2], lines[1::2], strict=True)}
    against = set()
    for attempt in Attempt.objects.filter(reminder__in=list(taken)).select_related("reminder"):
        person = attempt.reminder.service_user_id
        since = none_since.get(str(person))
        if person in world.want_nothing or (since and attempt.started_at > since):
            against.add(attempt.reminder_id)
    return len(against)
