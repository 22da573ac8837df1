"""The table of steps is the agreed one, and it is closed: each role, side, state and step has its answer.

The table below is typed by hand from what was agreed, so that a slip in the code's table shows.
"""

from datetime import UTC, date, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import InvalidInput, NotAllowed, NotPossibleNow, Refused
from accounts.permissions import Role
from referrals.lifecycle import (
    ENDED,
    OPEN,
    PARTNER_LINK,
    STEPS,
    ActionWith,
    Facts,
    Side,
    Status,
    available,
    check,
    clock_of,
    next_due,
    pause_allowed,
    whose_move,
)
from referrals.who import ADMIN, CLINICIAN, SUPPORT_WORKER
from tests.referrals.bringing import ALL_WELL, BROUGHT, as_whoever_may

ANY_OPEN = "draft sent more_info acknowledged waiting accepted active delivered declined"
AGREED = f"""
send             draft                                       sent              referrer  staff
acknowledge      sent                                        acknowledged      provider  staff link
ask              sent acknowledged                           more_info         provider  staff link
answer           more_info                                   acknowledged      referrer  staff
accept           sent acknowledged waiting                   accepted          provider  staff link
wait_list        sent acknowledged                           waiting           provider  staff
decline          sent acknowledged more_info waiting accepted active  declined          provider  staff link
reroute          declined                                    rerouted          referrer  staff
start            accepted                                    active            provider  staff
deliver          active                                      delivered         provider  staff link
close            delivered                                   closed            either    staff
could_not_reach  accepted active                             closed            provider  support_worker
withdraw         {ANY_OPEN}                                  withdrawn         person    staff admin
cancel           draft sent acknowledged more_info waiting   cancelled         referrer  staff
reopen           closed withdrawn cancelled                  sent              referrer  admin lead
reopen_accepted  closed withdrawn cancelled                  accepted          referrer  admin lead
mark_error       {ANY_OPEN} closed rerouted withdrawn cancelled  entered_in_error  referrer  admin
"""


def agreed_rows():
    for line in AGREED.strip().splitlines():
        name, sources, target, side, roles = [cell.strip() for cell in line.split("  ") if cell.strip()]
        yield (
            name,
            set(sources.split()),
            target,
            side,
            set(roles.replace("staff", "clinician support_worker").split()),
        )


ROWS = {row[0]: row for row in agreed_rows()}
ROLES = [*Role, PARTNER_LINK, "receptionist", ""]
SIDES = [Side.REFERRER, Side.PROVIDER, Side.EITHER]
PEOPLE = list(product(SIDES, ROLES, (False, True), (False, True)))


def may(row, side, role, lead, has_account):
    """Who may take a step, worked out from the agreed table alone."""
    _, _, _, step_side, roles = row
    if step_side == "provider" and side == "referrer" and not has_account and roles == {"support_worker"}:
        roles = {"support_worker", "clinician"}  # the referrer's staff record what they tried themselves
    in_role = ("link" if role == PARTNER_LINK else str(role)) in roles or (lead and "lead" in roles)
    sides = {"referrer": {"referrer", "either"}, "provider": {"provider", "either"}}
    if not has_account:
        sides["provider"] = {"referrer", "provider", "either"}
    return in_role and (step_side in {"either", "person"} or side in sides[step_side])


def outcome_of(status, action, side, role, lead, has_account):
    """What `check` answers to somebody who brings everything: 200, 403 or 409."""
    try:
        step = check(
            status,
            action,
            side=side,
            role=role,
            team_lead=lead,
            provider_has_account=has_account,
            evidence=BROUGHT,
            facts=ALL_WELL,
        )
    except Refused as refusal:
        return refusal.http_status
    assert step.target == ROWS[action][2]
    return 200


# The table


def test_the_table_is_the_agreed_one():
    ours = {
        (step.name, frozenset(step.sources), step.target, step.side)
        for step in STEPS.values()
        if step.name != "draft"
    }
    assert ours == {(name, frozenset(sources), target, side) for name, sources, target, side, _ in ROWS.values()}
    assert STEPS["draft"].sources == frozenset()
    assert STEPS["draft"].target == Status.DRAFT


@pytest.mark.parametrize("status", Status)
def test_each_state_role_and_step_is_answered_as_agreed(status):
    for side, role, lead, has_account in PEOPLE:
        buttons = available(status, side=side, role=role, team_lead=lead, provider_has_account=has_account)
        for action, row in ROWS.items():
            allowed = may(row, side, role, lead, has_account)
            expected = 403 if not allowed else 200 if status in row[1] else 409
            assert outcome_of(status, action, side, role, lead, has_account) == expected
            assert (action in buttons) == (expected == 200)


def test_a_draft_comes_from_nothing_and_nothing_else_does():
    me = {"side": "referrer", "role": CLINICIAN, "evidence": BROUGHT, "facts": ALL_WELL}
    assert check(None, "draft", **me).target == Status.DRAFT
    for action in ("send", "cancel", "withdraw"):
        with pytest.raises(NotPossibleNow):
            check(None, action, **me)
    for status in Status:
        assert "draft" not in available(status, side="either", role=CLINICIAN)
        with pytest.raises(NotPossibleNow):
            check(status, "draft", **me)


def test_our_roles_are_those_that_memberships_have():
    assert {CLINICIAN, SUPPORT_WORKER, ADMIN} == set(Role)


def test_a_referral_made_in_error_is_a_dead_end():
    for side, role, lead, has_account in PEOPLE:
        assert not available(
            Status.ENTERED_IN_ERROR, side=side, role=role, team_lead=lead, provider_has_account=has_account
        )


def reachable_from(status):
    seen, waiting = {status}, [status]
    while waiting:
        now = waiting.pop()
        for step in STEPS.values():
            if now in step.sources and step.target not in seen:
                seen.add(step.target)
                waiting.append(step.target)
    return seen


def test_every_state_can_be_reached_and_every_open_one_can_end():
    assert reachable_from(Status.DRAFT) == set(Status)
    for status in OPEN:
        assert reachable_from(status) & ENDED


def test_the_provider_alone_can_never_take_a_referral_out_of_its_own_hands_to_a_dead_end():
    """Whatever the provider does, the referrer has a move left or the person's outcome is recorded."""
    for step in STEPS.values():
        if step.side is Side.PROVIDER and step.ends:
            assert step.name == "could_not_reach"


def test_open_and_ended_are_the_agreed_ones():
    assert set(ANY_OPEN.split()) == OPEN
    assert set(Status) - OPEN == ENDED
    assert {status for status in Status if pause_allowed(status)} == OPEN


# What usually comes next


@pytest.mark.parametrize("status", sorted(OPEN))
def test_one_step_usually_comes_next_and_it_is_with_whoever_has_the_move(status):
    (next_step,) = [step for step in STEPS.values() if status in step.primary_from]
    assert status in next_step.sources
    assert next_step.side in {Side(whose_move(status)), Side.EITHER}
    assert available(status, side=whose_move(status), role=SUPPORT_WORKER)[0] == next_step.name


@pytest.mark.parametrize("status", sorted(ENDED))
def test_nothing_usually_comes_next_once_it_has_ended(status):
    assert not [step for step in STEPS.values() if status in step.primary_from]


# Refusals


def test_a_refusal_for_the_state_names_it_and_what_may_be_done_instead():
    with pytest.raises(NotPossibleNow) as caught:
        check("delivered", "start", side="provider", role=SUPPORT_WORKER, evidence={}, facts=Facts())
    assert caught.value.state == "delivered"
    assert caught.value.allowed == ["close", "withdraw"]
    assert "Close with an outcome" in caught.value.message


def test_a_refusal_for_the_person_says_who_may():
    with pytest.raises(NotAllowed, match="for the provider"):
        check("sent", "accept", side="referrer", role=CLINICIAN, evidence=BROUGHT, facts=ALL_WELL)


def test_an_unknown_step_is_refused_with_those_that_there_are():
    with pytest.raises(InvalidInput, match="acknowledge"):
        check("sent", "explode", side="provider", role=SUPPORT_WORKER, evidence={}, facts=Facts())


# The person is told


def test_every_change_that_matters_to_the_person_is_told():
    told = {step.name for step in STEPS.values() if step.tells_person}
    assert told >= {"send", "accept", "wait_list", "decline", "cancel", "could_not_reach"}
    assert "withdraw" not in told


def test_nobody_is_told_of_a_draft_that_ends_nor_written_to_after_death():
    cancel, close = STEPS["cancel"], STEPS["close"]
    assert cancel.message_after(Status.SENT, {"reason_code": "too_long"}) == "cancelled"
    assert cancel.message_after(Status.DRAFT, {"reason_code": "too_long"}) == ""
    assert cancel.message_after(Status.SENT, {"reason_code": "died"}) == ""
    assert close.message_after(Status.DELIVERED, {"outcome": "helped", "whose_word": "nobody"}) == "closed"
    assert close.message_after(Status.DELIVERED, {"outcome": "died", "whose_word": "nobody"}) == ""
    assert close.message_after(Status.DELIVERED, {"outcome": "helped", "whose_word": "person"}) == ""
    assert STEPS["send"].message_after(Status.DRAFT, {}) == "referral_sent"


# One owner and one day

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.mark.parametrize("status", Status)
def test_every_open_referral_has_one_owner_and_one_day_and_an_ended_one_has_none(status):
    due = next_due(status, NOON)
    assert (due is not None) == (status in OPEN)
    assert (whose_move(status) is not None) == (status in OPEN)
    assert (clock_of(status) is not None) == (status in OPEN)
    if due:
        assert due.action_with in {ActionWith.REFERRER, ActionWith.PROVIDER}
        assert due.due_on > NOON.date()


@pytest.mark.parametrize(
    ("status", "owner", "days"),
    [
        ("draft", "referrer", 7),
        ("sent", "provider", 2),
        ("acknowledged", "provider", 5),
        ("more_info", "referrer", 3),
        ("waiting", "provider", 20),
        ("accepted", "provider", 5),
        ("active", "provider", 15),
        ("delivered", "referrer", 20),
        ("declined", "referrer", 1),
    ],
)
def test_each_clock_has_the_agreed_length_and_owner(status, owner, days):
    due = next_due(status, NOON)
    assert (due.action_with, due.days) == (owner, days)


def test_food_and_heating_are_due_the_same_day_and_a_stopped_clock_goes_on():
    assert next_due("accepted", NOON, same_day=True).due_on == NOON.date()
    assert next_due("sent", NOON, same_day=True).days == 2
    assert next_due("acknowledged", NOON, days_left=1).due_on == date(2026, 11, 26)
    assert next_due("acknowledged", NOON, overrides={"decide": 1}).due_on == date(2026, 11, 26)


@given(st.lists(st.sampled_from(sorted(ROWS)), max_size=40))
def test_any_walk_through_the_steps_keeps_to_the_rules(actions):
    status = Status.DRAFT
    for action in actions:
        step = STEPS[action]
        if status not in ROWS[action][1]:
            with pytest.raises(NotPossibleNow) as caught:
                check(status, action, **as_whoever_may(step), evidence=BROUGHT, facts=ALL_WELL)
            assert caught.value.state == status
            assert action not in caught.value.allowed
            continue
        status = check(status, action, **as_whoever_may(step), evidence=BROUGHT, facts=ALL_WELL).target
        assert (next_due(status, NOON) is not None) == (status in OPEN)
        assert step.ends == (status in ENDED)
