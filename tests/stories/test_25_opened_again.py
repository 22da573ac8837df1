"""It was cancelled too soon. The team lead opens it again, and the old clocks stay readable."""

import pytest

from accounts.errors import NotAllowed
from tests.factories import MembershipFactory


def test_only_a_lead_opens_it_again_with_a_reason_and_consent_is_asked_anew(story):
    story.is_referred("cancelled")
    with pytest.raises(NotAllowed):
        story.step("reopen", by=story.ash)
    lead = MembershipFactory(team=story.ash.team, is_lead=True)

    story.step("reopen", by=lead, reason_code="too_soon")
    assert story.status == "sent"
    assert story.whose_move() == "provider"
    steps = list(story.referral.events.values_list("step", flat=True))
    assert steps[-2:] == ["cancel", "reopen"], "nothing of what happened is gone"
    assert story.referral.events.last().reason_code == "too_soon"
