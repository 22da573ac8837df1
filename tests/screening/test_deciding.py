"""What is left to the clinician is chosen and kept; "not now" has its day; every earlier decision can be seen."""

import html
from datetime import timedelta

import pytest

from accounts import clock
from accounts.errors import InvalidInput, NotPossibleNow
from screening import actions
from tests.factories import ScreeningFactory
from tests.screening.examples import CASES

HOME = CASES["supported-home-never-online"]


@pytest.fixture
def home(person, ash):
    """Worries about scams, and sometimes feels watched: R16, or R04."""
    return ScreeningFactory(service_user=person, started_by=ash, answers=HOME, submitted=True)


def card(client, screening, rule):
    page = html.unescape(client.get(f"/screenings/{screening.pk}/").content.decode())
    return page[page.index(f'id="{rule}"') :].split("</article>")[0]


def post(client, screening, rule, path="", **sent):
    return client.post(f"/screenings/{screening.pk}/suggestions/{rule}/{path}", sent)


# --- The choice


def test_it_is_agreed_to_once_it_is_chosen(ash, home):
    with pytest.raises(InvalidInput):
        actions.decide(screening=home, rule="R16", decision="agreed", by=ash)
    actions.choose_rule(screening=home, rule="R16", chosen="R16", by=ash)
    (need,) = actions.decide(screening=home, rule="R16", decision="agreed", by=ash)
    assert need.decision == "agreed"


def test_the_other_one_can_be_chosen_and_either_can_be_chosen_again(ash, home):
    for chosen in ("R04", "R16", "R16"):
        actions.choose_rule(screening=home, rule="R16", chosen=chosen, by=ash)
    assert [choice.chosen for choice in home.choices.all()] == ["R04", "R16"]


def test_what_was_agreed_is_changed_before_the_other_is_chosen(ash, home):
    actions.choose_rule(screening=home, rule="R16", chosen="R16", by=ash)
    actions.decide(screening=home, rule="R16", decision="agreed", by=ash)
    with pytest.raises(InvalidInput):
        actions.choose_rule(screening=home, rule="R16", chosen="R04", by=ash)


@pytest.mark.parametrize(("rule", "chosen"), [("R06", "R06"), ("R16", "R06"), ("R99", "R99")])
def test_what_is_no_choice_is_refused(ash, home, rule, chosen):
    with pytest.raises(InvalidInput):
        actions.choose_rule(screening=home, rule=rule, chosen=chosen, by=ash)


def test_nothing_is_chosen_beside_a_screening_that_no_longer_counts(ash, home):
    actions.void(screening=home, reason="Twice", by=ash)
    with pytest.raises(NotPossibleNow):
        actions.choose_rule(screening=home, rule="R16", chosen="R16", by=ash)


def test_the_page_asks_for_the_choice_first_and_shows_what_was_chosen(as_ash, home):
    before = card(as_ash, home, "R16")
    assert "For you to choose, with the person." in before
    assert 'value="agreed"' not in before
    assert post(as_ash, home, "R16", "choice/", chosen="R16").url.endswith("#R16")
    chosen = card(as_ash, home, "R16")
    assert 'value="agreed"' in chosen
    assert "Ash Amadi" in chosen
    post(as_ash, home, "R16", "choice/", chosen="R04")
    other = card(as_ash, home, "R16")
    assert "R04 was chosen instead." in other
    assert 'name="decision"' not in other


def test_a_correction_keeps_the_choice(ash, home):
    actions.choose_rule(screening=home, rule="R16", chosen="R04", by=ash)
    draft = actions.correct(screening=home, reason="Wrong box", by=ash)
    assert [one.chosen for one in actions.submit(screening=draft, by=ash).choices.all()] == ["R04"]


def test_through_the_api(as_ash, home):
    url = f"/api/v1/screenings/{home.pk}/"
    chosen = as_ash.post(f"{url}choose/", {"rule": "R16", "chosen": "R16"}, content_type="application/json")
    assert chosen.json()["chosen"] == "R16"
    assert [one["chosen"] for one in as_ash.get(url).json()["choices"]] == ["R16"]
    day = (clock.today() + timedelta(days=30)).isoformat()
    sent = {"rule": "R06", "decision": "not_now", "ask_again_on": day}
    (need,) = as_ash.post(f"{url}decide/", sent, content_type="application/json").json()
    assert need["ask_again_on"] == day


# --- Not now, and what was decided before


def test_not_now_is_asked_again_on_the_day_agreed_or_in_half_a_year(ash, home):
    day = clock.today() + timedelta(days=30)
    (need,) = actions.decide(screening=home, rule="R06", decision="not_now", ask_again_on=day, by=ash)
    (other,) = actions.decide(screening=home, rule="R08", decision="not_now", by=ash)
    assert (need.ask_again_on, need.decisions.get().ask_again_on) == (day, day)
    assert other.ask_again_on == clock.today() + timedelta(weeks=26)


def test_another_day_is_another_decision_and_no_day_is_not(ash, home):
    first, second = clock.today() + timedelta(days=30), clock.today() + timedelta(days=60)
    for day in (first, second, second, None):
        (need,) = actions.decide(screening=home, rule="R06", decision="not_now", ask_again_on=day, by=ash)
    assert [one.ask_again_on for one in need.decisions.all()] == [first, second]


@pytest.mark.parametrize(("decision", "days"), [("not_now", 0), ("not_now", -1), ("not_now", 800), ("agreed", 30)])
def test_a_day_that_cannot_be_is_refused(ash, home, decision, days):
    day = clock.today() + timedelta(days=days)
    with pytest.raises(InvalidInput) as refused:
        actions.decide(screening=home, rule="R06", decision=decision, ask_again_on=day, by=ash)
    assert list(refused.value.fields) == ["ask_again_on"]


def test_the_page_takes_the_day_and_keeps_a_wrong_one_in_view(as_ash, home):
    day = clock.today() + timedelta(days=30)
    assert post(as_ash, home, "R06", decision="not_now", ask_again_on=f"{day:%d %m %Y}").status_code == 302
    assert f"Ask again on {day.day} {day:%B %Y}" in card(as_ash, home, "R06")
    refused = post(as_ash, home, "R06", decision="not_now", ask_again_on="soon").content.decode()
    assert 'href="#R06-ask_again_on"' in refused
    assert 'value="soon"' in refused


def test_a_reason_that_was_refused_is_still_there(as_ash, home):
    refused = post(as_ash, home, "R06", decision="declined", reason="x" * 301).content.decode()
    assert "x" * 301 in refused
    assert 'href="#R06-reason"' in refused


def test_what_was_decided_before_can_be_seen(as_ash, home):
    post(as_ash, home, "R06", decision="declined", reason="Not for me")
    post(as_ash, home, "R06", decision="agreed")
    shown = card(as_ash, home, "R06")
    assert "Decided before" in shown
    assert "<q>Not for me</q>" in shown
