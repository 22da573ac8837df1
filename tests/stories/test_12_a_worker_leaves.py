"""Bo leaves on Friday with seven referrals. On Monday somebody has each of them."""

from django.urls import reverse

from accounts.models import Membership
from accounts.permissions import Role
from inclusion.leaving.actions import leave
from referrals.models import Referral
from tests.factories import MembershipFactory


def test_one_step_hands_everything_on_and_shuts_the_door(story, as_bo):
    lead = MembershipFactory(team=story.bo.team, role=Role.SUPPORT_WORKER, is_lead=True)
    other = MembershipFactory(team=story.bo.team, role=Role.SUPPORT_WORKER)
    story.may_be_reached("call")
    story.is_referred("active")
    assert as_bo.get(reverse("referrals:worklist")).status_code == 200

    leave(leaver=story.bo, to={"named": other, "kept": None, "drafts": None}, by=lead)

    assert story.referral.named_worker == other
    assert not Referral.objects.open().filter(named_worker__in=Membership.objects.exclude(ended_at=None)).exists()
    assert story.owed("tell_person"), "somebody else will come: she hears it from a person"
    assert as_bo.get(reverse("referrals:worklist")).status_code in {302, 403}, "out with the next click"
    page = story.reads(other)
    assert story.bo.user.name in page, "what Bo did stays readable"
