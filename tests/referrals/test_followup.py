"""Clocks count London working days, survive both clock changes, and leave no referral without an owner."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.london import at_london, in_london, london_day
from referrals.followup import (
    CLOCK_DAYS,
    HOLIDAYS_END,
    Clock,
    Escalation,
    add_working_days,
    appointment_reminders,
    clock_days,
    days_left,
    due_on,
    escalation,
    is_working_day,
    loan_contacts,
    next_screening_on,
    not_now_review_on,
    resume_on,
    reviews,
    stale,
)
from referrals.lifecycle import OPEN, next_due
from referrals.working_days import last_working_day, working_days_between

BANK_HOLIDAYS = {
    date.fromisoformat(day)
    for day in """
    2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
    2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28
    2028-01-03 2028-04-14 2028-04-17 2028-05-01 2028-05-29 2028-08-28 2028-12-25 2028-12-26
    """.split()
}
"""As published for England and Wales on www.gov.uk/bank-holidays."""

FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)
ALL_DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
WORKING = [day for day in ALL_DAYS if day.isoweekday() <= 5 and day not in BANK_HOLIDAYS]

days = st.dates(FIRST, date(2028, 6, 30))
counts = st.integers(0, 60)
CHANGES = [
    date(2026, 3, 29),
    date(2026, 10, 25),
    date(2027, 3, 28),
    date(2027, 10, 31),
    date(2028, 3, 26),
    date(2028, 10, 29),
]


# Working days


def test_working_days_of_three_years_are_those_of_the_published_list():
    assert [day for day in ALL_DAYS if is_working_day(day)] == WORKING


def test_the_library_says_until_when_it_knows_the_holidays():
    assert date(2028, 12, 31) < HOLIDAYS_END


@given(days, counts)
def test_adding_working_days_lands_where_counting_them_does(day, n):
    later = [working for working in WORKING if working > day]
    expected = later[n - 1] if n else next(working for working in WORKING if working >= day)
    assert add_working_days(day, n) == expected


@given(days, counts, counts)
def test_more_working_days_never_come_sooner(day, n, more):
    assert add_working_days(day, n) <= add_working_days(day, n + more)


def test_working_days_are_not_counted_backwards():
    with pytest.raises(ValueError, match="forwards"):
        add_working_days(FIRST, -1)


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2026, 12, 24), 1, date(2026, 12, 29)),  # Christmas on a Friday, Boxing Day moved to Monday
        (date(2027, 12, 24), 1, date(2027, 12, 29)),  # both moved
        (date(2026, 4, 2), 2, date(2026, 4, 8)),  # Easter
        (date(2026, 11, 28), 0, date(2026, 11, 30)),  # a Saturday
        (date(2026, 11, 28), 1, date(2026, 11, 30)),
        (date(2026, 11, 27), 0, date(2026, 11, 27)),
    ],
)
def test_holidays_and_weekends_are_stepped_over(day, n, expected):
    assert add_working_days(day, n) == expected


@given(days, days)
def test_working_days_between_two_days_are_those_counted(day, later):
    assert working_days_between(day, later) == sum(day < working <= later for working in WORKING)


@given(days)
def test_the_last_working_day_is_none_later_and_none_is_nearer(day):
    assert last_working_day(day) == max((w for w in WORKING if w <= day), default=date(2025, 12, 31))


# London time


@pytest.mark.parametrize(
    ("started", "expected"),
    [
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), date(2026, 7, 3)),  # past midnight in London
        (datetime(2026, 11, 25, 23, 30, tzinfo=UTC), date(2026, 11, 26)),
    ],
)
def test_a_clock_starts_on_the_london_day(started, expected):
    assert due_on(started, 1) == expected


@pytest.mark.parametrize("change", CHANGES)
def test_no_half_hour_round_a_clock_change_moves_a_day(change):
    start = datetime.combine(change - timedelta(days=1), time(0), tzinfo=UTC)
    dues = [due_on(start + n * timedelta(minutes=30), 1) for n in range(4 * 48)]
    assert dues == sorted(dues)
    assert set(dues) <= set(WORKING)


def test_a_wall_time_of_three_years_is_the_same_on_the_clock_or_an_hour_later_where_clocks_skip_it():
    skipped = set()
    for day in ALL_DAYS:
        for half_hour in range(48):
            clock = time(half_hour // 2, 30 * (half_hour % 2))
            shown = in_london(at_london(day, clock))
            if (shown.date(), shown.time()) != (day, clock):
                skipped.add((day, clock))
                assert (shown.date(), shown.time()) == (day, clock.replace(hour=2))
    spring = CHANGES[::2]
    assert skipped == {(day, clock) for day in spring for clock in (time(1), time(1, 30))}


@pytest.mark.parametrize("change", CHANGES[1::2])
def test_a_wall_time_that_comes_twice_is_the_first(change):
    at = at_london(change, time(1, 30))
    assert at == datetime.combine(change, time(0, 30), tzinfo=UTC)
    assert at_london(change, time(1, 30, fold=1)) == at


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        london_day(datetime(2026, 11, 25, 12))  # noqa: DTZ001 - the very fault


# Clocks


def test_clocks_have_the_agreed_days():
    assert CLOCK_DAYS == {
        "draft": 7,
        "draft_ends": 30,
        "acknowledge": 2,
        "decide": 5,
        "answer": 3,
        "first_contact": 5,
        "same_day": 0,
        "waiting_review": 20,
        "next_step": 1,
        "next_event": 15,
        "ask_person": 20,
        "tell_person": 2,
        "missed_once": 2,
        "missed_again": 1,
        "partner_link": 10,
        "safety_answer": 1,
    }
    assert set(CLOCK_DAYS) == set(Clock)


def test_an_organisation_may_set_its_own_days():
    assert clock_days("decide") == 5
    assert clock_days("decide", {"decide": 3, "answer": 9}) == 3
    assert clock_days("decide", {"decide": 0}) == 0
    assert clock_days("decide", {}) == 5


@pytest.mark.parametrize("days", [-1, "3", 2.5, None, True])
def test_a_clock_that_is_not_a_number_of_days_is_refused(days):
    with pytest.raises(ValueError, match="working days"):
        clock_days("decide", {"decide": days})


def test_an_unknown_clock_is_refused():
    with pytest.raises(ValueError, match="sundial"):
        clock_days("sundial")


@given(days, st.integers(0, 30), st.integers(0, 60), st.integers(0, 60))
def test_a_clock_that_was_stopped_has_the_days_left_that_it_had(asked, length, until_asked, until_answered):
    """However long the answer takes, the provider gets neither a day more nor a day less."""
    asked = add_working_days(asked, 0)
    due = add_working_days(asked, length)
    stopped, resumed = asked + timedelta(days=until_asked), asked + timedelta(days=until_asked + until_answered)
    left = days_left(due, stopped)
    assert working_days_between(resumed, resume_on(resumed, left)) == left or left == 0
    assert left == len([day for day in WORKING if stopped < day <= due])


# A clock runs out


@given(days, st.integers(0, 30), st.integers(0, 400))
def test_who_is_asked_never_goes_back_and_is_due_at_one_two_and_three_times(day, length, passed):
    due = add_working_days(day, length)
    order = list(Escalation)
    now, tomorrow = (escalation(due, day + timedelta(days=passed + n), length) for n in (0, 1))
    assert order.index(now) <= order.index(tomorrow)
    assert escalation(due, due, length) is Escalation.NONE
    assert escalation(due, due + timedelta(days=1), length) is Escalation.NUDGE
    twice = add_working_days(due, max(length, 1))
    assert escalation(due, twice, length) is Escalation.NUDGE
    assert escalation(due, twice + timedelta(days=1), length) is Escalation.COORDINATOR
    thrice = add_working_days(due, 2 * max(length, 1))
    assert escalation(due, thrice, length) is Escalation.COORDINATOR
    assert escalation(due, thrice + timedelta(days=1), length) is Escalation.ADMIN


@pytest.mark.parametrize("status", sorted(OPEN))
def test_four_hundred_silent_days_leave_no_open_referral_without_somebody_who_is_asked(status):
    """Nobody does anything: it stays as it is, and it is on the admin's list long before the end."""
    start = datetime(2026, 11, 25, 12, tzinfo=UTC)
    due = next_due(status, start)
    asked = [escalation(due.due_on, start.date() + timedelta(days=n), due.days) for n in range(401)]
    after_due = asked[(due.due_on - start.date()).days + 1 :]
    assert Escalation.NONE not in after_due
    assert asked[100:] == [Escalation.ADMIN] * 301
    assert set(asked) == set(Escalation)


# Reviews and reminders


def test_reviews_fall_due_in_the_middle_of_their_windows():
    screened = date(2026, 11, 25)
    assert [
        (r.weeks, r.due_on - screened, r.opens_on - screened, r.closes_on - screened) for r in reviews(screened)
    ] == [
        (4, timedelta(28), timedelta(21), timedelta(42)),
        (12, timedelta(84), timedelta(70), timedelta(112)),
        (26, timedelta(182), timedelta(154), timedelta(224)),
    ]
    assert not_now_review_on(screened) == date(2027, 5, 26)
    assert next_screening_on(screened) == date(2027, 11, 25)


@given(days)
def test_a_worker_calls_on_a_working_day_well_before_a_loan_ends(ends):
    month, week = loan_contacts(ends)
    for called, ahead in ((month, 30), (week, 7)):
        assert is_working_day(called)
        assert ahead <= (ends - called).days <= ahead + 5


@pytest.mark.parametrize("change", CHANGES)
def test_a_reminder_over_a_clock_change_comes_at_the_same_clock_time(change):
    starts = at_london(change + timedelta(days=1), time(10, 30))
    due = appointment_reminders(starts, booked_at=starts - timedelta(days=30))
    assert {ahead: (london_day(at), in_london(at).time()) for ahead, at in due.items()} == {
        7: (change - timedelta(days=6), time(10, 30)),
        1: (change, time(10, 30)),
    }


def test_a_reminder_that_was_over_when_the_time_was_booked_is_none():
    starts = datetime(2026, 11, 27, 10, tzinfo=UTC)
    assert set(appointment_reminders(starts, booked_at=starts - timedelta(days=3))) == {1}
    assert appointment_reminders(starts, booked_at=starts - timedelta(hours=5)) == {}


# After a silence

START = datetime(2026, 11, 27, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "now", "too_late"),
    [
        ("appointment_1_day", START - timedelta(hours=2, minutes=1), False),
        ("appointment_1_day", START - timedelta(hours=2), True),
        ("appointment_1_day", START + timedelta(days=1), True),
        ("appointment_7_days", START - timedelta(days=1, minutes=1), False),
        ("appointment_7_days", START - timedelta(days=1), True),
        ("loan_ends", START - timedelta(minutes=1), False),
        ("loan_ends", START, True),
        ("review", START, True),
        ("tell_person", START + timedelta(days=400), False),
        ("nudge", START + timedelta(days=400), False),
    ],
)
def test_after_a_silence_only_what_is_still_of_use_goes_out(kind, now, too_late):
    assert stale(kind, START - timedelta(days=7), now, about=START) is too_late


def test_a_message_that_is_not_told_what_it_is_about_is_too_late_after_a_day():
    due = datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert not stale("appointment_1_day", due, due + timedelta(hours=23))
    assert stale("appointment_1_day", due, due + timedelta(hours=24))


def test_a_kind_that_nobody_thought_about_is_refused():
    with pytest.raises(ValueError, match="birthday"):
        stale("birthday", START, START)
