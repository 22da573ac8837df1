"""Which group somebody counts in: every grouping gives one, and what is not known is a group of its own."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people import groups
from people.groups import CHOICES, ETHNIC_GROUP, GROUPINGS, NOT_KNOWN, PREFER_NOT, groups_of

DAY = date(2026, 3, 1)


def group(grouping, **values):
    return groups_of(values, on=DAY)[grouping]


def test_nothing_recorded_is_not_known_in_every_grouping():
    assert groups_of({}, on=DAY) == dict.fromkeys(GROUPINGS, NOT_KNOWN)
    assert groups_of(dict.fromkeys(groups.PATHS), on=DAY) == dict.fromkeys(GROUPINGS, NOT_KNOWN)


def test_not_known_stands_last_in_every_table_and_rather_not_in_none():
    for grouping in GROUPINGS.values():
        assert list(grouping.groups)[-1] == NOT_KNOWN
        assert not {PREFER_NOT, "Z"} & set(grouping.groups)


@given(
    st.fixed_dictionaries(
        {name: st.sampled_from(["", None, "gone", *codes]) for name, codes in CHOICES.items()}
        | {
            "date_of_birth": st.none() | st.dates(date(1900, 1, 1), DAY),
            "interpreter_language": st.sampled_from(["", "Tamil"]),
            "communication_needs": st.sampled_from(["", "Large print"]),
            "deprivation_quintile": st.none() | st.integers(0, 9),
        }
    )
)
def test_whatever_is_stored_counts_in_exactly_one_group_of_each_table(values):
    found = groups_of(values, on=DAY)

    assert list(found) == list(GROUPINGS)
    assert all(found[name] in grouping.groups for name, grouping in GROUPINGS.items())


@pytest.mark.parametrize("name", CHOICES)
def test_rather_not_counts_as_not_known(name):
    rather_not = {name: "Z" if name == "ethnic_group" else PREFER_NOT}

    assert groups_of(rather_not, on=DAY) == dict.fromkeys(GROUPINGS, NOT_KNOWN)


def test_every_ethnic_category_but_rather_not_is_in_one_of_five_groups():
    assert set(ETHNIC_GROUP) == set(CHOICES["ethnic_group"]) - {"Z"}
    assert len(CHOICES["ethnic_group"]) == 16 + 1
    assert set(ETHNIC_GROUP.values()) == set(GROUPINGS["ethnic_group"].groups) - {NOT_KNOWN}
    assert {"A": "white", "D": "mixed", "K": "asian", "M": "black", "R": "other"}.items() <= ETHNIC_GROUP.items()


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(2008, 3, 2), NOT_KNOWN),  # 18 tomorrow
        (date(2008, 3, 1), "18_34"),
        (date(1991, 3, 2), "18_34"),
        (date(1991, 3, 1), "35_49"),
        (date(1976, 3, 1), "50_64"),
        (date(1961, 3, 2), "50_64"),
        (date(1961, 3, 1), "65_over"),
        (date(1960, 2, 29), "65_over"),
    ],
)
def test_age_is_that_of_the_day(born, band):
    assert group("age", date_of_birth=born) == band


def test_who_needs_an_interpreter_counts_there_whatever_the_main_language():
    assert group("language", interpreter_language="Tamil", main_language="english") == "interpreter"
    assert group("language", main_language="other") == "other"


def test_a_communication_need_counts_even_where_no_disability_was_said():
    assert group("disability", communication_needs="Large print", disability="no") == "yes"
    assert group("disability", disability="no") == "no"
    assert group("disability", communication_needs="") == NOT_KNOWN


def test_non_binary_and_another_way_are_one_group_of_the_table():
    assert {group("gender", gender="non_binary"), group("gender", gender="another")} == {"another"}
