"""Two people share a name, and Ash refers the wrong one. It takes two of the staff to take it back."""

import pytest
from django.urls import reverse

from accounts.errors import Refused
from accounts.models import AuditEvent
from referrals import actions


def test_two_people_mark_it_and_nobody_at_the_provider_sees_it_again(story, as_bo):
    story.is_referred("accepted")
    with pytest.raises(Refused):
        story.step("mark_error", by=story.dee)
    actions.propose_error(
        referral=story.referral, by=story.ash, words="It was the other Robin.", wrong_person=True
    )
    assert story.status == "accepted", "one person's word changes nothing"
    story.step("mark_error", by=story.dee)

    assert story.status == "entered_in_error"
    assert as_bo.get(reverse("referrals:detail", args=[story.referral.pk])).status_code == 404
    assert AuditEvent.objects.filter(action="incident_wrong_person").exists()
    owed = [one.kind for one in story.owed() if one.referral_id == story.referral.pk]
    assert owed == ["for_provider"], "the provider hears that it has ended, and nobody has anything else to do"
    before = story.sent()
    story.goes_on(days=14)
    assert story.sent() == before, "the person about whom it never was hears nothing of it"
