"""The SIM that keeps her online ends in ten weeks. Nobody should learn it from a dead phone."""

from datetime import timedelta

from accounts import clock


def test_somebody_rings_before_the_data_ends_and_again_before_it_is_too_late(story):
    story.may_be_reached("text", "call")
    story.is_referred("active")
    loan = story.lends("sim", days=70)

    story.goes_on(days=38)
    first, second = story.owed("loan_ends")
    assert first.due_on <= loan.ends_on - timedelta(days=30)
    assert second.due_on <= loan.ends_on - timedelta(days=7)
    assert not [words for _channel, words in story.sent() if "SIM" in words], "a person rings; no text does it"
    story.settles(first, "spoke", by=story.bo)

    story.loan_goes(loan, "renew", ends_on=clock.today() + timedelta(days=180))
    assert second.pk not in {owed.pk for owed in story.owed("loan_ends")}, "the old end is nobody's worry now"
    assert all(owed.due_on > clock.today() + timedelta(days=90) for owed in story.owed("loan_ends"))


def test_a_loan_outlives_its_referral_and_losing_it_is_no_fault(story):
    story.may_be_reached("call")
    story.is_referred("active")
    loan = story.lends("device", days=60)
    story.step("deliver")
    story.step("close", by=story.ash)
    assert story.owed("loan_ends"), "it still ends"
    story.loan_goes(loan, "lose")
    assert story.owed("loan_ends") == []
