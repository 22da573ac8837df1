"""What goes on a paper plan: agreed things and no others, safe to leave on a table, nothing made up."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people import contact_plan
from people.london import LONDON
from referrals.giving_away import check_words
from referrals.how_we_work.plain import grade
from referrals.lifecycle import OPEN
from referrals.printing import plan
from referrals.printing.plan import STATES, Asked, Meeting, State, Wanted, build, heard_by
from referrals.printing.support import GOALS, HELP, WAY_PICTURES
from screening import questionnaire
from screening.terms import RuleType
from tests.referrals.planning import (
    CALLS,
    DATA,
    KAY,
    LESSONS,
    LIBRARY,
    OPEN_ABOUT_IT,
    PACE,
    TABLET,
    TARIFF,
    TODAY,
    kay,
    lines_of,
    sheet_of,
    words_of,
)

RULES = list({rule.support: rule for asked in questionnaire.all_loaded() for rule in asked.rules}.values())
"""One for each kind of support, of whichever questionnaire."""


def agreed(known):
    return [item.support for item in build(known).items]


def said(known, section="What we agreed"):
    return lines_of(sheet_of(known))[section]


# --- What is on it, in which order --------------------------------------------------------------------------


def test_the_plan_says_everything_in_its_order():
    assert lines_of(sheet_of(KAY)) == {
        "My goal": ["I want to talk to family and friends."],
        "What we agreed": [
            "Learn the first steps",
            "I will meet Bo.",
            "When: Thursday 3 December at 2:30pm",
            "Where: Brook Lane Library, SE5 9AA",
            "I bring: your phone",
            "A phone, tablet or computer to use",
            "Sam will phone me.",
            "By Monday 30 November.",
            "Pay less for my phone or wifi",
            "We will look for this together.",
            "Someone will phone me.",
            "By this day:",
        ],
        "If nothing happens": [
            "No news by Monday 30 November? Then I can ring this number.",
            "020 7946 0101",
            "Who I ring: Your support team",
            "I can say: “What is going on with my plan?”",
        ],
        "Next date": ["Thursday 3 December at 2:30pm"],
    }


def test_own_words_stand_before_what_was_ticked():
    assert said(kay(goal="See my sister in Ghana"), "My goal") == ["“See my sister in Ghana”"]


def test_at_most_three_things_and_it_is_said_that_there_is_more():
    known = kay(asked=(TABLET, LESSONS, DATA))
    assert agreed(known) == ["first_steps", "device", "data_sim"]
    assert "We talked about more. We will come back to it." in said(known)


@pytest.mark.parametrize("change", [{"agreed": False}, {"settled": True}, {"sensitive": True}, {"stage": 1}])
def test_what_was_not_agreed_is_over_or_is_private_stands_nowhere(change):
    known = kay(asked=(), wanted=(replace(TARIFF, **change), PACE))
    assert agreed(known) == ["slow_pace"]


def test_help_that_is_on_its_way_is_not_also_to_be_looked_for():
    assert agreed(kay(wanted=(replace(TARIFF, support="device"),))) == ["first_steps", "device"]


def test_nothing_agreed_still_makes_sense():
    made = lines_of(sheet_of(kay(asked=(), wanted=(), goals=())))
    assert made["My goal"] == ["I want to:"]
    assert made["What we agreed"] == ["We talked.", "I can ask for help any time."]
    assert made["If I want help"][:2] == ["I can ring this number any time.", "020 7946 0101"]


def test_what_is_not_known_has_a_line_to_write_on():
    made = sheet_of(kay(asked=(), wanted=(TARIFF,), goals=(), phone="", review_on=None))
    to_write = [
        line.text for one in made.sections for lines in one.groups for line in lines if line.look == "write"
    ]
    assert to_write == ["I want to:", "By this day:", "The number is:", "We meet again on:"]


def test_small_steps_are_for_who_asked_for_them():
    assert "My small steps" not in lines_of(sheet_of(KAY))
    assert "My small steps" in lines_of(sheet_of(kay(learns=("paper",))))
    assert "My small steps" in lines_of(sheet_of(kay(wanted=(PACE,))))


@pytest.mark.parametrize("status", sorted(OPEN))
def test_every_open_state_says_how_far_it_is_or_is_behind_the_person(status):
    items = build(kay(asked=(replace(TABLET, status=status),), wanted=())).items
    assert bool(items) == (status in STATES) == (status != "delivered")


def test_a_day_that_has_passed_promises_nothing():
    late = replace(TABLET, due_on=TODAY - timedelta(days=1))
    assert "By this day:" in said(kay(asked=(late,), wanted=()))


def test_while_contact_is_paused_no_day_is_promised_and_no_reason_given():
    known = kay(asked=(TABLET,), wanted=(), paused=True)
    assert "By this day:" in said(known)
    assert not re.search("pause|hospital|crisis", words_of(sheet_of(known)))


def test_a_meeting_of_today_is_ahead_and_one_of_yesterday_is_not():
    today = Meeting(datetime(2026, 11, 24, 9, 0, tzinfo=LONDON), "Here")
    past = Meeting(datetime(2026, 11, 23, 9, 0, tzinfo=LONDON), "Here")
    assert build(kay(asked=(replace(LESSONS, meetings=(past, today)),))).meeting == today
    assert build(kay(asked=(replace(LESSONS, meetings=(past,)),))).meeting is None


@pytest.mark.parametrize(
    ("status", "day"), [("sent", date(2026, 12, 8)), ("acknowledged", date(2026, 12, 1)), ("more_info", None)]
)
def test_the_person_hears_when_all_keep_to_their_clocks(status, day):
    due = date(2026, 11, 27)
    assert heard_by(status, due, {}) == day


def test_an_organisation_that_gives_more_days_to_decide_promises_the_news_later():
    assert heard_by("sent", date(2026, 11, 27), {"decide": 7}) == date(2026, 12, 10)


# --- How the person is reached ------------------------------------------------------------------------------


def test_only_a_way_that_is_still_safe_is_promised():
    by_text = replace(TABLET, ways=("text", "letter"))
    assert "Sam will send me a letter." in said(kay(asked=(by_text,), wanted=()))


def test_where_no_way_is_safe_none_is_promised():
    nobody_asked = kay(asked=(TABLET,), wanted=(), contact=contact_plan.Plan.unknown())
    assert "Sam and I will talk when we meet." in said(nobody_asked)


@pytest.mark.parametrize("way", [*contact_plan.WAYS, ""])
def test_every_way_has_words_with_a_name_and_without(way):
    contact = replace(CALLS, allowed=frozenset({way} - {""}), preferred=way)
    for worker in ("Sam", ""):
        known = kay(contact=contact, wanted=(), asked=(replace(TABLET, ways=(), worker=worker),))
        assert said(known)[1].startswith("Sam" if worker else ("We" if not way else "Someone"))


# --- Safe to leave on a table -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "known"),
    [
        ("place", kay(asked=(replace(LESSONS, meetings=(replace(LIBRARY, where="Maple Ward"),)),))),
        ("place", kay(asked=(replace(LESSONS, meetings=(replace(LIBRARY, where="brook lane Community Team"),)),))),
        ("bring", kay(asked=(replace(LESSONS, meetings=(replace(LIBRARY, bring="your medication"),)),))),
        ("goal", kay(goal="Talk to my psychiatrist")),
    ],
)
def test_words_that_give_care_away_are_left_off_and_staff_are_told(field, known):
    assert build(known).left_off == (field,)
    assert not check_words(words_of(sheet_of(known)), names=KAY.service_names)
    assert build(replace(known, contact=OPEN_ABOUT_IT)).left_off == ()


def test_names_of_services_stand_on_it_only_where_the_person_allows_that():
    with_name = replace(TABLET, provider="Riverside Connect")
    closed, open_ = (words_of(sheet_of(kay(asked=(with_name,), contact=one))) for one in (CALLS, OPEN_ABOUT_IT))
    assert "Riverside" not in closed
    assert "Brook Lane community team" not in closed
    assert "This is with Riverside Connect." in open_
    assert "Who I ring: Brook Lane community team, Lambourne NHS Trust" in open_


def test_a_sender_that_names_the_service_is_not_printed():
    assert "Who I ring" not in words_of(sheet_of(kay(sender="Lambourne NHS Trust")))


@pytest.mark.parametrize("contact", [CALLS, OPEN_ABOUT_IT])
def test_the_persons_numbers_stand_on_no_paper(contact):
    made = build(kay(goal="I am 999 083 9549", never=("9990839549", "999 083 9549", ""), contact=contact))
    assert (made.goal, made.left_off) == ("", ("goal",))


@pytest.mark.parametrize(
    "number", ["07700 900123", "+44 (0)7700 900123", "020-7946-0999", "7946 0999", "07700900123"]
)
def test_somebody_elses_number_is_left_off(number):
    assert build(kay(goal=f"Talk to my sister on {number}")).left_off == ("goal",)


@pytest.mark.parametrize("goal", ["Save £1,500 by 2027", "Catch the 176 at 10:30", "Read 3 books in 2026"])
def test_other_numbers_stay(goal):
    assert build(kay(goal=goal)).goal == goal


SUPPORTS = st.sampled_from([rule.support for rule in RULES])
WANTED = st.builds(
    Wanted, SUPPORTS, st.integers(1, 7), st.booleans(), st.booleans(), st.booleans(), st.just(TODAY), st.booleans()
)
ASKED = st.builds(
    Asked,
    SUPPORTS,
    st.sampled_from(sorted(OPEN)),
    st.booleans(),
    worker=st.sampled_from(["", "Sam"]),
    due_on=st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=9)),
    meetings=st.sampled_from([(), (LIBRARY,)]),
)


def is_private(one):
    return one.sensitive or (isinstance(one, Wanted) and (one.stage == 1 or not one.agreed))


@given(st.lists(WANTED, max_size=6).map(tuple), st.lists(ASKED, max_size=4).map(tuple))
def test_a_plan_is_the_same_as_if_what_is_private_had_never_been(wanted, asked):
    without = kay(
        wanted=tuple(one for one in wanted if not is_private(one)),
        asked=tuple(one for one in asked if not is_private(one)),
    )
    assert words_of(sheet_of(kay(wanted=wanted, asked=asked))) == words_of(sheet_of(without))


def test_a_builder_that_forgets_what_is_private_is_found(monkeypatch):
    monkeypatch.setattr(plan, "_belongs", lambda one: one.agreed)
    with pytest.raises(AssertionError):
        test_a_plan_is_the_same_as_if_what_is_private_had_never_been()


@given(st.lists(WANTED, max_size=6).map(tuple), st.lists(ASKED, max_size=4).map(tuple))
def test_no_plan_of_our_own_words_tells_of_care(wanted, asked):
    made = sheet_of(kay(wanted=wanted, asked=asked, sender=""))
    assert not check_words(words_of(made), names=KAY.service_names)


# --- Words and pictures -------------------------------------------------------------------------------------


def test_every_kind_of_help_that_may_be_printed_has_words_of_its_own():
    printed = {rule.support for rule in RULES if rule.stage > 1}
    assert set(HELP) == printed
    offers = {rule.support for rule in RULES if rule.type == RuleType.OFFER}
    assert {support for support in printed - offers if not HELP[support].sentence} == set()


def test_every_goal_that_can_be_ticked_has_words_but_the_one_in_own_words():
    items = [item for asked in questionnaire.all_loaded() for item in asked.items if item.name == "own_goal"]
    codes = {option.code for item in items for option in item.options}
    assert set(GOALS) == codes - {"own"}


def test_every_picture_is_drawn(settings):
    named = {one.picture for one in HELP.values()} | {picture for picture, _words in GOALS.values()}
    every = [sheet_of(kay(learns=("slow",))), sheet_of(kay(asked=(), wanted=(), goals=()))]
    named |= {line.picture for one in every for part in one.sections for lines in part.groups for line in lines}
    folder = settings.BASE_DIR / "static" / "img" / "easy_read"
    assert {
        name for name in named | set(WAY_PICTURES.values()) if name and not (folder / f"{name}.svg").exists()
    } == set()


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.stage > 1], ids=lambda rule: rule.support)
@pytest.mark.parametrize("status", [None, *sorted(STATES)])
def test_a_child_of_nine_could_read_it(rule, status):
    asked = (Asked(rule.support, status, False, worker="Sam", due_on=date(2026, 11, 30)),) if status else ()
    wanted = () if status else (Wanted(rule.support, rule.stage, rule.type == RuleType.OFFER, True, False, TODAY),)
    made = words_of(sheet_of(kay(asked=asked, wanted=wanted)))
    assert grade(made.replace("\n", ". ")) <= 4
    assert max(len(part.split()) for part in re.split(r"[.!?:\n]", made)) <= 15


def test_things_agreed_for_now_on_ask_nobody():
    assert build(kay(asked=(), wanted=(PACE,))).items[0].state is State.AGREED
    assert said(kay(asked=(), wanted=(PACE,))) == [
        "One small step at a time",
        "If I miss a day, I can still come.",
    ]
