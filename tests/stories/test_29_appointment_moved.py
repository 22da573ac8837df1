"""The session moves by a week. No reminder of the old hour may reach him."""

from datetime import timedelta

from accounts import clock
from referrals import actions


def test_only_the_new_time_is_told(story):
    story.may_be_reached("text")
    story.is_referred("active")
    story.goes_on(days=1)
    old = story.books(days=9)
    story.goes_on(days=1)
    new = actions.rearrange(appointment=old, starts_at=old.starts_at + timedelta(days=7), by=story.bo)
    told = len(story.sent())
    story.goes_on(days=20)

    later = [words for _channel, words in story.sent()[told:]]
    old.refresh_from_db()
    assert old.status == "rearranged"
    assert later, "he hears of the new time"
    old_day = f"{old.starts_at:%-d %B}"
    new_day = f"{new.starts_at:%-d %B}"
    assert not [words for words in later if old_day in words]
    assert [words for words in later if new_day in words]
    assert clock.now() > new.starts_at
