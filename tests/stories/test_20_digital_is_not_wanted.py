"""After three sessions he says: this is not for me, write to me instead. That is a good end."""

from referrals.models import Outcome


def test_not_wanting_it_is_an_outcome_and_no_failure(story):
    story.may_be_reached("letter")
    story.is_referred("delivered")
    story.step(
        "close", by=story.ash, outcome="digital_not_wanted", whose_word="person", words="Letters, in large print"
    )
    assert story.status == "closed"
    outcome = Outcome.objects.get(referral=story.referral)
    assert (outcome.outcome, outcome.whose_word) == ("digital_not_wanted", "person")
    assert outcome.words == "Letters, in large print"
    assert story.owed("tell_person") == [], "nobody writes to him to tell him what he said"
