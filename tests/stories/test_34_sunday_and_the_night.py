"""Accepted on a Saturday evening. The text comes on Monday at a decent hour."""

from accounts import clock
from people.london import in_london
from referrals.models import OutboxMessage


def test_nothing_rings_at_night_or_on_a_sunday(story):
    story.may_be_reached("text")
    story.nobody_works_for(days=3, hours=11)
    assert in_london(clock.now()).strftime("%A %H") == "Saturday 21"
    story.is_referred("accepted")
    for _hour in range(48):
        story.nobody_works_for(hours=1)
        story.rounds()
    times = [in_london(at) for at in OutboxMessage.objects.values_list("accepted_at", flat=True)]
    assert [time.strftime("%A") for time in times] == ["Monday"]
    assert 9 <= times[0].hour < 20
