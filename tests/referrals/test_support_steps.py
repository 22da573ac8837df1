"""Appointments and loans keep to their small tables, and neither ever changes the referral."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.errors import InvalidInput, NotPossibleNow, Refused
from referrals.followup import clock_days
from referrals.states import Status
from referrals.support_steps import (
    APPOINTMENT_STEPS,
    LOAN_STEPS,
    AppointmentStatus,
    LoanStatus,
    after_did_not_attend,
    available_for_appointment,
    available_for_loan,
    check_appointment,
    check_loan,
)

START = datetime(2026, 11, 27, 10, tzinfo=UTC)
BROUGHT = {
    "starts_at": "2026-12-04T10:00+00:00",
    "reason": "The room is closed.",
    "signed_or_witnessed": "Bo Brandt",
    "ends_on": "2027-05-27",
}
BEFORE_START = {"cancelled_by_person", "cancelled_by_service", "rearranged"}
OUTCOMES = BEFORE_START | {"attended", "late", "did_not_attend"}

LOANS = """
reserved     hand_over return
handed_over  fall_due renew return lose write_off
renewed      fall_due renew return lose write_off
due          renew return lose write_off
lost         return write_off
returned
written_off
"""
AGREED_LOANS = {line.split()[0]: set(line.split()[1:]) for line in LOANS.strip().splitlines()}


def answer(check, *args, **kwargs):
    try:
        return check(*args, **kwargs).target
    except Refused as refusal:
        return refusal.http_status


@pytest.mark.parametrize("status", AppointmentStatus)
@pytest.mark.parametrize("now", [START - timedelta(minutes=1), START])
def test_an_outcome_comes_once_and_not_before_the_start(status, now):
    possible = (OUTCOMES if now >= START else BEFORE_START) if status == "booked" else set()
    assert set(available_for_appointment(status, START, now)) == possible
    for action in APPOINTMENT_STEPS:
        expected = action if action in possible else 409
        assert answer(check_appointment, status, action, starts_at=START, now=now, evidence=BROUGHT) == expected


def test_an_outcome_before_the_start_says_so():
    with pytest.raises(NotPossibleNow, match="has not started yet") as caught:
        check_appointment("booked", "attended", starts_at=START, now=START - timedelta(hours=1), evidence={})
    assert set(caught.value.allowed) == BEFORE_START


def test_a_new_time_is_a_time_with_its_zone():
    for wrong in ("", "tomorrow", "2026-12-04T10:00"):
        with pytest.raises(InvalidInput) as caught:
            check_appointment("booked", "rearranged", starts_at=START, now=START, evidence={"starts_at": wrong})
        assert list(caught.value.fields) == ["starts_at"]


@pytest.mark.parametrize("status", LoanStatus)
def test_a_loan_takes_the_agreed_steps_and_no_others(status):
    assert set(available_for_loan(status)) == AGREED_LOANS[status] - {"fall_due"}
    for action, step in LOAN_STEPS.items():
        expected = step.target if action in AGREED_LOANS[status] else 409
        assert answer(check_loan, status, action, evidence=BROUGHT) == expected


def test_every_loan_state_is_reached():
    assert {step.target for step in LOAN_STEPS.values()} | {"reserved"} == set(LoanStatus)


def test_a_loan_is_handed_over_with_a_witness_and_an_end():
    with pytest.raises(InvalidInput) as caught:
        check_loan("reserved", "hand_over", evidence={})
    assert list(caught.value.fields) == ["signed_or_witnessed", "ends_on"]
    assert check_loan("reserved", "hand_over", evidence={**BROUGHT, "ends_on": date(2027, 5, 27)})


def test_an_unknown_step_is_refused_with_those_that_there_are():
    with pytest.raises(InvalidInput, match="hand_over"):
        check_loan("reserved", "burn", evidence={})


def test_the_first_missed_session_asks_why_and_the_next_ones_check_on_the_person():
    first, *others = [after_did_not_attend(count) for count in (1, 2, 3, 9)]
    assert (first.follow_up, first.action_with, clock_days(first.clock)) == ("missed_once", "provider", 2)
    for later in others:
        assert (later.follow_up, later.action_with) == ("missed_twice", "referrer")
        assert "home or phone" in later.sentence
    with pytest.raises(ValueError, match="first"):
        after_did_not_attend(0)


def test_no_step_of_an_appointment_leads_to_a_state_of_a_referral():
    assert not {step.target for step in APPOINTMENT_STEPS.values()} & set(Status)
