"""The provider asks something. While it waits for the answer, its own clock stands still."""


def test_the_decision_clock_goes_on_from_where_it_stood(story):
    story.is_referred("acknowledged")
    decide_by = story.referral.due_on
    story.goes_on(days=1)
    story.step("ask", question="Which days suit?")
    assert story.whose_move() == "referrer"
    assert story.referral.clock == "answer"
    story.goes_on(days=7)
    assert story.owed("nudge"), "Ash is reminded that an answer is owed"

    story.step("answer", by=story.ash, answer="Tuesdays.")
    assert story.whose_move() == "provider"
    assert story.referral.clock == "decide"
    assert story.referral.due_on > decide_by
    assert story.owed("nudge") == []
