"""A clock that runs out asks somebody and changes nothing; nobody is ever left without an owner."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts import clock
from referrals import actions
from referrals.followup import add_working_days
from referrals.lifecycle import OPEN
from referrals.models import FollowUp, Referral
from tests.factories import WAY_TO, ReferralFactory, ServiceUserFactory, SupportOfferFactory

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=LONDON)


def asked(referral):
    """For the referral's own clock."""
    rows = FollowUp.objects.open().filter(referral=referral, kind__in=["nudge", "coordinate", "stuck"])
    rows = rows.exclude(key__startswith="owed:")
    return [(row.kind, row.team) for row in rows.order_by("opened_at", "id")]


def after(referral, working_days):
    """What is asked on that many working days after the day it was due."""
    day = add_working_days(referral.due_on, working_days) if working_days else referral.due_on
    with clock.at(noon(day)):
        actions.run_clocks(now=clock.now())
    return asked(referral)


def test_nobody_is_asked_on_the_day_itself(referral_in):
    assert after(referral_in("sent"), 0) == []


def test_provider_then_coordinator_then_admin_are_asked(referral_in, ash, bo):
    referral = referral_in("acknowledged")  # five working days to decide
    assert after(referral, 1) == [("nudge", bo.team)]
    assert after(referral, 5) == [("nudge", bo.team)]
    assert after(referral, 6) == [("nudge", bo.team), ("coordinate", ash.team)]
    assert after(referral, 11) == [("nudge", bo.team), ("coordinate", ash.team), ("stuck", ash.team)]
    referral.refresh_from_db()
    assert (referral.status, referral.version) == ("acknowledged", 3)


def test_admin_of_the_referring_organisation_sees_what_is_stuck(referral_in, dee):
    referral = referral_in("sent")
    after(referral, 5)
    assert FollowUp.objects.visible_to(dee).open().filter(kind="stuck", referral=referral).exists()


def test_clocks_may_run_twice_or_late_and_ask_once(referral_in):
    referral = referral_in("sent")
    day = noon(referral.due_on + timedelta(days=40))
    with clock.at(day):
        assert actions.run_clocks(now=day) == 2, "the clock, and the news that nobody told"
        assert actions.run_clocks(now=day) == 0
    assert [kind for kind, _ in asked(referral)] == ["stuck"]


def test_step_stops_the_clock_that_had_run_out(referral_in, bo):
    referral = referral_in("sent")
    after(referral, 5)
    actions.act(referral=referral, action="acknowledge", by=bo)
    assert asked(referral) == []


def test_provider_without_an_account_is_rung_by_the_referrer(person, ash):
    referral = ReferralFactory(sent=True, service_user=person, offer=SupportOfferFactory(team=None))
    assert after(referral, 1) == [("nudge", ash.team)]


def test_pause_holds_back_clocks_on_contact_until_its_own_day_has_passed(referral_in, bo):
    referral = referral_in("active")
    review_on = add_working_days(referral.due_on, 20)
    actions.pause(referral=referral, reason="in_hospital", review_on=review_on, by=bo)
    assert after(referral, 5) == []
    assert after(referral, 30) != []


@pytest.mark.parametrize("state", [state for state in WAY_TO if state in OPEN and state != "draft"])
def test_four_hundred_silent_days_leave_no_referral_without_an_owner(referral_in, state):
    referral = referral_in(state)
    start = clock.today()
    for days in range(1, 401, 4):
        day = start + timedelta(days=days)
        with clock.at(noon(day)):
            actions.run_clocks(now=clock.now())
        referral.refresh_from_db()
        assert referral.status == state
        assert referral.action_with
        assert referral.due_on >= day or asked(referral)
    assert ("stuck", referral.referring_team) in asked(referral)


@pytest.mark.parametrize(
    ("sent_on", "due_on"),
    [
        (date(2027, 3, 25), date(2027, 3, 31)),  # Easter: Good Friday to Easter Monday, and the clocks change
        (date(2027, 10, 29), date(2027, 11, 2)),  # the clocks go back on the Sunday
        (date(2026, 12, 24), date(2026, 12, 30)),  # Christmas, with Boxing Day's substitute
    ],
)
def test_days_are_working_days_in_london(person, offer, bo, sent_on, due_on):
    with clock.at(noon(sent_on)):
        referral = ReferralFactory(sent=True, service_user=person, offer=offer, worker=bo)
        assert referral.due_on == due_on


def test_all_that_is_overdue_is_gone_through(ash, offer, bo):
    referrals = [
        ReferralFactory(sent=True, service_user=ServiceUserFactory(team=ash.team, created_by=ash), offer=offer)
        for _ in range(3)
    ]
    day = noon(referrals[0].due_on + timedelta(days=3))
    with clock.at(day):
        assert actions.run_clocks(now=day) == 3
    assert Referral.objects.filter(status="sent").count() == 3
