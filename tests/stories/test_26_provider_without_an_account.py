"""A church hall with one volunteer and a telephone. Ash rings, and writes down what she says."""


def test_a_volunteer_accepts_and_reports_by_phone(by_phone_in):
    story = by_phone_in
    story.may_be_reached("text")
    story.is_referred("sent")
    assert story.whose_move() == "provider"
    story.goes_on(days=5)
    assert story.the_one_owed("nudge").team == story.ash.team, "nobody there has a screen: Ash rings"

    for action in ("acknowledge", "accept", "start", "deliver"):
        story.step(action, by=story.ash)
    assert story.status == "delivered"
    events = story.referral.events.filter(step__in=["acknowledge", "accept", "start", "deliver"])
    assert set(events.values_list("source", flat=True)) == {"phoned_in"}
    assert set(events.values_list("side", flat=True)) == {"provider"}
    assert {event.by for event in events} == {story.ash}
