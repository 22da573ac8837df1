"""A call in the morning, one in the afternoon, one next week. Then somebody chooses another way."""

from referrals.calls.listing import topics_of
from referrals.calls.recording import record


def ring(story, result, **more):
    return record(service_user=story.person, how="call", result=result, by=story.bo, **more)


def test_the_third_call_in_vain_makes_somebody_choose_another_way(story):
    story.may_be_reached("call", "letter", automatic=False)
    story.is_referred("accepted")
    assert topics_of([story.person], story.bo)[story.person.pk], "he is on the call list"

    ring(story, "no_answer")
    assert story.owed("choose_way") == []
    story.goes_on(days=1, hours=4)
    ring(story, "somebody_else")
    story.goes_on(days=5)
    ring(story, "no_answer")

    other_way = story.the_one_owed("choose_way")
    assert "Not reached in 3 calls" in other_way.what
    assert story.owed("tell_person"), "and he has still not been told"
    assert story.status == "accepted"
    tries = story.referral.contact_attempts.order_by("happened_at")
    assert len(tries) == 3
    assert not any(one.reached for one in tries)


def test_one_call_that_reaches_him_settles_what_he_heard(story):
    story.may_be_reached("call")
    story.is_referred("accepted")
    topics = topics_of([story.person], story.bo)[story.person.pk]
    ring(story, "reached", told=[topic.key for topic in topics])
    assert story.owed("tell_person") == []
    assert story.referral.first_contact_at is not None
