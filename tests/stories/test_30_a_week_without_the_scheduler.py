"""The machine was off for a week. What is still of use goes out; yesterday's appointment does not."""

from referrals.models import Reminder


def test_news_still_goes_and_a_reminder_of_the_past_never_does(story):
    story.may_be_reached("text")
    story.is_referred("active")
    story.goes_on(days=1)
    story.books(days=3)
    story.goes_on(hours=1)
    before = len(story.sent())
    story.nobody_works_for(days=8)
    story.step("deliver")
    story.rounds()
    story.goes_on(days=1)

    assert not Reminder.objects.owed().filter(template="appointment_reminder").exists()
    for reminder in Reminder.objects.filter(template="appointment_reminder"):
        assert reminder.status in {"stale", "cancelled"}
    assert not [words for _channel, words in story.sent()[before:] if "tomorrow" in words.lower()]
