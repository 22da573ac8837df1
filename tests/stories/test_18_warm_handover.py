"""Phones have frightened her before. She wants to meet the new worker with Ash in the room."""

import pytest

from accounts.errors import InvalidInput


def test_help_starts_with_both_in_the_room_and_says_who_was_there(story):
    story.may_be_reached("in_person", "letter")
    story.is_referred("accepted", warm_handover=True)
    with pytest.raises(InvalidInput) as refused:
        story.step("start", successful_contact="met", handover_present="")
    assert "handover_present" in refused.value.fields
    story.step("start", successful_contact="met", handover_present="Ash, Bo and her sister")
    event = story.referral.events.get(step="start")
    assert event.evidence["handover_present"] == "Ash, Bo and her sister"
