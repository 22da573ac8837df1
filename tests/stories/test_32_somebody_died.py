"""She died. The referral ends, and no letter comes to the house."""


def test_no_message_follows_a_death(story):
    story.may_be_reached("text", "letter")
    story.is_referred("acknowledged")
    story.goes_on(days=1)
    before = story.sent()
    story.step("cancel", by=story.ash, reason_code="died")
    assert story.owed("tell_person") == []
    story.goes_on(days=400)
    assert story.sent() == before, "no review, no yearly screening, no door that is open"
