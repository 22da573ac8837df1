"""Her brother picks up her phone, and plays the messages on it."""

from django.urls import reverse


def test_nothing_is_ever_left_where_the_brother_hears_it(story, as_bo):
    story.may_be_reached(
        "call", "letter", automatic=False, automatic_reason="shared_phone", voicemail=False, weekdays=[1, 3]
    )
    story.is_referred("accepted")
    story.goes_on(days=7)
    assert story.sent() == []
    assert story.owed("tell_person")

    page = as_bo.get(reverse("referrals:detail", args=[story.referral.pk])).content.decode()
    assert "oicemail" in page, "whoever rings is told so before they ring"
    assert "shared_phone" not in page
