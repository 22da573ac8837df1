"""Bo rings, rings again, and writes. Only then, and only after Ash was asked, may it end."""

import pytest

from accounts.errors import NotPossibleNow
from referrals import actions
from referrals.models import Outcome


def test_three_tries_two_ways_two_days_a_letter_and_the_safety_question(story):
    story.may_be_reached("call", "letter", automatic=True)
    story.is_referred("accepted", preferred_channel="call", fallback_channel="letter")
    story.tries("call", "no_answer")
    with pytest.raises(NotPossibleNow, match="three times"):
        story.step("could_not_reach")
    story.goes_on(days=1)
    story.tries("call", "no_answer")
    story.goes_on(days=1)
    story.tries("call", "no_answer")
    with pytest.raises(NotPossibleNow, match="two different ways"):
        story.step("could_not_reach")
    story.tries("letter", "sent")
    story.goes_on(days=60)
    assert story.status == "accepted", "no job ever closes it"
    with pytest.raises(NotPossibleNow, match="Ask the clinician first"):
        story.step("could_not_reach")
    question = actions.ask_safety(referral=story.referral, clinician=story.ash, by=story.bo)
    with pytest.raises(NotPossibleNow, match="no answer yet"):
        story.step("could_not_reach")
    actions.answer_safety(follow_up=question, answer="no_concern", by=story.ash)

    story.step("could_not_reach")
    assert story.status == "closed"
    outcome = Outcome.objects.get(referral=story.referral)
    assert (outcome.outcome, outcome.whose_word) == ("could_not_reach", "nobody")
    assert story.owed("tell_person"), "the door is open, and somebody owes it to say so"
    story.goes_on(days=2)
    assert any(channel == "letter" for channel, _words in story.sent())
