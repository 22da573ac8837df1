"""Ten thousand profiles and events through the real driver: nothing by a way, at a time or in words not allowed.

The rules are said here a second time, without any of the product's own code.
"""

import os
import re
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts import clock
from accounts.ids import new_id
from inclusion.environment import SIMULATED, Notify
from people.models import ContactPlan, ServiceUser
from referrals import sending
from referrals.models import Reminder
from referrals.notify import driver

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LONDON = ZoneInfo("Europe/London")
BATCH = 25
BATCHES = int(os.environ.get("CONTACT_CASES", "1000")) // BATCH
"""A thousand cases every day; CONTACT_CASES=10000 takes some minutes."""

MOSTLY, SELDOM = st.sampled_from([True, True, True, False]), st.sampled_from([False, False, False, True])
PAIR = st.lists(st.times(), min_size=2, max_size=2, unique=True).map(sorted)
PROFILE = {
    "answered": MOSTLY,
    "automatic": MOSTLY,
    "allowed": st.lists(st.sampled_from(["text", "email", "letter", "call", "via", "app"]), unique=True),
    "hours": st.one_of(st.none(), st.none(), PAIR),
    "weekdays": st.one_of(st.none(), st.none(), st.lists(st.integers(0, 6), unique=True)),
    "may_name_service": SELDOM,
    "phone": st.sampled_from(["+447700900123", "+447700900123", "+442079460100", ""]),
    "email": st.sampled_from(["robin@example.org", ""]),
    "address": st.sampled_from(["1 Example Road\nLondon", "c/o Brook Lane clinic\nLondon", ""]),
    "name": st.sampled_from(["Robin Example", "Ward Nurse", "Hope O'Neil", "Crisis Smith"]),
}
EVENT = {
    "channel": st.sampled_from(["text", "email", "letter"]),
    "template": st.sampled_from(["review_due", "accepted", "closed", "door_is_open", "withdrawn", "cancelled"]),
    "paused": SELDOM,
    "tightened": SELDOM,
    "lately": st.lists(st.integers(0, 8), max_size=4, unique=True),
}
CASES = st.lists(st.fixed_dictionaries(PROFILE | EVENT), min_size=BATCH, max_size=BATCH)
FIRST, HALF_HOURS = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC")), 3 * 365 * 48
INSTANTS = st.integers(0, HALF_HOURS).map(lambda number: FIRST + number * timedelta(minutes=30))
DENIED = re.compile(r"mental|psych|nhs|clinic|hospital|ward\b|crisis|nurse|referr|screening|https?:|www\.|@", re.I)
seen = {"cases": 0, "sent": 0}


class Client:
    """In place of Notify's: writes down each hand-over as it was asked for."""

    def __init__(self):
        self.handed = []

    def take(self, channel):
        def send(*, template_id, reference, personalisation, **to):
            assert template_id == SIMULATED[channel]
            self.handed.append(SimpleNamespace(channel=channel, reference=reference, **personalisation))

        return send

    def __getattr__(self, name):
        kind = {
            "send_sms_notification": "text",
            "send_email_notification": "email",
            "send_letter_notification": "letter",
        }
        return self.take(kind[name])

    def get_all_notifications(self, reference):
        return {"notifications": []}


def forbidden(case, channel, now):
    """Why the rules forbid this hand-over; "" if they do not."""
    local = now.astimezone(LONDON)
    if not case["answered"] or not case["automatic"] or case["tightened"]:
        return "no plan that lets messages go by themselves"
    if channel not in case["allowed"]:
        return "this channel"
    if case["paused"]:
        return "paused"
    if 0 in case["lately"] or sum(days < 7 for days in case["lately"]) >= 3:
        return "enough"
    if channel == "letter":
        return ""  # paper makes no noise at night
    if local.weekday() == 6 or not time(9) <= local.time() < time(20):
        return "quiet"
    if case["hours"] and not case["hours"][0] <= local.time() < case["hours"][1]:
        return "the person's hours"
    return "the person's days" if case["weekdays"] is not None and local.weekday() not in case["weekdays"] else ""


def gives_away(case, message, secrets):
    """What the words tell that they must not; the person's own first name is theirs, whatever it is."""
    said = f"{message.body} {getattr(message, 'subject', '')}".replace(case["name"].split()[0], "")
    found = DENIED.findall(said) + [name for name in secrets if name.lower() in said.lower()]
    surname = case["name"].split()[1]
    return ([] if case["may_name_service"] else found) + [surname for _ in [1] if surname in said]


def set_up(ash, cases, now):
    """A person, a plan, what was sent lately, and one message due, for each case. Gives reference → case."""
    people, plans, messages = [], [], []
    for number, case in enumerate(cases):
        answered, automatic = case["answered"], case["answered"] and case["automatic"]
        hours_from, hours_to = case["hours"] or (None, None)
        person = ServiceUser(
            created_by=ash, team=ash.team, organisation=ash.team.organisation, name=case["name"],
            search_name=case["name"].lower(), date_of_birth=date(1971, 5, 4), phone=case["phone"],
            email=case["email"], address=case["address"], postcode="SE5 8AZ",
        )  # fmt: skip
        if case["paused"]:
            person.paused_at, person.paused_by, person.pause_reason = now, ash, "in_hospital"
            person.pause_review_on = now.date() + timedelta(days=14)
        plan = {
            "service_user": person,
            "made_by": ash,
            "source": "staff",
            "may_name_service": case["may_name_service"],
        }
        plans.append(ContactPlan(**plan, number=1, answered=answered, automatic=automatic, allowed=case["allowed"],
                                 hours_from=hours_from, hours_to=hours_to, weekdays=case["weekdays"]))  # fmt: skip
        if case["tightened"]:  # after the message was queued
            plans.append(ContactPlan(**plan, number=2, answered=True, automatic=False, allowed=["call"]))
        common = {"service_user": person, "template": case["template"], "due_at": now - timedelta(minutes=1)}
        messages.append(Reminder(**common, id=new_id(), channel=case["channel"], dedupe_key=f"case:{number}"))
        today = now.astimezone(LONDON).date()
        messages += [
            Reminder(**common, channel="text", status="delivered", sent_at=now - timedelta(days=days),
                     sent_on=today - timedelta(days=days), dedupe_key=f"case:{number}:{days}")
            for days in case["lately"]
        ]  # fmt: skip
        people.append(person)
    ServiceUser.objects.bulk_create(people)
    ContactPlan.objects.bulk_create(plans)
    Reminder.objects.bulk_create(messages)
    return {person.pk: case for person, case in zip(people, cases, strict=True)}


@pytest.fixture
def client(monkeypatch, settings):
    templates = {channel: SIMULATED[channel] for channel in ("text", "email", "letter")}
    settings.NOTIFY = Notify(SIMULATED["key"], "http://127.0.0.1:9", templates)
    client = Client()
    monkeypatch.setattr(driver, "client", lambda: client)
    return client


@settings(
    max_examples=BATCHES,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.data_too_large, HealthCheck.too_slow],
)
@given(now=INSTANTS, cases=CASES)
def run(ash, client, now, cases):
    client.handed.clear()
    with transaction.atomic(), clock.at(now):
        case_of = set_up(ash, cases, now)
        sending.send_due()
        whose = dict(Reminder.objects.values_list("pk", "service_user"))
        transaction.set_rollback(True)
    secrets = (ash.team.name, ash.team.organisation.name, django_settings.SERVICE_NAME)
    handed = [(case_of[whose[UUID(message.reference)]], message) for message in client.handed]
    assert [why for case, message in handed if (why := forbidden(case, message.channel, now))] == []
    assert [why for case, message in handed if (why := gives_away(case, message, secrets))] == []
    assert len({id(case) for case, _ in handed}) == len(handed), "two messages to one person"
    seen["cases"] += len(cases)
    seen["sent"] += len(handed)


def test_of_ten_thousand_cases_none_goes_by_a_way_at_a_time_or_in_words_not_allowed(ash, client):
    seen.update(cases=0, sent=0)
    run(ash, client)
    assert seen["cases"] >= BATCH * BATCHES
    assert seen["sent"] >= BATCHES // 2, "a test in which nothing is sent shows nothing"


def test_the_oracle_finds_what_is_forbidden():
    case = {"answered": True, "automatic": True, "tightened": False, "allowed": ["text"], "paused": False}
    case |= {"lately": [], "hours": None, "weekdays": None, "name": "Ward Nurse", "may_name_service": False}
    noon = datetime(2026, 11, 25, 12, tzinfo=LONDON)
    assert forbidden(case, "text", noon) == ""
    assert forbidden(case, "email", noon) == "this channel"
    assert forbidden(case, "text", noon.replace(hour=20)) == "quiet"
    assert forbidden(case, "text", noon.replace(day=29)) == "quiet"
    assert forbidden(case | {"lately": [1, 2, 6]}, "text", noon) == "enough"
    message = SimpleNamespace(body="Hello Ward, the clinic wrote to Nurse at https://example.org")
    assert gives_away(case, message, ())
