"""The heating is off. That first contact is due today, not next week."""

from accounts import clock
from directory.models import SupportOffer


def test_first_contact_about_food_or_heating_is_due_the_same_day(story):
    SupportOffer.objects.filter(pk=story.offer.pk).update(kinds=["basics"])
    story.offer.refresh_from_db()
    story.is_referred("accepted")
    assert story.referral.clock == "same_day"
    assert story.referral.due_on == clock.today()
    story.goes_on(days=1)
    assert story.the_one_owed("nudge").team == story.bo.team
    story.goes_on(days=2)
    assert story.owed("stuck"), "the admin hears of it in the same week"
    story.step("start", successful_contact="spoke")
    assert story.owed("stuck") == story.owed("nudge") == []
