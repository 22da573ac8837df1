"""He asked for letters. One is printed and posted, and three weeks later it is on Ash's desk again."""

from referrals import letters
from referrals.models import Reminder


def test_a_posted_letter_counts_until_it_comes_back(story):
    story.may_be_reached("letter", "call")
    story.is_referred("sent", preferred_channel="letter", fallback_channel="call")
    story.goes_on(hours=1)
    letter = Reminder.objects.get(channel="letter", service_user=story.person)
    assert story.owed("tell_person"), "a letter in a tray has told nobody"

    letters.mark_posted(reminder=letter, by=story.ash)
    assert story.owed("tell_person") == []

    story.goes_on(days=21)
    letter.refresh_from_db()
    letters.mark_returned(reminder=letter, by=story.ash)
    assert story.owed("tell_person"), "he was not told after all"
    assert story.owed("message_failed")

    told = story.the_one_owed("tell_person")
    story.settles(told, "told_call")
    assert story.owed("tell_person") == []
    assert story.owed("message_failed") == []
