"""Loans, notes, pauses, waits and follow-ups."""

from datetime import timedelta

import pytest

from accounts import clock
from accounts.append_only import AppendOnlyError
from accounts.errors import AlreadyChanged, InvalidInput, NotAllowed, NotPossibleNow
from referrals import actions
from referrals.followup import add_working_days
from referrals.models import FollowUp, Referral

pytestmark = pytest.mark.django_db


@pytest.fixture
def active(referral_in):
    return referral_in("active")


# --- Loans -----------------------------------------------------------------------------------------------


@pytest.fixture
def lent(active, bo):
    loan = actions.reserve_loan(referral=active, item="device", label="Tablet 7", by=bo)
    return actions.move_loan(
        loan=loan,
        action="hand_over",
        evidence={"signed_or_witnessed": "R. Example", "ends_on": clock.today() + timedelta(days=90)},
        by=bo,
    )


def test_end_of_a_loan_is_talked_about_30_and_7_days_before(lent, bo):
    owed = FollowUp.objects.open().filter(kind="loan_ends")
    assert owed.count() == 2
    assert {row.team for row in owed} == {bo.team}


def test_loan_that_is_renewed_or_returned_moves_or_ends_what_is_owed(lent, bo):
    before = set(FollowUp.objects.open().filter(kind="loan_ends").values_list("due_on", flat=True))
    later = clock.today() + timedelta(days=200)
    loan = actions.move_loan(loan=lent, action="renew", evidence={"ends_on": later}, by=bo)
    after = set(FollowUp.objects.open().filter(kind="loan_ends").values_list("due_on", flat=True))
    assert len(after) == 2
    assert not before & after
    actions.move_loan(loan=loan, action="return", by=bo)
    assert not FollowUp.objects.open().filter(kind="loan_ends").exists()


def test_lost_loan_bars_nobody_from_another(lent, active, bo):
    actions.move_loan(loan=lent, action="lose", by=bo)
    assert actions.reserve_loan(referral=active, item="device", label="Tablet 8", by=bo).status == "reserved"


def test_loan_outlives_its_referral(lent, active, ash, bo):
    actions.act(
        referral=Referral.objects.get(pk=active.pk), action="withdraw", by=ash, evidence={"how_said": "phone"}
    )
    assert FollowUp.objects.open().filter(kind="loan_ends").count() == 2
    assert actions.move_loan(loan=lent, action="return", by=bo).status == "returned"


def test_stale_loan_changes_nothing(lent, bo):
    with pytest.raises(AlreadyChanged):
        actions.move_loan(loan=lent, action="lose", by=bo, version=lent.version - 1)


@pytest.mark.parametrize("days", [0, -3])
def test_loan_cannot_end_in_the_past(active, bo, days):
    loan = actions.reserve_loan(referral=active, item="sim", label="SIM 1", by=bo)
    ends = {"signed_or_witnessed": "R", "ends_on": clock.today() + timedelta(days=days)}
    with pytest.raises(InvalidInput):
        actions.move_loan(loan=loan, action="hand_over", evidence=ends, by=bo)


def test_loan_falls_due_by_the_clock_once(lent):
    assert actions.run_clocks(now=clock.now()) == 0
    later = clock.now() + timedelta(days=61)
    with clock.at(later):
        actions.run_clocks(now=later)
        lent.refresh_from_db()
        assert lent.status == "due"
        version = lent.version
        actions.run_clocks(now=later)
        lent.refresh_from_db()
        assert lent.version == version


# --- Notes -----------------------------------------------------------------------------------------------


def test_correction_stands_beside_the_note_that_it_corrects(active, bo, ash):
    note = actions.add_note(referral=active, text="Tuesday", by=bo)
    correction = actions.correct_note(note=note, text="Wednesday", by=ash)
    assert [note.text for note in active.notes.all()] == ["Tuesday", "Wednesday"]
    assert (correction.corrects, correction.written_by) == (note, ash)


def test_note_is_never_changed_or_deleted(active, bo):
    note = actions.add_note(referral=active, text="Tuesday", by=bo)
    with pytest.raises(AppendOnlyError):
        note.save()
    with pytest.raises(AppendOnlyError):
        note.delete()


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 10_001])
def test_empty_or_endless_note_is_refused(active, bo, text):
    with pytest.raises(InvalidInput):
        actions.add_note(referral=active, text=text, by=bo)


def test_strangers_and_admins_write_nothing(active, cam, nia, dee):
    for by in (cam, nia, dee):
        with pytest.raises(NotAllowed):
            actions.add_note(referral=active, text="x", by=by)
        with pytest.raises(NotAllowed):
            actions.log_contact(referral=active, channel="call", result="spoke", by=by)
        with pytest.raises(NotAllowed):
            actions.book(referral=active, starts_at=clock.now() + timedelta(days=9), where="Hub", by=by)
        with pytest.raises(NotAllowed):
            actions.reserve_loan(referral=active, item="sim", label="SIM", by=by)


# --- Pauses, waits, follow-ups ---------------------------------------------------------------------------


def test_pause_keeps_the_place_and_gives_the_referrer_a_day_to_look_again(active, bo, ash, person):
    day = clock.today() + timedelta(days=14)
    actions.pause(referral=active, reason="in_hospital", review_on=day, by=bo)
    active.refresh_from_db()
    owed = FollowUp.objects.open().get(kind="pause_review")
    assert (active.status, owed.team, owed.due_on) == ("active", ash.team, day)
    actions.resume(referral=active, by=bo)
    person.refresh_from_db()
    assert person.paused_at is None
    assert not FollowUp.objects.open().filter(kind="pause_review").exists()
    assert list(active.events.values_list("step", flat=True))[-2:] == ["pause", "resume"]


def test_ended_referral_has_no_place_to_keep(referral_in, bo):
    with pytest.raises(NotPossibleNow):
        actions.pause(
            referral=referral_in("closed"), reason="crisis", review_on=clock.today() + timedelta(days=3), by=bo
        )


def test_wait_is_looked_at_again_every_twenty_working_days(referral_in, bo, ash):
    referral = referral_in("waiting")
    day = clock.today() + timedelta(days=60)
    with clock.at(clock.now() + timedelta(days=25)):
        actions.keep_waiting(referral=referral, expected_on=day, by=bo)
        assert (referral.status, referral.expected_on) == ("waiting", day)
        assert referral.due_on == add_working_days(clock.today(), 20)
    with pytest.raises(NotAllowed):
        actions.keep_waiting(referral=referral, expected_on=day, by=ash)


def test_follow_up_is_done_once_with_a_word_that_counts(active, bo):
    owed = FollowUp.objects.open().get(kind="tell_person", referral=active)
    with pytest.raises(InvalidInput):
        actions.complete_follow_up(follow_up=owed, result="done", by=bo)
    actions.complete_follow_up(follow_up=owed, result="told_in_person", by=bo)
    with pytest.raises(AlreadyChanged):
        actions.complete_follow_up(follow_up=owed, result="told_call", by=bo)
