"""Nobody has asked yet how it is safe to reach this person. That is not a yes."""

import pytest

from accounts.errors import NotPossibleNow
from people.safe_contact import Plan
from referrals import actions, reach
from tests.factories import ConsentFactory, NeedFactory


def test_it_cannot_be_sent_and_nothing_leaves(story):
    need = NeedFactory(screening__service_user=story.person, screening__started_by=story.ash, agreed=True)
    ConsentFactory(service_user=story.person)
    draft = actions.refer(
        service_user=story.person, offer=story.offer, needs=[need], kind="device", adjustments=(), by=story.ash
    )
    assert not reach.plan_of(story.person).answered
    assert reach.plan_of(story.person).allowed == Plan.unknown().allowed == frozenset()

    with pytest.raises(NotPossibleNow, match="how it is safe to contact"):
        actions.act(referral=draft, action="send", by=story.ash)
    story.goes_on(days=200)
    assert story.sent() == []
    assert {owed.kind for owed in story.owed()} & {"review", "nudge", "stuck"}, "people still have it to do"
