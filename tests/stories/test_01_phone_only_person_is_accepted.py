"""She has a phone and nothing else, and does not read texts. A referral is accepted: who tells her, and when?"""


def test_a_phone_only_person_is_told_by_a_call(story):
    story.may_be_reached("call")
    story.is_referred("accepted")
    story.goes_on(days=1)

    assert story.sent() == [], "no text or letter takes the place of a call"
    owed = story.the_one_owed("tell_person")
    assert owed.team == story.bo.team, "whoever works with her now tells her"

    story.tries("call", "no_answer")
    story.goes_on(days=2)
    assert story.owed("tell_person") == [owed], "nobody answered, so she has not been told"

    story.tries("call", "spoke", told=True)
    assert story.owed("tell_person") == []
    assert story.referral.first_contact_at is not None
