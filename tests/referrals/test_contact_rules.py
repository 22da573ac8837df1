"""Whatever happens, and whenever: no message goes against the plan, a pause, the hours, or the end of a referral.

The rules are said here a second time, without any of the product's own code.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts import clock
from people.models import ContactPlan, ServiceUser
from referrals import obligations, sending
from referrals.models import Referral, Reminder
from tests.factories import ContactPlanFactory, ServiceUserFactory
from tests.referrals.reaching import Network, appointment_of, event_of, referral_to

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
NEWS = ("accepted", "waiting_list", "declined_next_step", "referral_sent", "closed", "door_is_open", "cancelled")
ENDS = {"closed", "withdrawn", "cancelled"}
HAPPENS = ("tell", "book", "move", "pause", "resume", "plan", *ENDS)


def forbidden(message, now):
    """Why the rules forbid this hand-over at this instant; "" if they do not."""
    plan = ContactPlan.objects.order_by("-number").first()
    local = now.astimezone(LONDON)
    if not plan or not plan.answered or not plan.automatic:
        return "no plan that lets messages go by themselves"
    if message.channel not in plan.allowed:
        return "this channel"
    if ServiceUser.objects.get().paused_at:
        return "paused"
    if message.channel == "letter":
        return ""  # paper makes no noise at night
    if local.weekday() == 6 or not 9 <= local.hour < 20:
        return "quiet"
    if plan.hours_from and not plan.hours_from <= local.time() < plan.hours_to:
        return "the person's hours"
    return "the person's days" if plan.weekdays is not None and local.weekday() not in plan.weekdays else ""


HOURS = st.one_of(
    st.none(),
    st.none(),
    st.lists(st.times(), min_size=2, max_size=2, unique=True).map(sorted).filter(lambda pair: pair[0] < pair[1]),
)


@st.composite
def plans(draw):
    hours, answered = draw(HOURS), draw(MOSTLY)
    ways = draw(st.lists(st.sampled_from(["text", "email", "letter", "call", "via", "app"]), unique=True))
    return {
        "answered": answered,
        "automatic": answered and draw(MOSTLY),
        "allowed": ways,
        "preferred": draw(st.sampled_from([*ways, ""])),
        "fallback": draw(st.sampled_from([*ways, ""])),
        "hours_from": hours[0] if hours else None,
        "hours_to": hours[1] if hours else None,
        "weekdays": draw(st.one_of(st.none(), st.none(), st.lists(st.integers(0, 6), unique=True))),
    }


FIRST, HALF_HOURS = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC")), 3 * 365 * 48
STARTS = st.integers(0, HALF_HOURS).map(lambda number: FIRST + number * timedelta(minutes=30))
MOSTLY = st.sampled_from([True, True, True, True, False])
STORIES = st.lists(
    st.tuples(st.sampled_from(HAPPENS), st.integers(0, 40), plans(), st.sampled_from(NEWS), st.booleans()),
    min_size=2,
    max_size=8,
)


class Story:
    """One person, one referral, and a network that writes down every hand-over that the rules forbid."""

    def __init__(self, referral, by):
        self.referral, self.by = referral, by
        self.network = Network()
        self.network.before_send = self.judge
        self.broken, self.days = [], {}

    def judge(self, message):
        now = clock.now()
        reminder = Reminder.objects.get(pk=message.reference)
        self.days[message.reference] = now.astimezone(LONDON).date()
        if why := forbidden(message, now):
            self.broken.append(why)
        status = Referral.objects.get(pk=self.referral.pk).status
        if status in ENDS and reminder.template not in {
            "closed",
            "door_is_open",
            "cancelled",
            "declined_next_step",
        }:
            self.broken.append("about a referral that has ended")
        if reminder.appointment and reminder.appointment.status != "booked":
            self.broken.append("about an appointment that is off")

    def reached_on(self):
        """Days on which something reached the person: not a letter that was taken out of the pile again."""
        taken_back = Reminder.objects.filter(channel="letter", status="cancelled").values_list("pk", flat=True)
        return sorted(day for reference, day in self.days.items() if reference not in set(taken_back))

    def happen(self, what, plan, news, drops):
        person, now = self.referral.service_user, clock.now()
        if what == "tell":
            event = event_of(self.referral, self.by)
            obligations.tell_person(referral=self.referral, event=event, template=news, by=self.by)
        elif what == "book":
            appointment = appointment_of(self.referral, self.by, now + timedelta(days=8))
            obligations.remind_of_appointment(appointment=appointment, by=self.by)
        elif what == "move":
            self.referral.appointments.filter(status="booked").update(
                status="rearranged", outcome_at=now, outcome_by=self.by
            )
        elif what == "plan":
            ContactPlanFactory(service_user=person, **plan)
        elif what in {"pause", "resume"}:
            self.pause(what == "pause", now)
        else:
            self.end(what, drops, now)
        person.refresh_from_db()

    def pause(self, on, now):
        ServiceUser.objects.update(
            paused_at=now if on else None,
            paused_by=self.by if on else None,
            pause_reason="crisis" if on else "",
            pause_review_on=now.date() if on else None,
        )

    def end(self, status, drops, now):
        Referral.objects.filter(pk=self.referral.pk).update(
            status=status, action_with="", due_on=None, ended_at=now
        )
        if drops:
            obligations.drop_messages(referral=self.referral, reason=status)
            assert not Reminder.objects.owed().filter(referral=self.referral).exists()


@settings(
    max_examples=80,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a story of database rows shrinks too slowly
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(start=STARTS, plan=plans(), story=STORIES)
def test_no_story_makes_a_message_go_against_the_rules(person, offer, ash, bo, start, plan, story):
    with transaction.atomic(), clock.at(start):
        ContactPlanFactory(service_user=person, **plan)
        told = Story(referral_to(offer, person, ash), bo)
        told.happen("tell", plan, "accepted", drops=False)
        moment = start
        for what, hours, plan_then, news, drops in story:
            with clock.at(moment):
                sending.send_due(drivers=told.network)
                told.happen(what, plan_then, news, drops)
            moment += timedelta(hours=hours, minutes=1)
        for day in range(12):
            with clock.at(moment + timedelta(hours=26 * day)):
                sending.send_due(drivers=told.network)
        days = told.reached_on()
        transaction.set_rollback(True)
    assert told.broken == []
    assert len(set(told.network.references)) == len(told.network.taken), "one message twice"
    assert len(set(days)) == len(days), "two messages on one day"
    assert all(sum(0 <= (later - day).days < 7 for later in days) <= 3 for day in days)


@pytest.mark.parametrize("end", sorted(ENDS))
@pytest.mark.parametrize("instant", range(5))
def test_an_end_at_any_instant_of_sending_lets_nothing_more_go(person, offer, ash, bo, end, instant):
    """The end comes while that message is being handed over: those claimed together with it stay here."""
    everybody = [person, *(ServiceUserFactory(created_by=ash) for _ in range(4))]
    start = datetime(2026, 11, 25, 10, tzinfo=LONDON)
    with clock.at(start):
        referrals = [referral_to(offer, one, ash) for one in everybody]
        for one, referral in zip(everybody, referrals, strict=True):
            ContactPlanFactory(service_user=one)
            obligations.tell_person(referral=referral, event=event_of(referral, bo), template="accepted", by=bo)
        network = Network()

        def stop_all(message):
            if len(network.taken) == instant:
                Referral.objects.update(status=end, action_with="", due_on=None, ended_at=start)
                for referral in referrals:
                    obligations.drop_messages(referral=referral, reason=end)

        network.before_send = stop_all
        with clock.at(start + timedelta(minutes=1)):
            sending.send_due(drivers=network)
    assert len(network.taken) == instant + 1  # the one that was already leaving
    assert not Reminder.objects.owed().exists()


def test_the_oracle_finds_a_message_at_night(person):
    """A check that never finds anything is worth nothing."""
    ContactPlanFactory(service_user=person)
    text = type("Message", (), {"channel": "text"})
    assert forbidden(text, datetime(2026, 11, 25, 23, 0, tzinfo=LONDON)) == "quiet"
    assert forbidden(text, datetime(2026, 11, 25, 12, 0, tzinfo=LONDON)) == ""
    ContactPlanFactory(service_user=person, hours_from=time(14), hours_to=time(15))
    assert forbidden(text, datetime(2026, 11, 25, 12, 0, tzinfo=LONDON)) == "the person's hours"
