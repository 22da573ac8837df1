"""A provider that took the person on and cannot help after all: all three hear of it, and nothing hangs on."""

from datetime import timedelta

import pytest

from accounts import clock
from directory.actions import keep_stock, move_stock
from directory.stock_steps import StockStep
from referrals import actions
from referrals.models import FollowUp, Loan, Reminder
from tests.factories import MembershipFactory
from tests.referrals.reaching import WEDNESDAY

pytestmark = pytest.mark.django_db

FULL = {"reason_code": "full"}


def decline(referral, bo):
    referral.refresh_from_db()
    return actions.act(referral=referral, action="decline", by=bo, evidence=FULL)


def owed(referral, kind):
    return FollowUp.objects.open().filter(referral=referral, kind=kind)


@pytest.mark.parametrize("state", ["accepted", "active"])
def test_referrer_coordinator_and_person_hear_of_a_late_decline(referral_in, bo, ash, state):
    declined = decline(referral_in(state), bo)
    assert (declined.status, declined.action_with) == ("declined", "referrer")
    assert owed(declined, "next_step").get().team == ash.team
    assert "not left alone" in owed(declined, "coordinate").get().what
    told = owed(declined, "tell_person").get()
    assert told.team == ash.team
    assert Reminder.objects.owed().filter(follow_up=told, template="declined_next_step").exists()


def test_what_was_delivered_can_not_be_declined(referral_in, bo):
    with pytest.raises(actions.stepping.NotPossibleNow):
        decline(referral_in("delivered"), bo)


def test_a_meeting_ahead_is_off_and_the_person_hears_so(referral_in, bo, ash):
    referral = referral_in("active")
    meeting = actions.book(referral=referral, starts_at=clock.now() + timedelta(days=9), where="Hub", by=bo)
    decline(referral, bo)
    meeting.refresh_from_db()
    assert meeting.status == "cancelled_by_service"
    assert not Reminder.objects.owed().filter(appointment=meeting, template="appointment_reminder").exists()
    assert (
        owed(referral, "tell_person").filter(key=f"appointment:{meeting.pk}:changed:cancelled_by_service").exists()
    )


def test_a_thing_put_aside_is_for_others_again_and_the_referrer_talks_about_one_lent(referral_in, bo, ash):
    referral = referral_in("active")
    stock = keep_stock(offer=referral.offer, kind="device", by=bo)
    move_stock(stock=stock, step=StockStep.TAKE_IN, quantity=2, by=bo)
    kept = actions.reserve_loan(referral=referral, item="device", label="Tablet 1", by=bo)
    ends_on = clock.today() + timedelta(days=60)
    evidence = {"signed_or_witnessed": "Bo", "ends_on": ends_on}
    actions.move_loan(loan=kept, action="hand_over", evidence=evidence, by=bo)
    aside = actions.reserve_loan(referral=referral, item="device", label="Tablet 2", by=bo)
    decline(referral, bo)
    assert Loan.objects.get(pk=kept.pk).status == "handed_over"
    assert Loan.objects.get(pk=aside.pk).status == "returned"
    stock.refresh_from_db()
    assert (stock.handed_over, stock.reserved) == (1, 0)
    assert owed(referral, "loan_ends").first().team == ash.team


def test_what_the_provider_still_owed_is_the_referrers_now(referral_in, bo, ash):
    referral = referral_in("active")
    with clock.at(clock.now() - timedelta(hours=2)):
        meeting = actions.book(referral=referral, starts_at=clock.now() + timedelta(hours=1), where="Hub", by=bo)
    actions.record_appointment(appointment=meeting, outcome="did_not_attend", by=bo)
    assert owed(referral, "missed_once").get().team == bo.team
    decline(referral, bo)
    assert owed(referral, "missed_once").get().team == ash.team
    assert set(owed(referral, "tell_person").values_list("team", flat=True)) == {ash.team_id}


def test_the_choice_of_what_comes_next_settles_the_coordinator_as_well(referral_in, bo, ash):
    declined = decline(referral_in("active"), bo)
    actions.act(referral=declined, action="reroute", by=ash, evidence={"no_offer_fits": True})
    assert not owed(declined, "coordinate").exists()
    assert not owed(declined, "next_step").exists()


def test_that_somebody_works_with_them_from_now_on_is_no_news_after_a_late_decline(referral_in, bo):
    referral = referral_in("active")
    zed = MembershipFactory(user__name="Zed Zimmer", team=bo.team, role="support_worker")
    actions.assign(referral=referral, to=zed, by=bo)
    assert owed(referral, "tell_person").filter(key__startswith="assign:").exists()
    decline(referral, bo)
    assert not owed(referral, "tell_person").filter(key__startswith="assign:").exists()


def test_news_of_an_appointment_comes_before_it_or_somebody_rings_at_once(referral_in, bo):
    with clock.at(WEDNESDAY):
        referral = referral_in("active")
        Reminder.objects.create(
            service_user=referral.service_user, template="accepted", channel="text", status="sent",
            due_at=WEDNESDAY, sent_at=WEDNESDAY, sent_on=WEDNESDAY.date(),
        )  # fmt: skip
        tomorrow = WEDNESDAY + timedelta(hours=23, minutes=30)
        appointment = actions.book(referral=referral, starts_at=tomorrow, where="Hub", by=bo)
        news = owed(referral, "tell_person").get(key__startswith=f"appointment:{appointment.pk}:booked")
        assert news.due_on == clock.today()
        assert not Reminder.objects.filter(follow_up=news).exists()
