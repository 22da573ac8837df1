"""“Please leave me for a while.” Contact stops that minute, the place is kept, and somebody looks again."""

from datetime import timedelta

from accounts import clock
from referrals import actions
from referrals.models import Reminder


def test_a_pause_holds_every_message_and_no_place_is_lost(story):
    story.may_be_reached("text")
    story.is_referred("accepted")
    assert Reminder.objects.owed().exists(), "a text was about to go"
    actions.pause(
        referral=story.referral, reason="crisis", review_on=clock.today() + timedelta(days=14), by=story.bo
    )
    story.goes_on(days=13)
    assert story.sent() == []
    assert story.status == "accepted"
    assert story.owed("tell_person"), "she is still owed it, by a person, when she is well"
    assert not story.owed("stuck"), "nobody is pressed to ring her meanwhile"

    story.goes_on(days=30)
    assert story.owed("pause_review"), "a pause that nobody looks at does not last in silence"
    assert story.owed("nudge") or story.owed("coordinate") or story.owed("stuck")
