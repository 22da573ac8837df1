"""She lets her daughter speak about the tablet, and about nothing else."""

import pytest

from accounts.errors import InvalidInput
from referrals.models import Outcome


def test_a_carers_word_says_whose_it_is_and_how_far_it_goes(story):
    story.is_referred("delivered")
    with pytest.raises(InvalidInput) as refused:
        story.step("close", by=story.ash, whose_word="carer", words="")
    assert "words" in refused.value.fields
    story.step("close", by=story.ash, outcome="partly_helped", whose_word="carer", words="Her daughter, of it")
    outcome = Outcome.objects.get(referral=story.referral)
    assert (outcome.whose_word, outcome.words) == ("carer", "Her daughter, of it")
    assert story.owed("tell_person"), "she herself has not been told that it is closed"
