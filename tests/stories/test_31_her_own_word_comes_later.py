"""The provider says that it helped. In spring she says on a slip of paper that it did in part."""

from referrals import actions
from referrals.actions.persons_word import is_confirmed


def test_closed_is_one_thing_and_her_word_another(story):
    story.may_be_reached("letter")
    story.is_referred("delivered")
    assert story.owed("ask_person"), "somebody asks her"
    story.step("close", by=story.ash, outcome="helped", whose_word="provider_only")
    assert story.status == "closed"
    assert is_confirmed(story.referral) is False

    story.goes_on(days=60)
    actions.record_persons_word(
        referral=story.referral, outcome="partly_helped", whose_word="person", heard_by="letter_reply", by=story.bo
    )
    assert is_confirmed(story.referral) is True
    said = list(story.referral.outcomes.order_by("recorded_at").values_list("outcome", "whose_word"))
    assert said == [("helped", "provider_only"), ("partly_helped", "person")], "both stay; hers is the newest"
    assert story.owed("ask_person") == []
