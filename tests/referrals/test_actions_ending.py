"""Ends: what is dropped and who is told, opening again, and what was made in error."""

from datetime import timedelta

import pytest

from accounts import clock
from accounts.errors import NotAllowed, NotPossibleNow
from accounts.models import AuditEvent
from referrals import actions
from referrals.lifecycle import STEPS
from referrals.models import FollowUp, Referral, Reminder

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("end", ["closed", "withdrawn", "cancelled", "entered_in_error"])
def test_no_message_from_before_the_end_is_left_in_the_queue(referral_in, end):
    referral = referral_in(end)
    templates = set(Reminder.objects.owed().filter(referral=referral).values_list("template", flat=True))
    assert templates <= {"closed", "cancelled"}


def test_withdrawal_calls_off_appointments_to_come(referral_in, bo):
    referral = referral_in("active")
    booked = actions.book(referral=referral, starts_at=clock.now() + timedelta(days=9), where="The hub", by=bo)
    referral = Referral.objects.get(pk=referral.pk)
    actions.act(referral=referral, action="withdraw", by=bo, evidence={"how_said": "phone"})
    booked.refresh_from_db()
    assert booked.status == "cancelled_by_person"
    assert not Reminder.objects.owed().exists()


def test_draft_that_is_cancelled_is_news_to_nobody(referral_in, ash):
    draft = referral_in("draft")
    actions.act(referral=draft, action="cancel", by=ash, evidence={"reason_code": "duplicate"})
    assert not FollowUp.objects.exists()
    assert not Reminder.objects.exists()


@pytest.mark.parametrize("action", ["reopen", "reopen_accepted"])
def test_reopening_starts_new_clocks_and_keeps_the_first_milestones(referral_in, dee, action):
    closed = referral_in("closed")
    first = closed.sent_at
    again = actions.act(referral=closed, action=action, by=dee, evidence={"reason_code": "too_soon"})
    assert again.status == STEPS[action].target
    assert (again.ended_at, again.sent_at) == (None, first)
    assert again.due_on
    assert again.outcomes.count() == 1


def test_reopening_asks_for_consent_again(referral_in, dee, ash):
    closed = referral_in("closed")
    actions.withdraw_consent(consent=closed.consent, how="By phone", by=ash)
    with pytest.raises(NotPossibleNow, match="may be told"):
        actions.act(referral=closed, action="reopen", by=dee, evidence={"reason_code": "too_soon"})


def test_clinician_who_leads_no_team_cannot_reopen(referral_in, ash):
    with pytest.raises(NotAllowed):
        actions.act(referral=referral_in("closed"), action="reopen", by=ash, evidence={"reason_code": "too_soon"})


def test_team_lead_can_reopen(referral_in, ash):
    ash.is_lead = True
    ash.save()
    again = actions.act(
        referral=referral_in("closed"), action="reopen", by=ash, evidence={"reason_code": "too_soon"}
    )
    assert again.status == "sent"


# --- Made in error: two people -----------------------------------------------------------------------------------


def test_one_person_alone_cannot_mark_an_error(referral_in, dee):
    referral = referral_in("sent")
    actions.propose_error(referral=referral, by=dee, words="Wrong person")
    with pytest.raises(NotPossibleNow, match="second person"):
        actions.act(referral=referral, action="mark_error", by=dee, evidence={"words": "Wrong person"})
    referral.refresh_from_db()
    assert referral.status == "sent"


def test_error_about_the_wrong_person_is_an_incident(referral_in, ash, dee, bo):
    referral = referral_in("sent")
    actions.propose_error(referral=referral, by=ash, words="Two people of one name", wrong_person=True)
    marked = actions.act(referral=referral, action="mark_error", by=dee)
    event = marked.events.get(step="mark_error")
    assert event.evidence["wrong_person"] is True
    assert event.evidence["second_person"] == str(ash.pk)
    assert event.words == "Two people of one name"
    assert AuditEvent.objects.filter(action="incident_wrong_person", subject_id=str(marked.pk)).exists()
    assert not Referral.objects.visible_to(bo).filter(pk=marked.pk).exists()
    assert not Referral.objects.counted().filter(pk=marked.pk).exists()


def test_provider_cannot_say_that_it_was_made_in_error(referral_in, bo):
    with pytest.raises(NotAllowed):
        actions.propose_error(referral=referral_in("sent"), by=bo, words="Not ours")
