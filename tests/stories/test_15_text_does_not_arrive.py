"""Her number is not in use any more."""

from referrals import fates
from referrals.models import Reminder


def test_a_receipt_after_the_end_queues_no_news_of_before(story):
    story.may_be_reached("text", "letter")
    story.is_referred("sent")
    story.goes_on(hours=0)
    text = Reminder.objects.get(channel="text", service_user=story.person)
    story.step("withdraw", by=story.ash)

    fates.receive(reference=text.pk, fate="failed")
    assert not Reminder.objects.owed().filter(referral=story.referral).exists()


def test_the_next_way_that_she_allows_is_tried_and_a_person_knows(story):
    story.may_be_reached("text", "letter")
    story.is_referred("sent", preferred_channel="text", fallback_channel="letter")
    story.goes_on(hours=0)
    text = Reminder.objects.get(channel="text", service_user=story.person)
    assert text.status == "sent"

    fates.receive(reference=text.pk, fate="failed")
    assert story.owed("message_failed"), "it is somebody's to mend, not a line in a log"
    assert story.owed("tell_person")

    story.goes_on(days=2)
    assert story.sent_by() == ["text", "letter"]
    assert story.owed("tell_person"), "the letter counts when somebody says that it was posted"

    fates.receive(reference=text.pk, fate="failed")
    story.goes_on(days=2)
    assert story.sent_by() == ["text", "letter"], "the receipt that came twice did nothing"
