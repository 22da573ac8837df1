"""The line is slow, so Bo presses Accept twice."""

from django.urls import reverse


def test_the_second_press_changes_nothing_and_sends_nothing(story, as_bo):
    story.may_be_reached("text")
    story.is_referred("acknowledged")
    address = reverse("referrals:step", args=[story.referral.pk, "accept"])
    form = {"version": story.referral.version, "named_worker": str(story.bo.pk)}

    first, second = as_bo.post(address, form), as_bo.post(address, form)

    assert first.status_code == 302
    assert second.status_code == 409
    assert "It is now: accepted" in second.content.decode()
    assert story.referral.events.filter(step="accept").count() == 1
    story.goes_on(days=1)
    assert story.sent_by() == ["text"]
    assert len([words for _channel, words in story.sent() if "yes" in words.lower()]) <= 1
