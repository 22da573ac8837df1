"""Contacts and appointments: what counts as reached, and what a missed session asks for."""

from datetime import timedelta

import pytest

from accounts import clock
from accounts.errors import AlreadyChanged, InvalidInput, NotPossibleNow
from referrals import actions
from referrals.followup import add_working_days
from referrals.models import FollowUp, Referral, Reminder

pytestmark = pytest.mark.django_db


def soon(days=9):
    return clock.now() + timedelta(days=days)


@pytest.fixture
def active(referral_in):
    return referral_in("active")


@pytest.fixture
def booked(active, bo):
    """An appointment that has started."""
    with clock.at(clock.now() - timedelta(days=3)):
        return actions.book(referral=active, starts_at=clock.now() + timedelta(days=2), where="Hub", by=bo)


# --- Contacts ---------------------------------------------------------------------------------------------


def test_telling_the_person_by_word_settles_what_was_owed(active, bo):
    owed = FollowUp.objects.open().get(kind="tell_person", referral=active)
    actions.log_contact(referral=active, channel="call", result="spoke", told=True, by=bo)
    owed.refresh_from_db()
    assert (owed.result, owed.done_by) == ("told_call", bo)
    assert not Reminder.objects.owed().filter(follow_up=owed).exists()


def test_voicemail_tells_nobody(active, bo):
    with pytest.raises(InvalidInput, match="A voicemail or a letter alone does not count"):
        actions.log_contact(referral=active, channel="call", result="voicemail", told=True, by=bo)
    assert FollowUp.objects.open().filter(kind="tell_person", referral=active).exists()


def test_contact_starts_the_next_clock_again_and_loses_nobody_their_form(active, bo):
    with clock.at(clock.now() + timedelta(days=20)):
        actions.run_clocks(now=clock.now() + timedelta(days=10))
        assert FollowUp.objects.open().filter(kind="nudge", referral=active).exists()
        actions.log_contact(referral=active, channel="call", result="no_answer", by=bo)
        after = Referral.objects.get(pk=active.pk)
        assert after.due_on == add_working_days(clock.today(), 15)
        assert after.version == active.version
        assert not FollowUp.objects.open().filter(kind="nudge", referral=active).exists()


def test_contact_that_failed_does_not_put_off_the_first_contact(referral_in, bo):
    referral = referral_in("accepted")
    with clock.at(clock.now() + timedelta(days=3)):
        actions.log_contact(referral=referral, channel="call", result="no_answer", by=bo)
    assert Referral.objects.get(pk=referral.pk).due_on == referral.due_on


# --- Appointments -----------------------------------------------------------------------------------------


def test_booking_tells_and_reminds_the_person(active, bo):
    appointment = actions.book(referral=active, starts_at=soon(), where="The hub", by=bo)
    templates = list(Reminder.objects.filter(appointment=appointment).values_list("template", flat=True))
    assert sorted(templates) == ["appointment_booked", "appointment_reminder", "appointment_reminder"]


@pytest.mark.parametrize(
    ("change", "field"),
    [({"starts_at": clock.now()}, "starts_at"), ({"where": " "}, "where"), ({"minutes": 0}, "minutes"),
     ({"bring": "x" * 301}, "bring")],
)  # fmt: skip
def test_appointment_that_cannot_be_kept_is_refused(active, bo, change, field):
    with pytest.raises(InvalidInput) as refusal:
        actions.book(**{"referral": active, "starts_at": soon(), "where": "Hub", "by": bo, **change})
    assert field in refusal.value.fields


def test_no_outcome_before_it_starts(active, bo):
    appointment = actions.book(referral=active, starts_at=soon(), where="Hub", by=bo)
    with pytest.raises(NotPossibleNow, match="has not started yet") as refusal:
        actions.record_appointment(appointment=appointment, outcome="attended", by=bo)
    assert refusal.value.allowed == ["cancelled_by_person", "cancelled_by_service", "rearranged"]


def test_first_missed_session_asks_the_provider_what_got_in_the_way(booked, bo, active):
    actions.record_appointment(appointment=booked, outcome="did_not_attend", by=bo)
    owed = FollowUp.objects.open().get(kind="missed_once")
    assert owed.team == bo.team
    assert owed.due_on == add_working_days(clock.today(), 2)
    active.refresh_from_db()
    assert active.status == "active"


def test_second_missed_session_asks_the_clinician_to_check_on_the_person(booked, bo, ash, active):
    actions.record_appointment(appointment=booked, outcome="did_not_attend", by=bo)
    with clock.at(clock.now() - timedelta(days=2)):
        again = actions.book(referral=active, starts_at=clock.now() + timedelta(days=1), where="Hub", by=bo)
    actions.record_appointment(appointment=again, outcome="did_not_attend", by=bo)
    assert FollowUp.objects.open().get(kind="missed_twice").team == ash.team
    active.refresh_from_db()
    assert active.status == "active"


def test_worry_after_two_missed_sessions_outlives_the_referral(booked, bo, ash, active):
    actions.record_appointment(appointment=booked, outcome="did_not_attend", by=bo)
    with clock.at(clock.now() - timedelta(days=2)):
        again = actions.book(referral=active, starts_at=clock.now() + timedelta(days=1), where="Hub", by=bo)
    actions.record_appointment(appointment=again, outcome="did_not_attend", by=bo)
    actions.act(
        referral=Referral.objects.get(pk=active.pk), action="withdraw", by=ash, evidence={"how_said": "phone"}
    )
    owed = set(FollowUp.objects.open().values_list("kind", "team"))
    assert owed == {("missed_twice", ash.team_id), ("for_provider", bo.team_id)}


def test_only_one_outcome_counts(booked, bo, ash):
    actions.record_appointment(appointment=booked, outcome="attended", by=bo, version=1)
    booked.version = 1
    with pytest.raises(AlreadyChanged, match="attended"):
        actions.record_appointment(appointment=booked, outcome="did_not_attend", by=bo, version=2)
    booked.refresh_from_db()
    assert booked.status == "attended"


def test_stale_copy_of_an_appointment_changes_nothing(booked, bo):
    stale = type(booked).objects.select_related("referral").get(pk=booked.pk)
    actions.record_appointment(appointment=booked, outcome="attended", by=bo)
    with pytest.raises(AlreadyChanged):
        actions.record_appointment(appointment=stale, outcome="did_not_attend", by=bo)
    assert not FollowUp.objects.filter(kind="missed_once").exists()


def test_new_time_is_a_new_appointment_and_the_old_is_not_reminded_of(active, bo):
    old = actions.book(referral=active, starts_at=soon(), where="Hub", by=bo)
    new = actions.rearrange(appointment=old, starts_at=soon(12), by=bo)
    old.refresh_from_db()
    assert (old.status, new.rearranged_from, new.where) == ("rearranged", old, "Hub")
    assert not Reminder.objects.owed().filter(appointment=old).exists()
    assert Reminder.objects.owed().filter(appointment=new, template="appointment_changed").exists()


def test_appointment_that_we_cancel_says_why_and_tells_the_person(active, bo):
    appointment = actions.book(referral=active, starts_at=soon(), where="Hub", by=bo)
    with pytest.raises(InvalidInput) as refusal:
        actions.record_appointment(appointment=appointment, outcome="cancelled_by_service", by=bo)
    assert "reason" in refusal.value.fields
    actions.record_appointment(
        appointment=appointment, outcome="cancelled_by_service", evidence={"reason": "Trainer is ill"}, by=bo
    )
    owed = Reminder.objects.owed().filter(appointment=appointment)
    assert list(owed.values_list("template", flat=True)) == ["appointment_changed"]


def test_session_that_was_attended_is_a_contact(referral_in, bo):
    with clock.at(clock.now() - timedelta(days=5)):
        referral = referral_in("accepted")
        session = actions.book(referral=referral, starts_at=clock.now() + timedelta(days=1), where="Hub", by=bo)
    actions.record_appointment(appointment=session, outcome="attended", by=bo)
    started = actions.act(referral=Referral.objects.get(pk=referral.pk), action="start", by=bo)
    assert started.status == "active"
