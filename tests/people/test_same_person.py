"""Two records of one person as values: what is proposed, and the plan that neither record is looser than."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import InvalidInput
from people.contact_plan import Plan, both, is_looser
from people.same_person import BOTH, GROUPS, KEPT, LONGEST_NEEDS, OTHER, chosen, differences, why_not_undone
from tests.people.test_safe_contact import plans

EMPTY = {name: False if name == "no_fixed_address" else "" for names in GROUPS.values() for name in names}
some_facts = st.fixed_dictionaries(
    {
        name: st.sampled_from([empty, True if empty is False else "a", empty or "b"])
        for name, empty in EMPTY.items()
    }
)


def facts(**more):
    return {**EMPTY, **more}


@given(plans, plans)
def test_plan_of_both_allows_nothing_that_either_does_not(one, other):
    together = both(one, other)

    assert not is_looser(one, together)
    assert not is_looser(other, together)


@given(plans, plans)
def test_it_makes_no_difference_which_record_is_kept_to_what_is_allowed(one, other):
    there, back = both(one, other), both(other, one)

    assert not is_looser(there, back)
    assert not is_looser(back, there)


@given(plans)
def test_plan_of_somebody_never_asked_takes_everything_away(plan):
    assert not both(plan, Plan.unknown()).open_channels
    assert not both(Plan.unknown(), plan).open_channels


@given(plans, plans)
def test_doing_it_twice_changes_nothing(one, other):
    together = both(one, other)

    assert both(together, together) == together
    assert not is_looser(together, both(together, one))


@given(some_facts, some_facts)
def test_proposal_loses_nothing_that_only_one_record_knows(kept, other):
    result = {**kept, **chosen(kept, other, {})}

    for names in GROUPS.values():
        if not any(kept[name] for name in names):
            assert all(result[name] == other[name] for name in names)


@given(some_facts, some_facts)
def test_address_comes_whole_from_one_record(kept, other):
    for choice in (KEPT, OTHER):
        choices = {one.group: choice for one in differences(kept, other)}
        result = {**kept, **chosen(kept, other, choices)}
        source = kept if choice == KEPT else other
        assert [result[name] for name in GROUPS["address"]] == [source[name] for name in GROUPS["address"]]


def test_needs_of_both_are_put_together_unless_that_is_too_long():
    kept, other = facts(communication_needs="BSL"), facts(communication_needs="Large print")
    assert chosen(kept, other, {}) == {"communication_needs": "BSL\nLarge print"}
    (long,) = differences(facts(communication_needs="B" * LONGEST_NEEDS), other)
    assert BOTH not in long.choices


@pytest.mark.parametrize("choice", ["", "both", "mine"])
def test_choice_that_is_not_offered_is_refused_beside_its_fact(choice):
    with pytest.raises(InvalidInput) as refused:
        chosen(facts(name="Robin"), facts(name="Robyn"), {"name": choice})
    assert list(refused.value.fields) == ["name"]


def test_undo_is_refused_with_what_to_do():
    now = datetime(2026, 11, 24, tzinfo=UTC)
    ask = {"until": now, "now": now, "moved_on": False, "is_last": True}

    assert why_not_undone(**ask) == ""
    assert "30 days" in why_not_undone(**{**ask, "now": now + timedelta(seconds=1)})
    assert "Undo that first" in why_not_undone(**{**ask, "moved_on": True})
    assert "last one goes back first" in why_not_undone(**{**ask, "is_last": False})
