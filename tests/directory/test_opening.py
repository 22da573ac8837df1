"""Times that can be computed with: read whole or refused, open or not, and said in words."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.opening import DAYS, in_words, is_open, read, what_is_wrong

WEEKDAY = {"day": "TU", "from": "10:00", "to": "13:00"}
FIRST_MONDAY = {"day": "MO", "from": "14:00", "to": "16:30", "weeks": [1]}


@pytest.mark.parametrize(
    ("moment", "is_so"),
    [
        ("2026-11-24 10:00", True),  # a Tuesday
        ("2026-11-24 12:59", True),
        ("2026-11-24 13:00", False),
        ("2026-11-25 11:00", False),
        ("2026-12-07 15:00", True),  # the first Monday of December
        ("2026-12-14 15:00", False),
    ],
)
def test_a_place_is_open_between_its_times_on_its_days(moment, is_so):
    assert is_open([WEEKDAY, FIRST_MONDAY], datetime.fromisoformat(moment)) is is_so


def test_whether_it_is_open_is_not_known_where_no_times_are():
    assert is_open([], datetime.fromisoformat("2026-11-24 10:00")) is None


@pytest.mark.parametrize(
    "times",
    [
        "Tuesdays",
        [None],
        [{"day": "TU", "from": "10:00"}],
        [WEEKDAY | {"day": "Tuesday"}],
        [WEEKDAY | {"from": "9:00"}],
        [WEEKDAY | {"to": "24:00"}],
        [WEEKDAY | {"to": 13}],
        [WEEKDAY | {"to": "10:00"}],
        [WEEKDAY | {"weeks": []}],
        [WEEKDAY | {"weeks": [6]}],
        [WEEKDAY | {"weeks": [1, 1]}],
        [WEEKDAY | {"weeks": ["1"]}],
        [WEEKDAY | {"day": ["TU"]}],
        [WEEKDAY | {"weeks": [[1]]}],
        [WEEKDAY | {"from": "１０:00"}],
        [WEEKDAY] * 51,
    ],
)
def test_a_time_that_cannot_be_read_is_named(times):
    assert what_is_wrong(times).endswith(".")


def test_times_that_can_be_read_have_nothing_wrong():
    assert what_is_wrong([WEEKDAY, FIRST_MONDAY]) == ""
    assert what_is_wrong([]) == ""


@pytest.mark.parametrize(
    ("times", "words"),
    [
        ([WEEKDAY], "Tuesday 10am to 1pm"),
        ([WEEKDAY, WEEKDAY | {"day": "TH"}, WEEKDAY | {"day": "MO"}], "Monday, Tuesday and Thursday 10am to 1pm"),
        (
            [WEEKDAY | {"to": "12:00"}, FIRST_MONDAY],
            "first Monday of the month 2pm to 4.30pm; Tuesday 10am to noon",
        ),
        ([WEEKDAY | {"weeks": [3, 1]}], "first and third Tuesday of the month 10am to 1pm"),
        ([WEEKDAY, WEEKDAY | {"from": "15:00", "to": "17:00"}], "Tuesday 10am to 1pm; Tuesday 3pm to 5pm"),
        ([], ""),
    ],
)
def test_times_are_said_in_words_with_days_of_the_same_hours_together(times, words):
    assert in_words(times) == words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Mondays 10am to 1pm", "Monday 10am to 1pm"),
        ("Mon, Wed and Fri 9.30 - 12.30", "Monday, Wednesday and Friday 9.30am to 12.30pm"),
        ("Monday to Thursday 10 to 4", "Monday, Tuesday, Wednesday and Thursday 10am to 4pm"),
        ("weekdays 09:00 until 17:00", "Monday, Tuesday, Wednesday, Thursday and Friday 9am to 5pm"),
        ("first and third Tuesday of the month 2pm to 4pm", "first and third Tuesday of the month 2pm to 4pm"),
        ("tue 12am to 12pm", "Tuesday 12am to noon"),
        ("", ""),
    ],
)
def test_times_are_read_as_people_write_them(typed, words):
    assert in_words(read(typed)) == words


@pytest.mark.parametrize(
    "typed",
    [
        "Tuesdays",
        "Moonday 10am to 1pm",
        "Tuesday 13pm to 4pm",
        "Tuesday 10am",
        "Tuesday 4pm to 10am",
        "term time 1 to 2",
    ],
)
def test_what_cannot_be_read_is_refused_with_an_example_or_the_reason(typed):
    with pytest.raises(ValueError, match=r"\.$"):
        read(typed)


HOURS = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
SPANS = st.tuples(HOURS, HOURS).filter(lambda pair: pair[0] < pair[1])


@given(st.lists(st.tuples(st.sampled_from(list(DAYS)), SPANS, st.sets(st.integers(1, 5))), max_size=6))
def test_words_are_read_back_as_they_were(parts):
    times = [
        {"day": day, "from": start, "to": end} | ({"weeks": sorted(weeks)} if weeks else {})
        for day, (start, end), weeks in parts
    ]
    again = read(in_words(times))
    assert in_words(again) == in_words(times)
    assert all(time in again for time in times)
