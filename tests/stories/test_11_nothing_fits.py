"""The only offer says no, and nothing else is near. The gap is counted, and the need stays open."""

from directory.models import UnmetNeed


def test_a_gap_is_a_row_and_no_dead_end(story):
    story.may_be_reached("text", "letter")
    story.is_referred("declined")
    story.goes_on(days=3)
    assert story.owed("next_step"), "Ash has it to do"
    assert any("someone else" in words for _channel, words in story.sent()), "she is told what comes next"

    story.step("reroute", by=story.ash, no_offer_fits=True)
    assert story.status == "rerouted"
    assert UnmetNeed.objects.filter(need__service_user=story.person).exists()
    need = story.referral.needs.get()
    assert need.is_open, "nothing being near does not mean that nothing is needed"
    assert story.owed("next_step") == []
    assert story.owed("review"), "she is asked again when the review comes"
