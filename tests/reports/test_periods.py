"""Months are months of London, clock changes and all."""

from datetime import UTC, date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.london import london_day
from reports.periods import Month, Quarter, latest, read
from tests.reports.rows import at

MONTHS = st.builds(Month, st.integers(2000, 2099), st.integers(1, 12))


@given(MONTHS)
def test_a_month_is_read_back_as_it_is_written(month):
    assert Month.read(str(month)) == month


@given(MONTHS)
def test_a_month_ends_where_the_next_begins(month):
    assert month.ends_at == month.next().starts_at
    assert month.next().previous() == month


@given(MONTHS)
def test_its_first_and_last_instants_are_on_its_first_and_last_days_in_london(month):
    assert month.starts_at.tzinfo is UTC
    assert london_day(month.starts_at) == month.first
    assert london_day(month.ends_at - timedelta(microseconds=1)) == month.last
    assert london_day(month.ends_at) == month.last + timedelta(days=1)


def test_a_summer_month_begins_an_hour_before_midnight_in_utc():
    assert Month(2026, 7).starts_at == at("2026-06-30 23:00")
    assert Month(2026, 1).starts_at == at("2026-01-01 00:00")


def test_months_in_which_the_clocks_change_are_an_hour_short_or_long():
    assert Month(2026, 3).ends_at - Month(2026, 3).starts_at == timedelta(days=31, hours=-1)
    assert Month(2026, 10).ends_at - Month(2026, 10).starts_at == timedelta(days=31, hours=1)


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-00", "26-01", "2026-1-1", "November 2026"])
def test_what_is_not_a_month_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        Month.read(text)


def test_the_latest_months_begin_with_the_running_one_and_cross_the_year():
    found = latest(Month.of(date(2026, 1, 31)), 3)
    assert [str(month) for month in found] == ["2026-01", "2025-12", "2025-11"]


QUARTERS = st.builds(Quarter, st.integers(2000, 2099), st.integers(1, 4))


@given(QUARTERS)
def test_a_quarter_is_its_three_months_in_a_row(quarter):
    one, two, three = quarter.months
    assert one.next() == two
    assert two.next() == three
    assert (quarter.first, quarter.last) == (one.first, three.last)
    assert (quarter.starts_at, quarter.ends_at) == (one.starts_at, three.ends_at)
    assert {Quarter.of(month.last) for month in quarter.months} == {quarter}


@given(QUARTERS)
def test_a_quarter_is_read_back_as_it_is_written_and_follows_the_one_before(quarter):
    assert read(str(quarter)) == quarter
    assert quarter.next().previous() == quarter
    assert quarter.year_before() == latest(quarter, 5)[-1]


@given(MONTHS)
def test_the_same_month_a_year_before_is_the_thirteenth_back(month):
    assert month.year_before() == latest(month, 13)[-1]


@pytest.mark.parametrize("text", ["2026-Q0", "2026-Q5", "2026-Q", "Q1", "26-Q1", "2026-Q1-", "\u0662026-Q1"])
def test_what_is_not_a_quarter_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        read(text)
