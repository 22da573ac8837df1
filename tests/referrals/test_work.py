"""What is done with the person meanwhile: contacts, appointments, loans, notes, pauses, waits, follow-ups."""

from datetime import timedelta

import pytest

from accounts import clock
from accounts.append_only import AppendOnlyError
from accounts.errors import AlreadyChanged, InvalidInput, NotAllowed, NotPossibleNow
from referrals import actions
from referrals.actions import consents
from referrals.followup import add_working_days
from referrals.models import FollowUp, Referral, Reminder
from tests import factories

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


# --- Contacts -------------------------------------------------------------------------------------------


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


# --- Appointments ---------------------------------------------------------------------------------------


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
    assert list(FollowUp.objects.open().values_list("kind", flat=True)) == ["missed_twice"]


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


# --- Loans ----------------------------------------------------------------------------------------------


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


# --- Notes ----------------------------------------------------------------------------------------------


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
            actions.book(referral=active, starts_at=soon(), where="Hub", by=by)
        with pytest.raises(NotAllowed):
            actions.reserve_loan(referral=active, item="sim", label="SIM", by=by)


# --- Pauses, waits, follow-ups --------------------------------------------------------------------------


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


# --- Consent taken back ---------------------------------------------------------------------------------


def test_withdrawn_consent_stops_every_referral_that_rests_on_it_at_once(referral_in, ash, bo, person):
    first = referral_in("accepted")
    second = factories.ReferralFactory(sent=True, service_user=person)
    draft = factories.ReferralFactory(service_user=person)
    stopped = actions.withdraw_consent(consent=first.consent, how="By phone", by=ash)
    assert {referral.pk for referral in stopped} == {first.pk, second.pk}
    assert {referral.status for referral in stopped} == {"withdrawn"}
    draft.refresh_from_db()
    assert draft.status == "draft"
    assert not Reminder.objects.owed().exists()
    event = first.events.get(step="withdraw")
    assert (event.evidence["how_said"], event.words, event.by) == ("consent_withdrawn", "By phone", ash)


def test_referral_that_other_consent_covers_goes_on(referral_in, ash, person, provider):
    referral = referral_in("accepted")
    own = factories.ConsentFactory(service_user=person, provider=provider)
    other = factories.OrganisationFactory(provider=True)
    elsewhere = factories.ConsentFactory(service_user=person, provider=other)
    assert actions.withdraw_consent(consent=elsewhere, how="By phone", by=ash) == []
    assert [r.pk for r in actions.withdraw_consent(consent=own, how="By phone", by=ash)] == [referral.pk]


def test_withdrawal_reaches_a_referral_that_another_team_made(referral_in, ash, nia, person):
    referral = referral_in("accepted")
    Referral.objects.filter(pk=referral.pk).update(referring_team=nia.team, created_by=nia)
    stopped = actions.withdraw_consent(consent=referral.consent, how="By phone", by=ash)
    assert [r.pk for r in stopped] == [referral.pk]


def test_withdrawal_survives_somebody_moving_the_referral_meanwhile(referral_in, ash, bo, monkeypatch):
    referral = referral_in("acknowledged")
    sent = consents._sent

    def stale(pk):
        rows = sent(pk)
        actions.act(referral=Referral.objects.get(pk=referral.pk), action="accept", by=bo,
                    evidence={"named_worker": bo})  # fmt: skip
        return rows

    monkeypatch.setattr(consents, "_sent", stale)
    stopped = actions.withdraw_consent(consent=referral.consent, how="By phone", by=ash)
    assert [r.status for r in stopped] == ["withdrawn"]
    assert not Reminder.objects.owed().exists()
