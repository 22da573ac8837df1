"""Half-way through, he takes back his yes to sharing. He says it to Ash, on the stairs."""

from django.urls import reverse

from referrals import actions
from referrals.models import Reminder


def test_everything_that_rests_on_the_consent_stops_at_once(story, as_bo):
    story.may_be_reached("text")
    story.is_referred("active")
    story.books(days=10)
    assert Reminder.objects.owed().filter(referral=story.referral).exists()
    page = reverse("referrals:detail", args=[story.referral.pk])
    assert "07700 900123" in as_bo.get(page).content.decode()

    actions.withdraw_consent(consent=story.person.consents.get(), how="Told Ash on the stairs", by=story.ash)

    assert story.status == "withdrawn"
    assert not Reminder.objects.owed().filter(referral=story.referral).exists()
    assert story.referral.appointments.get().status == "cancelled_by_person"
    assert "07700 900123" not in as_bo.get(page).content.decode(), "the provider can reach him no more"
    before = story.sent()
    story.goes_on(days=14)
    assert story.sent() == before
