"""The provider said yes, booked a session, and now its van is off the road for good."""

from referrals.models import Reminder


def test_a_late_no_takes_the_same_path_as_an_early_one(story):
    story.may_be_reached("text")
    story.is_referred("accepted")
    story.goes_on(days=1)
    session = story.books(days=12)
    story.goes_on(days=1)

    story.step("decline", reason_code="offer_ended")

    assert story.status == "declined"
    assert story.whose_move() == "referrer"
    assert story.the_one_owed("next_step").team == story.ash.team
    session.refresh_from_db()
    assert session.status == "cancelled_by_service"
    assert not Reminder.objects.owed().filter(template="appointment_reminder").exists()
    before = len(story.sent())
    story.goes_on(days=2)
    assert len(story.sent()) > before, "he hears it, together with what comes next"
    assert not any("Riverside Hub" in words for _channel, words in story.sent()[before:])

    story.step("reroute", by=story.ash, no_offer_fits=True)
    assert story.referral.needs.get().is_open
