"""There is a list, and a place in February. He hears so, and the list is looked at again."""

from datetime import timedelta

from accounts import clock


def test_waiting_is_told_and_looked_at_every_twenty_days(story):
    story.may_be_reached("text")
    story.is_referred("acknowledged")
    story.goes_on(days=1)
    story.step("wait_list", expected_on=clock.today() + timedelta(days=80))
    story.goes_on(days=1)
    assert any("February" in words for _channel, words in story.sent())
    assert story.referral.clock == "waiting_review"

    story.goes_on(days=30)
    assert story.owed("nudge"), "somebody looks whether the place is still to come"
    assert story.status == "waiting"

    story.step("accept")
    assert story.status == "accepted"
    assert story.owed("nudge") == []
