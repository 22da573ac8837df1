"""Intervals against the examples that their author worked out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.intervals import difference, wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_of_a_share_is_that_of_newcombes_table(part, whole, low, high):
    assert wilson(part, whole) == pytest.approx((low, high), abs=0.00005)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_the_interval_of_a_difference_is_that_of_newcombes_table(one, other, low, high):
    found = difference(*one, *other)
    assert found.value == one[0] / one[1] - other[0] / other[1]
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.00005)


def parts():
    return st.integers(1, 500).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


@given(parts(), parts())
def test_a_difference_lies_in_its_interval_and_turned_round_it_is_the_same(one, other):
    there, back = difference(*one, *other), difference(*other, *one)
    assert -1 <= there.low <= there.value <= there.high <= 1
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low))


@pytest.mark.parametrize(("part", "whole"), [(1, 0), (0, 0), (5, 4), (-1, 4)])
def test_what_is_no_share_has_no_interval(part, whole):
    with pytest.raises(ValueError, match="no part"):
        wilson(part, whole)
