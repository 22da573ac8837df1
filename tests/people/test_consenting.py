"""Which consent counts: the last word, withdrawals as a no, and never more than was said."""

import itertools
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.consenting import Statement, in_force, overtaken_by

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = date(2026, 11, 24)
ids = itertools.count()
IT = UUID(int=2**64)


def said(choice, *, about_it=False, hour=0, until=None, withdrawn=None):
    return Statement(
        id=UUID(int=next(ids)),
        choice=choice,
        names_provider=about_it,
        provider=IT if about_it else None,
        given_at=NOON - timedelta(hours=24 - hour),
        expires_on=until,
        withdrawn_at=None if withdrawn is None else NOON - timedelta(hours=24 - withdrawn),
    )


def test_nothing_said_lets_nobody_be_told():
    assert in_force([], TODAY) is None


def test_yes_to_everybody_and_yes_to_this_one_each_suffice():
    for yes in (said("yes"), said("yes", about_it=True), said("ask_each", about_it=True)):
        assert in_force([yes], TODAY) == yes


def test_ask_me_each_time_alone_lets_nobody_be_told():
    assert in_force([said("ask_each")], TODAY) is None


def test_ask_me_each_time_and_then_yes_to_this_one():
    yes = said("yes", about_it=True, hour=2)

    assert in_force([said("ask_each", hour=1), yes], TODAY) == yes


@pytest.mark.parametrize(
    "then",
    [
        [said("yes", hour=1), said("no", hour=2)],
        [said("yes", hour=1), said("ask_each", hour=2)],
        [said("yes", about_it=True, hour=1), said("no", about_it=True, hour=2)],
        [said("yes", about_it=True, hour=1), said("no", hour=2)],
        [said("yes", hour=1), said("no", about_it=True, hour=2)],
        [said("no", about_it=True, hour=1), said("yes", hour=2)],
        [said("yes", about_it=True, hour=1), said("no", hour=2), said("ask_each", hour=3)],
        [said("yes", hour=1, withdrawn=3)],
        [said("yes", hour=1), said("yes", about_it=True, hour=2, withdrawn=3)],
        [said("yes", about_it=True, hour=1), said("yes", hour=2, withdrawn=3)],
    ],
)
def test_later_no_or_withdrawal_counts(then):
    assert in_force(then, TODAY) is None


def test_later_yes_counts():
    yes = said("yes", hour=3)

    assert in_force([said("no", hour=1), said("yes", hour=1, withdrawn=2), yes], TODAY) == yes


def test_consent_ends_after_its_last_day():
    yes = said("yes", until=TODAY)

    assert in_force([yes], TODAY) == yes
    assert in_force([yes], TODAY + timedelta(days=1)) is None


STATEMENTS = st.lists(
    st.builds(
        said,
        st.sampled_from(["yes", "ask_each", "no"]),
        about_it=st.booleans(),
        hour=st.integers(0, 10),
        until=st.none() | st.dates(TODAY - timedelta(days=2), TODAY + timedelta(days=2)),
        withdrawn=st.none() | st.integers(10, 20),
    ),
    max_size=6,
)


@given(STATEMENTS)
def test_what_is_in_force_was_said_and_stands(statements):
    found = in_force(statements, TODAY)

    if found:
        assert found in statements
        assert found.choice != "no"
        assert found.withdrawn_at is None
        assert found.names_provider or found.choice == "yes"


@given(STATEMENTS)
def test_last_no_to_everybody_stops_everything(statements):
    assert in_force([*statements, said("no", hour=24)], TODAY) is None


@given(STATEMENTS)
def test_withdrawing_what_is_in_force_leaves_nothing_in_force_that_is_older(statements):
    found = in_force(statements, TODAY)
    if found is None:
        return
    withdrawn = Statement(**{**found.__dict__, "withdrawn_at": NOON})
    rest = [withdrawn if one is found else one for one in statements]

    assert in_force(rest, TODAY) is None


# --- Which words still stand

statements = st.lists(
    st.builds(
        lambda choice, about, hour, withdrawn: said(
            choice, about_it=about, hour=hour, withdrawn=hour + withdrawn if withdrawn else None
        ),
        st.sampled_from(["yes", "ask_each", "no"]),
        st.booleans(),
        st.integers(0, 20),
        st.integers(0, 3),
    ),
    unique_by=lambda one: one.said_at,
)


@given(statements)
def test_what_counts_still_stands(them):
    counts = in_force(them, TODAY)

    assert counts is None or overtaken_by(counts, them) is None


@given(statements)
def test_a_later_no_to_everybody_leaves_nothing_standing_that_was_said_before(them):
    no = said("no", hour=24)

    assert all(overtaken_by(one, [*them, no]) for one in them)


def test_yes_to_everybody_leaves_words_about_one_provider_standing():
    about_it = said("no", about_it=True, hour=1)

    assert overtaken_by(about_it, [about_it, said("yes", hour=2)]) is None
