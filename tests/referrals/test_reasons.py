"""A decline is never the end: each reason has a next step, for the referrer and in words for the person."""

from pathlib import Path

import pytest

from referrals import reasons
from referrals.reasons import DECLINE, NEXT_ACTIONS, NextAction, Reason, merged, offered
from referrals.steps import STEPS

LISTS = {name: value for name, value in vars(reasons).items() if isinstance(value, tuple) and name.isupper()}
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("reason", DECLINE, ids=lambda reason: reason.code)
def test_every_decline_has_a_next_step_and_tells_the_person(reason):
    assert reason.next_action in NextAction
    assert reason.next_action.sentence.endswith((".", "?"))
    assert reason.next_action.to_person.startswith("We will ")
    assert reason.tell_person == "declined_next_step"


def test_every_next_step_is_one_that_some_decline_leads_to():
    assert {reason.next_action for reason in DECLINE} == set(NextAction) == set(NEXT_ACTIONS)


@pytest.mark.parametrize("name", LISTS)
def test_codes_are_unique_and_fit_their_column(name):
    codes = [reason.code for reason in LISTS[name]]
    assert len(codes) == len(set(codes))
    assert max(map(len, codes)) <= 30


@pytest.mark.parametrize("name", LISTS)
def test_only_a_decline_parks_a_provider_or_names_a_next_step(name):
    for reason in LISTS[name]:
        assert name == "DECLINE" or (reason.next_action is None and not reason.park_days)


def test_what_the_person_reads_is_short_and_names_nothing_private():
    for _, words in NEXT_ACTIONS.values():
        assert len(words) <= 70
        assert not {"mental", "health", "clinic", "hospital", "screening"} & set(words.lower().rstrip(".").split())


def test_every_message_that_a_step_sends_has_its_words():
    for step in STEPS.values():
        for channel in ("text", "letter") if step.message else ():
            assert (ROOT / "templates" / "messages" / f"{step.message}.{channel}.txt").exists()


def test_an_organisation_adds_retires_and_keeps_reading():
    own = [Reason("full", "No room", next_action=NextAction.REROUTE, hidden=True), Reason("strike", "A strike")]
    all_of_them = merged(DECLINE, own)
    assert all_of_them["full"].label == "No room"
    assert {reason.code for reason in offered(all_of_them.values())} == (
        {reason.code for reason in DECLINE} - {"full"} | {"strike"}
    )
