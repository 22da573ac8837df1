"""A text waits for the morning. In the evening she says that she does not want it."""

from accounts import clock
from referrals.models import Reminder


def test_what_waited_never_goes(story):
    story.may_be_reached("text")
    story.nobody_works_for(hours=11)
    assert clock.now().hour == 21
    story.is_referred("accepted")
    story.rounds()
    assert story.sent() == [], "it is nine in the evening"
    assert Reminder.objects.owed().count() == 1

    story.step("withdraw", by=story.ash, how_said="phone")
    assert Reminder.objects.owed().count() == 0
    story.goes_on(days=10)
    assert story.sent() == []
    assert not list(story.owed("tell_person"))
