"""Role × state × step is closed: what the table does not name is refused, and leaves no trace."""

import pytest

from accounts.errors import InvalidInput, NotAllowed, NotPossibleNow
from accounts.models import AuditEvent
from accounts.permissions import Role
from referrals import actions
from referrals.lifecycle import STEPS, Side, Status, available
from referrals.models import FollowUp, Referral, ReferralEvent, Reminder
from tests import factories
from tests.factories import WAY_TO, evidence_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def everybody(ash, bo, dee, cam, nia, provider, team):
    """Name → (membership, side it should stand on once the referral was sent, team lead)."""
    lead = factories.MembershipFactory(team=team, role=Role.CLINICIAN, is_lead=True)
    worker_here = factories.MembershipFactory(team=team, role=Role.SUPPORT_WORKER)
    their_admin = factories.MembershipFactory(team__organisation=provider, role=Role.ADMIN)
    other_worker = factories.MembershipFactory(team__organisation=provider, role=Role.SUPPORT_WORKER)
    elsewhere = factories.MembershipFactory(role=Role.SUPPORT_WORKER)
    return {
        "clinician": (ash, Side.REFERRER, False),
        "team lead": (lead, Side.REFERRER, True),
        "support worker of the referrer": (worker_here, Side.REFERRER, False),
        "admin": (dee, Side.REFERRER, False),
        "support worker": (bo, Side.PROVIDER, False),
        "colleague at the provider": (other_worker, Side.PROVIDER, False),
        "admin of the provider": (their_admin, Side.PROVIDER, False),
        "other team": (nia, None, False),
        "other organisation": (cam, None, False),
        "another provider": (elsewhere, None, False),
    }


def trace(referral):
    row = Referral.objects.values().get(pk=referral.pk)
    counts = [model.objects.count() for model in (ReferralEvent, AuditEvent, FollowUp, Reminder, Referral)]
    return row, counts, referral.outcomes.count(), referral.need_outcomes.count()


@pytest.mark.parametrize("state", WAY_TO)
def test_what_the_table_does_not_name_is_refused_and_leaves_no_trace(referral_in, everybody, state):
    referral = Referral.objects.select_related("created_by", "referring_team").get(pk=referral_in(state).pk)
    before, refused = trace(referral), 0
    for name, (membership, side, lead) in everybody.items():
        stands = side is not None and (side is Side.REFERRER or referral.sent_at is not None)
        allowed = available(state, side=side, role=membership.role, team_lead=lead) if stands else []
        for action in set(STEPS) - set(allowed):
            with pytest.raises((NotAllowed, NotPossibleNow, InvalidInput)) as refusal:
                actions.act(
                    referral=referral, action=action, by=membership, evidence=evidence_for(referral, action)
                )
            refused += 1
            if not stands:
                assert refusal.type is NotAllowed, (name, action)
            elif refusal.type is NotPossibleNow:
                assert refusal.value.state == state
                assert set(refusal.value.allowed) == set(allowed) - {action}
            elif refusal.type is InvalidInput:
                assert action == "draft", (name, action)
    assert refused > 100
    assert trace(referral) == before


def test_every_state_is_in_the_matrix():
    assert set(WAY_TO) == {str(status) for status in Status}
