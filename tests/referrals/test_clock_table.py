"""The clock table by explicit dates: both clock changes, Easter 2027, the Christmas week; and every half hour.

Each row can be checked with a calendar: when it began (London wall time), how many working days, when it is due.
"""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest

from people.contact_plan import Plan
from people.london import LONDON, london_day
from people.safe_contact import next_allowed_at
from referrals.followup import add_working_days, appointment_reminders, due_on, is_working_day
from referrals.working_days import HOLIDAYS

TABLE = """
Thu 25 Mar 2027 16:30   0   Thu 25 Mar 2027   before Easter: the same day
Thu 25 Mar 2027 16:30   1   Tue 30 Mar 2027   Good Friday and Easter Monday are free
Thu 25 Mar 2027 16:30   2   Wed 31 Mar 2027   the clocks go forward on Easter Sunday, 28 March
Fri 26 Mar 2027 09:00   0   Tue 30 Mar 2027   what is due at once on Good Friday waits
Sun 28 Mar 2027 00:30   1   Tue 30 Mar 2027   before the hour that is skipped
Sun 28 Mar 2027 02:30   1   Tue 30 Mar 2027   after it
Mon 29 Mar 2027 23:59   5   Mon 5 Apr 2027    Easter Monday, a minute before midnight
Tue 30 Mar 2027 00:00   5   Tue 6 Apr 2027    and at midnight
Fri 29 Oct 2027 12:00   1   Mon 1 Nov 2027    the clocks go back on Sunday 31 October
Sun 31 Oct 2027 01:30   2   Tue 2 Nov 2027    in the hour that comes twice
Fri 23 Oct 2026 17:00   5   Fri 30 Oct 2026   the clocks go back on Sunday 25 October
Fri 24 Dec 2027 11:00   1   Wed 29 Dec 2027   Christmas on a Saturday: Monday and Tuesday instead
Thu 24 Dec 2026 15:00   1   Tue 29 Dec 2026   Boxing Day on a Saturday: Monday instead
Thu 24 Dec 2026 15:00   2   Wed 30 Dec 2026
Thu 24 Dec 2026 15:00   3   Thu 31 Dec 2026
Thu 24 Dec 2026 15:00   4   Mon 4 Jan 2027    New Year's Day is free, and so is the weekend
Fri 25 Dec 2026 10:00   0   Tue 29 Dec 2026
Fri 1 Jan 2027 08:00    2   Tue 5 Jan 2027
Fri 30 Apr 2027 09:00   1   Tue 4 May 2027    the early May holiday
Fri 28 May 2027 09:00   15  Mon 21 Jun 2027   the spring holiday, three weeks on
Thu 26 Aug 2027 09:00   5   Fri 3 Sep 2027    the summer holiday
"""


def london(words):
    """Of "Thu 25 Mar 2027 16:30"."""
    return datetime.strptime(words, "%a %d %b %Y %H:%M").replace(tzinfo=LONDON)


def row(line):
    began, days, due = [cell.strip() for cell in re.split(r"\s{2,}", line)][:3]
    return pytest.param(london(began), int(days), london(f"{due} 00:00").date(), id=f"{began} + {days}")


ROWS = [row(line) for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize(("began", "days", "due"), ROWS)
def test_a_clock_that_began_then_is_due_on_that_day(began, days, due):
    assert due_on(began, days) == due
    assert due_on(began.astimezone(UTC), days) == due


def test_weekdays_in_the_table_are_right():
    for line in TABLE.strip().splitlines():
        dates = re.findall(r"([A-Z][a-z]{2}) (\d{1,2} [A-Z][a-z]{2} \d{4})", line)
        assert len(dates) == 2
        for named, day in dates:
            assert london(f"{named} {day} 00:00").strftime("%a") == named, line


# Every half hour of three years

FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)


def half_hours():
    moment = FIRST
    while moment < LAST:
        yield moment
        moment += HALF_HOUR


def counted_by_hand(day, n):
    """Day by day, over a list of the free ones: no arithmetic that could be wrong in the same way."""
    while n or day.weekday() > 4 or day in HOLIDAYS:
        day += timedelta(days=1)
        n -= bool(n) and day.weekday() < 5 and day not in HOLIDAYS
    return day


@pytest.mark.parametrize("days", [0, 1, 2, 5, 20])
def test_every_half_hour_of_three_years_is_due_on_a_working_day_counted_by_hand(days):
    expected, seen = {}, 0
    for moment in half_hours():
        day = london_day(moment)
        if day not in expected:
            expected[day] = counted_by_hand(day, days)
        assert due_on(moment, days) == expected[day], moment
        seen += 1
    assert seen == 52608
    assert all(map(is_working_day, expected.values()))
    assert len(expected) == 1096, "no day is missing and none is double"


def test_every_half_hour_of_three_years_has_its_two_reminders_at_the_same_clock_time():
    for starts_at in half_hours():
        reminders = appointment_reminders(starts_at, FIRST - timedelta(days=30))
        assert sorted(reminders) == [1, 7]
        local = starts_at.astimezone(LONDON)
        for ahead, at in reminders.items():
            there = at.astimezone(LONDON)
            assert local.date() - there.date() == timedelta(days=ahead)
            skipped = there.date().month == 3 and there.time() != local.time()
            assert there.time() == local.time() or (skipped and local.hour == 1), (starts_at, ahead)


def test_every_half_hour_of_three_years_a_message_waits_for_an_hour_that_is_not_quiet():
    plan = Plan(answered=True, allowed=frozenset({"text"}), automatic=True)
    for moment in half_hours():
        at = next_allowed_at(plan, "text", moment, automatic=True)
        there = at.astimezone(LONDON)
        assert at >= moment
        assert time(9) <= there.time() < time(20), moment
        assert there.weekday() != 6, moment
        assert at - moment <= timedelta(hours=38), moment
        if time(9) <= moment.astimezone(LONDON).time() < time(20) and moment.astimezone(LONDON).weekday() != 6:
            assert at == moment


def test_the_holidays_of_the_table_are_the_published_ones():
    assert {
        date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29),
        date(2027, 5, 3), date(2027, 5, 31), date(2027, 8, 30), date(2027, 12, 27), date(2027, 12, 28),
    } <= HOLIDAYS  # fmt: skip
    assert add_working_days(date(2026, 12, 24), 1) == date(2026, 12, 29)
