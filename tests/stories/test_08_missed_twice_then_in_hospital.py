"""He misses the first session, then the second. It turns out that he is in hospital."""

from datetime import timedelta

from accounts import clock
from referrals import actions


def missed(story):
    appointment = story.books(days=1)
    story.goes_on(days=1, hours=2)
    return story.meeting_ends_as(appointment, "did_not_attend")


def test_missing_sessions_asks_people_to_care_and_never_closes(story):
    story.may_be_reached("text", "call")
    story.is_referred("active")

    missed(story)
    assert story.status == "active"
    assert story.owed("missed_once")
    assert story.owed("missed_once")[0].team == story.bo.team

    missed(story)
    assert story.status == "active"
    assert story.the_one_owed("missed_twice").team == story.ash.team, "a clinician checks on him"

    actions.pause(
        referral=story.referral, reason="in_hospital", review_on=clock.today() + timedelta(days=21), by=story.ash
    )
    before = story.sent()
    story.goes_on(days=20)
    assert story.sent() == before, "nothing is sent to a ward, or to an empty flat"
    assert story.status == "active", "his place is kept"
    story.goes_on(days=2)
    assert story.owed("pause_review")[0].due_on <= clock.today()

    actions.resume(referral=story.referral, by=story.ash)
    assert story.owed("pause_review") == []
    story.books(days=5)
    story.goes_on(days=1)
    assert len(story.sent()) > len(before)
