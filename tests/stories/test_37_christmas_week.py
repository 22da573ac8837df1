"""Sent on the day before Christmas Eve. Two working days later is after the holidays."""

from datetime import date, timedelta

from accounts import clock


def test_clocks_stand_still_while_everybody_is_at_home(story):
    story.nobody_works_for(days=28)
    assert clock.today() == date(2026, 12, 23)
    story.is_referred("sent")
    assert story.referral.due_on == date(2026, 12, 29), "24 and 29 December: the 25th and 28th are holidays"
    story.goes_on(days=5)
    assert story.owed("nudge") == []
    story.goes_on(days=2)
    assert story.owed("nudge")
    assert clock.today() - date(2026, 12, 23) == timedelta(days=7)
