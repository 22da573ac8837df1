"""“Not now,” he says. In half a year somebody asks again, once."""

from datetime import timedelta

from accounts import clock
from screening.actions import decide
from tests.factories import ScreeningFactory


def test_not_now_is_asked_again_after_26_weeks(story):
    screening = ScreeningFactory(service_user=story.person, answers={"AC2": ["none"]}, submitted=True)
    rule = screening.result["suggestions"][0]["rule"]
    decide(screening=screening, rule=rule, decision="not_now", by=story.ash)
    story.rounds()
    asking = story.the_one_owed("ask_again")
    assert asking.due_on == clock.today() + timedelta(weeks=26)
    assert asking.team == story.ash.team
    story.goes_on(days=185)
    assert story.owed("ask_again") == [asking], "the same one, and no second"
    story.settles(asking, "spoke")
    story.goes_on(days=30)
    assert story.owed("ask_again") == []
