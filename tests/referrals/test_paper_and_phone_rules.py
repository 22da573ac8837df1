"""Whatever the plan and whatever happens: no letter is posted and no number shown that was not agreed to."""

from datetime import time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import clock
from people.contact_plan import CHANNELS, Channel, Plan
from people.london import in_london
from people.models import ServiceUser
from referrals import sending
from referrals.calls import slots
from referrals.calls.known import known
from referrals.models import BatchLetter, Reminder
from referrals.post import runs
from tests.factories import ConsentFactory, ContactPlanFactory, ServiceUserFactory
from tests.referrals.reaching import WEDNESDAY, referral_to, tell

pytestmark = pytest.mark.django_db
HOURS = st.none() | st.tuples(st.integers(0, 22), st.integers(1, 23)).filter(lambda pair: pair[0] < pair[1]).map(
    lambda pair: (time(pair[0]), time(pair[1]))
)
PLANS = st.builds(
    Plan,
    allowed=st.frozensets(st.sampled_from(sorted(CHANNELS))),
    automatic=st.booleans(),
    answered=st.booleans(),
    voicemail=st.sampled_from([None, True, False]),
    hours=HOURS,
    weekdays=st.none() | st.frozensets(st.integers(0, 6)),
)
MOMENTS = st.integers(0, 3 * 365 * 48).map(lambda halves: WEDNESDAY + timedelta(minutes=30 * halves))


@given(plan=PLANS, when=MOMENTS, paused=st.booleans())
def test_nobody_rings_outside_the_plan_or_the_quiet_hours(plan, when, paused):
    if slots.may_ring(plan, when, paused=paused):
        local = in_london(when)
        assert not paused
        assert plan.answered
        assert Channel.CALL in plan.allowed
        assert time(9) <= local.time() < time(20)
        assert local.weekday() != 6
        assert plan.weekdays is None or local.weekday() in plan.weekdays
        assert plan.hours is None or plan.hours[0] <= local.time() < plan.hours[1]


@given(plan=PLANS, when=MOMENTS)
def test_the_next_slot_is_one_and_there_is_none_before_it(plan, when):
    start = slots.next_slot(plan, when)
    if start is None:
        assert not any(
            slots.may_ring(plan, when + timedelta(hours=ahead), paused=False) for ahead in range(24 * 7)
        )
    else:
        assert slots.may_ring(plan, start, paused=False)
        steps = int((start - when) / timedelta(minutes=30))
        earlier = (when + timedelta(minutes=30 * step) for step in range(steps))
        assert not any(slots.may_ring(plan, one, paused=False) for one in earlier if one < start)


@given(plan=PLANS, when=MOMENTS, tried=st.lists(MOMENTS, max_size=3))
def test_the_next_try_is_on_a_later_working_day_at_a_time_that_the_plan_allows(plan, when, tried):
    again = slots.next_try(plan, tried, when)
    if again is None:
        return
    assert again.day > in_london(when).date()
    assert again.day.weekday() < 5
    start = slots.next_slot(plan, slots.starts_at(again))
    assert start is not None
    assert (slots.part_of(start), in_london(start).date()) == (again.part, again.day)


# --- Plans × events, with the database ------------------------------------------------------------------------

EVENTS = ("plan", "pause", "consent", "address", "told", "nothing")


def _happens(event, letter, plan):
    person = ServiceUser.objects.filter(pk=letter.service_user_id)
    if event == "plan":
        ContactPlanFactory(
            service_user=person.get(), answered=plan.answered, allowed=sorted(plan.allowed),
            automatic=plan.automatic and plan.answered, voicemail=plan.voicemail,
        )  # fmt: skip
    elif event == "pause":
        person.update(
            paused_at=clock.now(), paused_by=person.get().created_by, pause_reason="crisis",
            pause_review_on=clock.today(),
        )  # fmt: skip
    elif event == "consent":
        person.get().consents.update(choice="no")
    elif event == "address":
        person.update(address="", postcode="")
    elif event == "told":
        letter.follow_up.done_at, letter.follow_up.result = clock.now(), "told_call"
        letter.follow_up.save()


def _may_be_posted(letter):
    """Said anew here, in other words than the rule's own."""
    person = ServiceUser.objects.get(pk=letter.service_user_id)
    newest = person.contact_plans.order_by("-number").first()
    return (
        newest is not None
        and newest.answered
        and newest.automatic
        and "letter" in newest.allowed
        and person.paused_at is None
        and bool(person.address)
        and person.consents.filter(choice="yes").exists()
        and letter.follow_up.done_at is None
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(events=st.lists(st.sampled_from(EVENTS), min_size=3, max_size=3), plan=PLANS)
def test_a_letter_is_posted_and_a_number_shown_only_as_agreed_whatever_happens_when(offer, ash, bo, events, plan):
    with clock.at(WEDNESDAY):
        person = ServiceUserFactory(created_by=ash)
        ContactPlanFactory(service_user=person, preferred="letter", allowed=["letter"])
        ConsentFactory(service_user=person)
        referral = referral_to(offer, person, ash, shared={"name": person.name}, named_worker=bo)
        told = tell(referral, bo)
        sending.send_due()
        letter = Reminder.objects.select_related("follow_up").get(follow_up=told)
        _happens(events[0], letter, plan)
        batch = runs.make(chosen=[letter.pk], both_sides=False, by=bo)
        allowed = _may_be_posted(letter)
        assert batch.letters.printed().exists() == allowed
        _happens(events[1], letter, plan)
        runs._take_out_of(batch, clock.now(), bo)  # what printing looks at, without setting the paper
        allowed = allowed and _may_be_posted(letter)
        assert batch.letters.printed().exists() == allowed
        batch.prints.create(letters=1, printed_by=bo)
        _happens(events[2], letter, plan)
        allowed = allowed and _may_be_posted(letter)
        runs.mark_posted(batch=batch, posted_on=clock.today(), last_collection=True, by=bo)
        assert (batch.letters.get().status == BatchLetter.Status.POSTED) == allowed
        letter.refresh_from_db()
        assert (letter.status == "delivered") == allowed
        person.refresh_from_db()
        newest = person.contact_plans.order_by("-number").first()
        shown = known([person], {person.pk: [referral]}, bo)[person.pk].number
        assert not shown or (
            newest.answered and "call" in newest.allowed and person.paused_at is None
            and person.consents.filter(choice="yes").exists()
        )  # fmt: skip
