"""Small numbers never show, whatever is asked for, and cannot be had by taking two figures from each other."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.disclosure import BASE, NOTE, PERCENT_FROM, THRESHOLD, count, days, percent
from tests.reports import attack

COUNTS = st.integers(0, 5000)
SMALL = attack.SMALL


@st.composite
def parts(draw):
    whole = draw(COUNTS)
    return draw(st.integers(0, whole)), whole


@given(COUNTS)
def test_no_small_number_is_shown_and_every_other_is_a_multiple_of_five(true):
    shown = count(true)
    if true in SMALL:
        assert (shown.value, shown.text) == (None, "fewer than 8")
    else:
        assert shown.value % 5 == 0
        assert abs(shown.value - true) <= 2
        assert shown.text.replace(",", "") == str(shown.value)


@given(COUNTS, COUNTS)
def test_a_larger_number_is_never_shown_as_a_smaller_one(one, other):
    low, high = sorted([one, other])
    if count(low).value is not None and count(high).value is not None:
        assert count(low).value <= count(high).value


def test_nothing_is_hidden_about_nobody():
    assert count(0).text == "0"


@pytest.mark.parametrize("true", [-1, -8])
def test_a_count_below_nothing_is_a_fault_of_ours(true):
    with pytest.raises(ValueError, match="cannot be"):
        count(true)


@given(parts())
def test_a_percentage_is_shown_only_from_twenty_and_never_with_a_suppressed_part(part_and_whole):
    part, whole = part_and_whole
    shown = percent(part, whole)
    held_back = count(part).value is None or (count(whole).value or 0) < 20
    assert (shown.value is None) == held_back
    if not held_back:
        assert 0 <= shown.value <= 100


def shown_alike(true):
    """All true numbers that would be shown as this one is."""
    return [other for other in range(max(0, true - 10), true + 11) if count(other) == count(true)]


@given(parts())
def test_a_percentage_tells_no_more_than_the_two_figures_beside_it(part_and_whole):
    """It is the same for all true numbers that are shown alike."""
    part, whole = part_and_whole
    alike = {percent(n, d).text for n in shown_alike(part) for d in shown_alike(whole) if n <= d}
    assert alike == {percent(part, whole).text}


@given(st.integers(0, 999), COUNTS)
def test_days_are_shown_only_where_eight_lie_behind_them(value, behind):
    assert (days(value, behind).value is None) == (behind < 8)


def test_a_part_larger_than_its_whole_is_a_fault_of_ours():
    with pytest.raises(ValueError, match="cannot be a part"):
        percent(9, 8)


def test_the_note_says_the_rule():
    assert re.search(
        rf"1 to {THRESHOLD - 1} .*fewer than {THRESHOLD}”.*nearest {BASE},.*from {PERCENT_FROM} up", str(NOTE)
    )


# --- Taking figures from each other ---------------------------------------------------------------------------


@given(COUNTS)
def test_the_attacker_of_these_tests_knows_the_rule(true):
    assert true in attack.possible(count(true).text)


def test_no_small_rest_can_be_had_by_taking_a_part_from_a_whole():
    for whole in range(120):
        for part in range(whole + 1):
            shown = [count(n).text for n in (whole, part, whole - part)]
            for found in (attack.rest(*shown[:2]), attack.rest(*shown)):
                assert found
                assert not attack.gives_away(found), (whole, part)


def test_no_small_part_can_be_had_from_the_whole_and_the_rest():
    for whole in range(120):
        for part in SMALL:
            if part <= whole:
                shown = [count(n).text for n in (whole, whole - part, part)]
                assert not attack.gives_away(attack.rest(*shown)), (whole, part)


@given(COUNTS, st.integers(-7, 7))
def test_no_small_change_can_be_had_by_taking_one_month_from_another(before, difference):
    after = max(0, before + difference)
    assert not attack.gives_away(attack.change(count(after).text, count(before).text))


@pytest.mark.parametrize(
    ("left", "given_away"), [({3}, True), ({1}, True), ({3, 4}, False), ({0}, False), ({9}, False), (set(), False)]
)
def test_the_attack_knows_when_it_has_won(left, given_away):
    assert attack.gives_away(left) == given_away
