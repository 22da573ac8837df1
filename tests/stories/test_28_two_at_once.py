"""Bo accepts while a colleague declines. One of them is first."""

import pytest

from accounts.errors import AlreadyChanged
from referrals import actions
from referrals.models import Referral


def test_the_second_is_told_what_is_so_and_what_can_be_done(story):
    story.is_referred("acknowledged")
    mine, theirs = (Referral.objects.get(pk=story.referral.pk) for _who in "ab")
    actions.act(referral=mine, action="accept", by=story.bo, evidence={"named_worker": story.bo})
    with pytest.raises(AlreadyChanged) as refused:
        actions.act(referral=theirs, action="decline", by=story.bo, evidence={"reason_code": "full"})
    assert refused.value.state == "accepted"
    assert "start" in refused.value.allowed
    assert story.status == "accepted"
    assert story.owed("next_step") == []
