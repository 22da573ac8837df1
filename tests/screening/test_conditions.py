"""Each form of condition, as it reads one tick, several, none that fit, a missing item and a skipped one."""

import pytest

from screening.conditions import Facts, build, items_in

FACTS = Facts(
    ticks={"ONE": ("a",), "TWO": ("a", "b"), "ROWS": ("own", "own", "help")},
    missing={"GAP"},
    levels={"access": "high"},
)
YES, NO = {"item": "ONE", "in": ["a"]}, {"item": "ONE", "in": ["b"]}


def holds(condition):
    return build(condition).holds(FACTS)


@pytest.mark.parametrize(
    ("form", "one", "two"),
    [
        ({"in": ["a"]}, True, True),
        ({"in": ["b"]}, False, True),
        ({"in": ["c"]}, False, False),
        ({"only": ["a"]}, True, False),
        ({"only": ["a", "b", "c"]}, True, True),
        ({"only": ["b"]}, False, False),
        ({"lacks": ["b"]}, True, False),
        ({"lacks": ["c"]}, True, True),
        ({"count": ["a", "b"], "min": 2}, False, True),
        ({"count": ["a", "b"], "min": 1, "max": 1}, True, False),
        ({"count": ["b"], "max": 0}, True, False),
        ({"count": ["c"], "max": 3}, True, True),
        ({"count": ["a"], "min": 2}, False, False),
        ({"missing": True}, False, False),
    ],
)
def test_form_reads_one_tick_and_two(form, one, two):
    assert (holds({"item": "ONE"} | form), holds({"item": "TWO"} | form)) == (one, two)


@pytest.mark.parametrize("item", ["GAP", "SKIPPED"])
@pytest.mark.parametrize(
    "form",
    [
        {"in": ["a"]},
        {"only": ["a"]},
        {"lacks": ["a"]},
        {"count": ["a"], "min": 1},
        {"count": ["a"], "min": 0},
        {"count": ["a"], "max": 0},
    ],
)
def test_every_test_of_a_missing_or_skipped_item_is_false_and_its_opposite_true(item, form):
    assert holds({"item": item} | form) is False
    assert holds({"not": {"item": item} | form}) is True


def test_missing_holds_for_a_gap_and_not_for_a_skipped_item():
    assert holds({"item": "GAP", "missing": True}) is True
    assert holds({"item": "SKIPPED", "missing": True}) is False


def test_rows_of_a_grid_count_one_each():
    assert holds({"item": "ROWS", "count": ["own"], "min": 2, "max": 2})
    assert holds({"item": "ROWS", "count": ["own", "help"], "min": 3})
    assert holds({"item": "ROWS", "in": ["help"]})


def test_theme_is_read_by_its_level():
    assert holds({"theme": "access", "in": ["some", "high"]})
    assert not holds({"theme": "access", "in": ["none"]})


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"all": []}, True),
        ({"all": [YES, YES]}, True),
        ({"all": [YES, NO]}, False),
        ({"any": [NO, YES]}, True),
        ({"any": [NO, NO]}, False),
        ({"not": NO}, True),
        ({"not": {"any": [NO, {"all": [YES, {"not": YES}]}]}}, True),
    ],
)
def test_conditions_are_joined_as_the_words_say(condition, expected):
    assert holds(condition) is expected


def test_every_item_that_a_condition_looks_at_is_found():
    condition = {
        "all": [YES, {"not": {"any": [{"item": "TWO", "missing": True}, {"theme": "access", "in": ["high"]}]}}]
    }
    assert items_in(condition) == {"ONE", "TWO"}


def test_form_that_is_not_known_cannot_be_built():
    with pytest.raises(ValueError, match="not a known form"):
        build({"item": "ONE", "has": ["a"]})
