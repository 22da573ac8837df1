"""What is recorded about a sitting: who answered and through whom, and the goal in the person's own words."""

import html
from datetime import UTC, datetime

import pytest

from accounts import clock
from accounts.errors import InvalidInput
from accounts.models import AuditEvent
from screening import actions
from screening.models import Screening
from tests.factories import ScreeningFactory, ServiceUserFactory
from tests.screening.examples import CASES
from tests.screening.filling import Inputs

GOAL = "I want to see my granddaughter’s photos."


@pytest.fixture
def draft(person, ash):
    return actions.start(service_user=person, by=ash)


def page_url(draft):
    return f"/screenings/{draft.pk}/sections/what-you-want/"


def fields(client, draft, **written):
    """What the page sends back: Inputs reads no textarea, so the words come from the test."""
    return {**Inputs(client.get(page_url(draft)).content.decode()).data, **written}


def words_of(draft):
    draft.refresh_from_db()
    return draft.goal_in_words


# --- Who, and through whom


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"answered_by": "with_help"}, "helped_by"),
        ({"helped_by": "her sister"}, "helped_by"),
        ({"interpreter": "helped"}, "interpreter_language"),
        ({"interpreter": "none", "interpreter_language": "Polish"}, "interpreter_language"),
        ({"interpreter_language": "Polish"}, "interpreter_language"),
        ({"interpreter": "perhaps"}, "interpreter"),
    ],
)
def test_facts_that_do_not_go_together_are_refused_at_their_field(person, ash, facts, field):
    with pytest.raises(InvalidInput) as refused:
        actions.start(service_user=person, by=ash, **facts)
    assert list(refused.value.fields) == [field]
    assert not Screening.objects.exists()


def test_nothing_said_about_an_interpreter_is_not_recorded_rather_than_none(draft):
    assert draft.interpreter == ""


def start_page(client, person, **sent):
    facts = {"answered_by": "person", "how": "face_to_face", "form": "full", **sent}
    return client.post(f"/screenings/of/{person.pk}/start/", facts)


def test_who_needs_an_interpreter_is_asked_about_one(as_ash, ash):
    person = ServiceUserFactory(team=ash.team, created_by=ash, interpreter_language="Polish")
    shown = as_ash.get(f"/screenings/of/{person.pk}/start/").content.decode()
    assert "The record says that this person needs one: Polish." in shown
    refused = start_page(as_ash, person)
    assert "Say whether there is an interpreter." in refused.content.decode()
    start_page(as_ash, person, interpreter="absent", interpreter_language="Polish")
    assert Screening.objects.get().interpreter == "absent"


def test_the_language_from_the_record_says_nothing_where_there_is_no_interpreter(as_ash, ash):
    person = ServiceUserFactory(team=ash.team, created_by=ash, interpreter_language="Polish")
    start_page(as_ash, person, interpreter="none", interpreter_language="Polish")
    assert Screening.objects.get().interpreter_language == ""


def test_nobody_else_has_to_say_anything_about_an_interpreter(as_ash, person):
    assert start_page(as_ash, person).status_code == 302


def test_the_result_and_the_list_say_how_the_sitting_was_held(as_ash, ash, person):
    facts = {"answered_by": "with_help", "helped_by": "her sister Ada", "how": "video"}
    done = ScreeningFactory(
        service_user=person,
        started_by=ash,
        answers=CASES["no-barriers"],
        submitted=True,
        interpreter="helped",
        interpreter_language="Twi",
        **facts,
    )
    for url in (f"/screenings/{done.pk}/", f"/screenings/of/{person.pk}/"):
        shown = as_ash.get(url).content.decode()
        for said in ("with help from her sister Ada", "Video.", "Interpreter: Twi.", "All questions."):
            assert said in shown, (url, said)


def test_an_interrupted_sitting_shows_its_start_and_its_end(as_ash, ash, person):
    with clock.at(datetime(2026, 3, 2, 10, 5, tzinfo=UTC)):
        draft = actions.start(service_user=person, by=ash)
    with clock.at(datetime(2026, 3, 4, 15, 30, tzinfo=UTC)):
        actions.submit(screening=draft, by=ash)
    shown = as_ash.get(f"/screenings/{draft.pk}/").content.decode()
    assert "Started 2 March 2026, 10:05, interrupted, submitted 4 March 2026, 15:30" in shown


# --- The goal in their own words


def test_the_goal_is_saved_with_its_section_and_shown(as_ash, ash, draft):
    response = as_ash.post(page_url(draft), fields(as_ash, draft, goal_in_words=GOAL))
    assert response.status_code == 302
    assert words_of(draft) == GOAL
    assert GOAL in as_ash.get(f"/screenings/{draft.pk}/check/").content.decode()
    actions.submit(screening=draft, by=ash)
    assert GOAL in as_ash.get(f"/screenings/{draft.pk}/").content.decode()


def test_the_goal_is_asked_only_beside_the_question_of_it(as_ash, draft):
    assert "goal_in_words" in as_ash.get(page_url(draft)).content.decode()
    elsewhere = f"/screenings/{draft.pk}/sections/reaching-you/"
    assert "goal_in_words" not in as_ash.get(elsewhere).content.decode()
    with pytest.raises(InvalidInput):
        actions.save_section(
            screening=draft, section="reaching-you", answers={}, version=1, by=draft.started_by, goal_in_words=GOAL
        )


def test_the_goal_can_be_taken_away_again(as_ash, draft):
    as_ash.post(page_url(draft), fields(as_ash, draft, goal_in_words=GOAL))
    as_ash.post(page_url(draft), fields(as_ash, draft, goal_in_words=""))
    assert words_of(draft) == ""


def test_two_who_write_different_goals_lose_neither(as_ash, draft):
    stale = fields(as_ash, draft, goal_in_words="To email my sister")
    as_ash.post(page_url(draft), fields(as_ash, draft, goal_in_words=GOAL))
    refused = as_ash.post(page_url(draft), stale)
    shown = html.unescape(refused.content.decode())
    assert refused.status_code == 409
    assert f"somebody else wrote: “{GOAL}”" in shown
    assert "\nTo email my sister</textarea>" in shown
    assert words_of(draft) == GOAL
    again = {**Inputs(refused.content.decode()).data, "goal_in_words": "Photos, and email"}
    assert as_ash.post(page_url(draft), again).status_code == 302
    assert words_of(draft) == "Photos, and email"


def test_a_page_open_since_before_takes_nobody_elses_goal_away(as_ash, draft):
    stale = fields(as_ash, draft, goal_in_words="")
    as_ash.post(page_url(draft), fields(as_ash, draft, goal_in_words=GOAL))
    as_ash.post(page_url(draft), {**stale, "FA2": "lot"})
    draft.refresh_from_db()
    assert (draft.goal_in_words, draft.responses["FA2"]["value"]) == (GOAL, "lot")


def test_with_javascript_somebody_elses_goal_comes_back_to_be_shown(as_ash, draft):
    stale = fields(as_ash, draft, goal_in_words="")
    as_ash.post(page_url(draft), fields(as_ash, draft, goal_in_words=GOAL))
    reply = as_ash.post(page_url(draft), {**stale, "FA2": "lot"}, headers={"accept": "application/json"}).json()
    assert reply["goal"] == GOAL
    assert reply["was"]["goal_in_words"] == GOAL


def test_a_goal_that_is_too_long_is_refused_beside_it_and_the_answers_saved(as_ash, draft):
    refused = as_ash.post(page_url(draft), {**fields(as_ash, draft, goal_in_words="x" * 301), "FA2": "lot"})
    assert refused.status_code == 400
    assert "Use 300 characters or fewer" in refused.content.decode()
    assert "x" * 301 in refused.content.decode()
    draft.refresh_from_db()
    assert (draft.goal_in_words, draft.responses["FA2"]["value"]) == ("", "lot")


def test_the_goal_stands_in_no_trace(as_ash, ash, draft):
    as_ash.post(page_url(draft), fields(as_ash, draft, goal_in_words=GOAL))
    assert GOAL not in repr(list(AuditEvent.objects.values()))
    assert AuditEvent.objects.get(action="save_answers").details["items"] == ["goal_in_words"]


def test_a_goal_that_comes_after_submitting_is_shown_and_not_lost_unseen(as_ash, ash, draft):
    late = fields(as_ash, draft, goal_in_words=GOAL)
    actions.submit(screening=draft, by=ash)
    response = as_ash.post(page_url(draft), late)
    assert response.status_code == 409
    assert GOAL in response.content.decode()
