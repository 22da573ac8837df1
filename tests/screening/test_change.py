"""One screening beside the one before: what moved, what changed, and what became of each need."""

import html
import json
from datetime import timedelta

import pytest

from accounts import clock
from screening import actions, questionnaire
from screening.result_views import _changed
from tests.factories import ContactPlanFactory, ReferralFactory, ScreeningFactory
from tests.screening.examples import CASES, RAW, without

HOME = CASES["supported-home-never-online"]
WELL = CASES["no-barriers"]


@pytest.fixture
def screened(person, ash):
    def take(answers, ago=0, **more):
        with clock.at(clock.now() - timedelta(days=ago)):
            return ScreeningFactory(service_user=person, started_by=ash, answers=answers, submitted=True, **more)

    return take


def texts(rows):
    return {row.item.code for row in rows}


def gone_of(change):
    return {gone.title for gone in change.gone}


def test_the_first_screening_stands_alone(screened):
    assert _changed(screened(HOME)) is None


def test_levels_are_shown_then_and_now(screened):
    screened(HOME, ago=90)
    change = _changed(screened(WELL))
    assert {move.title: (move.before, move.now) for move in change.moves}["Access"] == ("High", "None found")
    assert all(move.moved for move in change.moves)


def test_answers_that_changed_are_pairs_and_others_are_not_named(screened):
    screened(HOME, ago=90)
    change = _changed(screened({**HOME, "AC1": "rare"}))
    assert [(pair.item.code, pair.before, pair.now) for pair in change.answers if pair.item.code == "AC1"] == [
        ("AC1", "Never", "Now and then")
    ]
    assert texts(change.answers) <= {"AC1", "KN1"}  # and what had been worked out from it


def test_a_gap_is_no_change_of_answer(screened):
    screened(WELL, ago=90)
    change = _changed(screened({**without(WELL, "AC1"), "KN5": {"state": "prefer_not"}}))
    apart = {one.item.code: one.why for one in change.apart}
    assert not texts(change.answers) & {"AC1", "KN5"}
    assert apart["AC1"] == "No answer this time: no answer yet"
    assert apart["KN5"] == "No answer this time: rather not say"


def test_what_resolved_a_need_is_the_answer_that_no_longer_raises_it(screened):
    screened(HOME, ago=90)
    change = _changed(screened({**HOME, "AC2": ["smart"], "AC3": ["home"], "AC4": "no"}))
    device = next(gone for gone in change.gone if gone.title == "No own working device")
    assert [(item.code, answer) for item, answer in device.because] == [("AC2", "Smartphone")]
    assert "No own working device" not in change.still + change.new + change.not_asked


def test_a_need_that_was_not_asked_about_is_never_gone(screened):
    screened(HOME, ago=90)
    change = _changed(screened(without(WELL, "MH3", "OC1")))
    assert set(change.not_asked) == {
        "Feels watched or hears voices linked to technology",
        "Place of stay may lack wifi",
    }
    assert not gone_of(change) & set(change.not_asked)


def test_every_need_stands_in_one_place(screened):
    """Of what was open before and what is raised now, each worked case after each of a few."""
    for before in list(CASES.values())[:4]:
        screened(before, ago=300)
        for now in CASES.values():
            screening = screened(now)
            change = _changed(screening)
            places = [gone_of(change), set(change.still), set(change.new), set(change.not_asked)]
            assert sum(map(len, places)) == len(set().union(*places))
            titles = {actions.sitting.definition_of(screening).need_title(n.code) for n in screening.needs.all()}
            assert set(change.still) | set(change.new) == titles


def test_what_a_review_in_between_resolved_is_gone_since_then(screened, person, ash):
    screened(HOME, ago=90)
    review = questionnaire.latest("review-12-weeks")
    with clock.at(clock.now() - timedelta(days=5)):
        between = actions.record(
            service_user=person, answers={"AC1": "daily", "AC2": ["smart"]}, by=ash, asked=review, submit=True
        )
    change = _changed(screened(WELL))
    device = next(gone for gone in change.gone if gone.title == "No own working device")
    assert (change.before.definition, device.by) == ("getting-online", between)


def test_a_review_stands_beside_the_screening_where_both_ask_the_same(screened, person, ash):
    screened(HOME, ago=90)
    review = questionnaire.latest("review-12-weeks")
    answers = {"AC1": "daily", "AC2": ["smart"], "FU2": "reached", "FU6": ["none"]}
    done = actions.record(service_user=person, answers=answers, by=ash, asked=review, submit=True)
    change = _changed(done)
    assert {"AC1", "AC2"} <= texts(change.answers)
    assert {one.item.code: one.why for one in change.apart}["FU2"] == "Asked only this time"
    assert {one.item.code: one.why for one in change.apart}["FA3"] == "Asked only last time"
    assert (change.moves, change.moves_apart) == ([], [])
    assert "No own working device" in gone_of(change)


def test_what_was_raised_in_error_is_no_help_that_worked(screened, ash):
    wrong = screened(HOME, ago=90)
    draft = actions.correct(screening=wrong, reason="Wrong box", by=ash)
    saved = actions.save_answers(screening=draft, answers={"AC2": ["smart"]}, version=1, by=ash).screening
    actions.submit(screening=saved, by=ash)
    change = _changed(screened(WELL))
    assert "No own working device" not in gone_of(change)


@pytest.fixture
def newer_version(tmp_path, monkeypatch):
    """1.1.0 asks one question in other words, one with another answer to choose, and puts a threshold up."""
    newer = json.loads(json.dumps(RAW))
    newer["version"] = "1.1.0"
    items = {item["code"]: item for item in newer["items"]}
    items["AC1"]["text"] = "How often are you online?"
    items["KN2"]["options"].append({"code": "depends", "label": "It depends"})
    next(theme for theme in newer["themes"] if theme["code"] == "access")["high_at"] = 6
    for raw in (RAW, newer):
        (tmp_path / f"getting-online-{raw['version']}.json").write_text(json.dumps(raw), encoding="utf-8")
    caches = (questionnaire.get, questionnaire.latest)

    def use():
        monkeypatch.setattr(questionnaire, "DEFINITIONS", tmp_path)
        for cached in caches:
            cached.cache_clear()

    yield use
    monkeypatch.undo()
    for cached in caches:
        cached.cache_clear()


def test_across_versions_only_what_both_asked_alike_is_compared(screened, person, ash, newer_version):
    screened(HOME, ago=90)
    newer_version()
    asked = questionnaire.latest("getting-online")
    answers = {**HOME, "AC1": "rare", "KN2": "very"}
    change = _changed(actions.record(service_user=person, answers=answers, by=ash, asked=asked, submit=True))
    (pair,) = [pair for pair in change.answers if pair.item.code == "AC1"]
    assert pair.reworded
    assert {one.item.code: one.why for one in change.apart}["KN2"] == (
        "Other answers were to choose from last time"
    )
    assert change.moves_apart == ["Access"]
    assert "Access" not in {move.title for move in change.moves}


# --- On the page


def page(client, screening):
    return html.unescape(client.get(f"/screenings/{screening.pk}/").content.decode())


def test_the_page_tells_it_and_keeps_what_is_private_off_paper(as_ash, screened):
    screened({**HOME, "CT2": "fine", "MH3": "no"}, ago=90)
    shown = page(as_ash, screened({**HOME, "CT2": "avoid", "CT2a": ["text"], "MH3": "some"}))
    change = shown[shown.index('id="change"') : shown.index('id="help"')]
    pair = change[: change.index("Some people feel watched")].rindex("<div")
    assert "dx-no-print" in change[pair : pair + 60]
    assert "Private" in change
    assert "Then: No" in change


def test_what_was_arranged_meanwhile_stands_beside_the_need_that_is_gone(as_ash, ash, person, offer, screened):
    screened(HOME, ago=90)
    person.needs.update(decision="agreed", decided_at=clock.now(), decided_by=ash)
    ContactPlanFactory(service_user=person)
    referral = ReferralFactory(service_user=person, offer=offer, closed=True)
    shown = page(as_ash, screened({**HOME, "AC2": ["smart"], "AC3": ["home"], "AC4": "no"}))
    change = shown[shown.index('id="change"') : shown.index('id="help"')]
    assert f'href="/referrals/{referral.pk}/"' in change
    assert "Meanwhile:" in change
    assert "It helped" in change
