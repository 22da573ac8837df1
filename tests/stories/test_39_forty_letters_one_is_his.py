"""A run of letters is printed at noon. At one he asks to be left alone. At four the post goes."""

from datetime import timedelta

from accounts import clock
from referrals import actions
from referrals.post import runs, waiting


def test_a_printed_letter_that_may_not_go_any_more_is_taken_out_of_the_run(story):
    story.may_be_reached("letter", "call")
    story.is_referred("sent")
    story.goes_on(hours=1)
    letters = [reminder.pk for reminder in waiting.waiting(story.ash)]
    batch = runs.make(chosen=letters, both_sides=False, by=story.ash)
    assert runs.print_run(batch=batch, by=story.ash).startswith(b"%PDF")

    actions.pause(
        referral=story.referral, reason="asked_to_wait", review_on=clock.today() + timedelta(days=9), by=story.ash
    )
    marked = runs.mark_posted(batch=batch, posted_on=clock.today(), last_collection=True, by=story.ash)
    assert marked.posted == 0
    assert [letter.reason for letter in marked.taken_out] == ["paused"]
    assert story.owed("tell_person"), "he was not told, and it is still somebody’s to do when he is ready"
