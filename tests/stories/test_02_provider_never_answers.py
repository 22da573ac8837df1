"""The provider says nothing: for a week, for a month, for four hundred days."""

from accounts import clock
from referrals.lifecycle import OPEN


def kinds(story):
    return {owed.kind for owed in story.owed()} - {"review", "screening_due", "tell_person"}


def test_a_silent_provider_is_chased_by_ever_more_people_and_nothing_closes(story):
    story.is_referred("sent")

    story.goes_on(days=5)
    assert kinds(story) == {"nudge"}
    assert story.the_one_owed("nudge").team == story.bo.team

    story.goes_on(days=3)
    assert story.the_one_owed("coordinate").team == story.ash.team

    story.goes_on(days=6)
    assert story.the_one_owed("stuck").team == story.ash.team

    story.goes_on(days=400)
    assert story.status == "sent"
    assert story.status in OPEN
    assert story.whose_move() == "provider"
    assert story.referral.due_on < clock.today(), "it is still overdue, and says since when"
    assert "stuck" in kinds(story)


def test_opening_it_after_all_ends_the_chase(story):
    story.is_referred("sent")
    story.goes_on(days=20)
    story.step("acknowledge")
    assert kinds(story) == set()
    assert story.referral.due_on > clock.today()
