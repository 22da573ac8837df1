"""Scoring against the worked cases, and each rule of it in a case of its own."""

import pytest

from people.contact_plan import from_result
from screening import scoring
from screening.questionnaire import from_dict
from tests.screening.examples import CASES, GETTING_ONLINE, RAW, VECTORS, result, standing, without
from tests.screening.faulty import changed

EASY = CASES["no-barriers"]
NEVER_ONLINE = CASES["happy-offline-70"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_worked_case_gives_exactly_what_is_expected(vector):
    assert scoring.check_answers(GETTING_ONLINE, vector["answers"]) == []
    assert result(vector["answers"]) == vector["expect"]


# How items stand


def test_every_item_stands_somehow_in_the_order_of_asking():
    assert list(standing({})) == [item.code for item in GETTING_ONLINE.items]


def test_absent_item_is_missing_and_a_state_is_kept_with_its_reason():
    responses = scoring.resolve(GETTING_ONLINE, {"AC4": {"state": "not_asked", "reason": "unwell_today"}})
    assert (responses["AC4"].state, responses["AC4"].reason) == ("not_asked", "unwell_today")
    assert (responses["AC6"].state, responses["AC6"].value) == ("missing", None)
    assert responses["AC4"].is_gap
    assert responses["AC6"].is_gap


def test_skipped_item_has_no_value_whatever_was_given():
    response = scoring.resolve(GETTING_ONLINE, EASY | {"KN2": "not_all"})["KN2"]
    assert (response.state, response.value, response.counts, response.is_gap) == ("skipped", None, False, False)


def test_derived_item_counts_and_says_why_until_somebody_answers_it():
    derived = scoring.resolve(GETTING_ONLINE, NEVER_ONLINE)["KN1"]
    assert derived.state == "derived"
    assert set(derived.value.values()) == {"not_yet"}
    assert (derived.reason, derived.counts) == ("Has never been online", True)
    corrected = scoring.resolve(GETTING_ONLINE, NEVER_ONLINE | {"KN1": EASY["KN1"]})["KN1"]
    assert (corrected.state, corrected.value) == ("answered", EASY["KN1"])


def test_value_is_derived_even_where_the_person_would_rather_not_say():
    assert standing(NEVER_ONLINE | {"KN1": {"state": "prefer_not"}})["KN1"] == "derived"


def test_changing_a_derived_value_does_not_reach_the_definition():
    scoring.resolve(GETTING_ONLINE, NEVER_ONLINE)["KN1"].value["wifi"] = "own"
    assert scoring.resolve(GETTING_ONLINE, NEVER_ONLINE)["KN1"].value["wifi"] == "not_yet"


@pytest.mark.parametrize(
    ("code", "begun"),
    [
        ("MH2", []),
        ("KN1", {}),
        ("KN1", {"wifi": "own", "message": "own", "look_up": "own", "password": "own"}),
        ("KN1", {**EASY["KN1"], "fax": "own"}),
        ("AC4", "seldom"),
        ("AC4", ["no"]),
        ("AC2", ["smart", "hologram"]),
        ("OC2", None),
    ],
)
def test_what_is_only_begun_or_cannot_be_read_is_a_gap_and_never_no_need(code, begun):
    answers = EASY | {code: begun}
    assert standing(answers)[code] == "missing"
    assert result(answers)["levels"][GETTING_ONLINE.item(code).theme] == "not_known"


def test_tick_given_twice_counts_once():
    assert result(EASY | {"MH2": ["calls", "calls"]})["points"]["mental_health"] == 1


def test_applies_says_whether_a_question_is_one_to_ask():
    assert not scoring.applies(GETTING_ONLINE, EASY, "KN2")
    assert scoring.applies(GETTING_ONLINE, without(EASY, "AC4"), "KN2")
    assert not scoring.applies(GETTING_ONLINE, {}, "AC2a")


def test_condition_on_a_missing_item_is_false_and_its_opposite_true():
    assert not scoring.applies(GETTING_ONLINE, {}, "CT2a")  # skip_if is `not` of a test of CT2
    assert scoring.applies(GETTING_ONLINE, {}, "AC4")  # skip_if is a test of AC2


# Levels


def test_gap_leaves_the_level_not_known_and_with_points_at_least_some():
    assert result(without(EASY, "MH4"))["levels"]["mental_health"] == "not_known"
    assert result(without(EASY, "MH3") | {"MH1": "bit"})["levels"]["mental_health"] == "at_least_some"
    four_points = EASY | {"MH1": "lot", "MH2": ["calls", "msgs"]}
    assert result(without(four_points, "MH4"))["levels"]["mental_health"] == "at_least_some"


def test_gap_that_cannot_change_the_level_leaves_it():
    assert result(without(EASY, "MH4") | {"MH1": "bit"})["levels"]["mental_health"] == "some"
    critical = CASES["watched-often-wants-letter"]
    assert result(without(critical, "MH4"))["levels"]["mental_health"] == "high"


def test_high_begins_at_the_points_that_the_theme_says():
    answers = EASY | {"MH1": "lot", "MH2": ["calls", "msgs"]}
    assert result(answers)["levels"]["mental_health"] == "some"
    assert result(answers | {"MH4": "some"})["points"]["mental_health"] == 5
    assert result(answers | {"MH4": "some"})["levels"]["mental_health"] == "high"


def test_critical_answer_is_high_whatever_the_points():
    assert result(EASY | {"KN4": "stay_off"})["points"]["knowledge"] == 2
    assert result(EASY | {"KN4": "stay_off"})["levels"]["knowledge"] == "high"


def test_points_of_gaps_count_nothing_in_the_figure_shown():
    assert result({})["points"] == dict.fromkeys(["knowledge", "access", "mental_health", "offline"], 0)


def test_evidence_has_every_item_of_the_theme_and_no_points_where_nothing_is_known():
    answers = without(EASY, "KN5") | {"KN4": "stay_off"}
    evidence = {one.item.code: one for one in scoring.theme_evidence(GETTING_ONLINE, answers)["knowledge"]}
    assert list(evidence) == ["KN1", "KN2", "KN3", "KN4", "KN5"]
    assert [one.points for one in evidence.values()] == [0, None, None, 2, None]
    assert [one.response.state for one in evidence.values()] == [
        "answered",
        "skipped",
        "skipped",
        "answered",
        "missing",
    ]
    assert [one.critical for one in evidence.values()] == [False, False, False, True, False]


def gaps(definition, answers):
    found = scoring.next_gaps(definition, answers)
    return {theme: [item.code for item in items] for theme, items in found.items()}


def test_next_gaps_are_named_only_for_open_levels_and_include_what_no_longer_is_skipped():
    assert gaps(GETTING_ONLINE, EASY) == {}
    assert gaps(GETTING_ONLINE, without(EASY, "AC4")) == {
        "access": ["AC4"],
        "knowledge": ["KN2", "KN3"],
        "mental_health": ["MH5"],
    }


def test_next_gaps_name_the_most_telling_first():
    assert gaps(GETTING_ONLINE, without(EASY, "MH1", "MH3", "MH4"))["mental_health"] == ["MH3", "MH1", "MH4"]
    heavier = from_dict(changed(RAW, ["items", "MH4", "points", 2, "points"], 3))
    assert gaps(heavier, without(EASY, "MH1", "MH3", "MH4"))["mental_health"] == ["MH3", "MH4", "MH1"]


def test_no_gap_is_named_where_the_level_is_high_already():
    assert "mental_health" not in scoring.next_gaps(
        GETTING_ONLINE, without(CASES["watched-often-wants-letter"], "MH1")
    )


# Needs and suggestions


def test_need_remembers_each_item_that_raised_it_once_in_the_order_of_asking():
    answers = EASY | {"OC1": "temp", "OC2": ["housing"], "AC3": ["public"], "AC4": "often"}
    because = scoring.score(GETTING_ONLINE, answers).because
    assert because["HOUSING"] == ("OC1", "OC2")
    assert because["CONNECT"] == ("AC3", "AC4")


def test_rule_fires_on_its_needs_whatever_the_levels():
    scored = result(CASES["avoid-letters"])
    assert set(scored["levels"].values()) == {"none"}
    assert [one["rule"] for one in scored["suggestions"]] == ["R02"]


def test_suggestions_keep_the_rules_own_order_of_needs_and_the_items_order_of_because():
    answers = EASY | {"CT1": ["via"], "AC1": "proxy", "OC3": "does_it"}
    [consent] = [one for one in result(answers)["suggestions"] if one["rule"] == "R28"]
    assert consent["needs"] == ["PROXY", "USE_PROXY", "CONSENT_VIA"]
    assert consent["because"] == ["CT1", "AC1", "OC3"]


def test_held_offer_takes_no_place_among_the_three():
    when = {one["rule"]: one["when"] for one in result(CASES["phone-is-checked"])["suggestions"]}
    assert (when["R06"], when["R08"]) == ("held", "held")
    assert [rule for rule in ("R23", "R24", "R10", "R15") if when[rule] == "now"] == ["R23", "R24", "R10"]


def test_number_of_offers_at_once_is_the_definitions():
    one_at_a_time = from_dict(changed(RAW, ["offers_at_once"], 1))
    suggestions = scoring.score(one_at_a_time, CASES["many-needs-three-offers"]).suggestions
    assert [one.rule for one in suggestions if one.type == "offer" and one.when == "now"] == ["R23"]


def test_scam_session_is_for_the_clinician_to_choose_unless_nobody_feels_watched():
    def choice(answers):
        return [one["clinician_choice"] for one in result(answers)["suggestions"] if one["rule"] == "R16"]

    assert choice(EASY | {"KN4": "lot"}) == [False]
    assert choice(EASY | {"KN4": "lot", "MH3": "some"}) == [True]
    assert choice(without(EASY, "MH3") | {"KN4": "lot"}) == [True]


# Status


def test_offline_by_choice_is_not_said_of_somebody_who_lacks_the_basics():
    assert result(NEVER_ONLINE)["status"] == "offline_by_choice"
    assert result(NEVER_ONLINE | {"OC2": ["basics"]})["status"] == "excluded_now"


def test_safety_stands_beside_the_status_and_does_not_change_it():
    uneasy = result(NEVER_ONLINE | {"CT2": "private"})
    assert (uneasy["status"], uneasy["contact_safety_first"]) == ("offline_by_choice", True)


# Contact


def contact(**changes):
    return result(EASY | changes)["contact"]


def test_ways_stand_in_the_order_in_which_they_were_named():
    assert contact(CT1=["letter", "text", "call"])["allowed"] == ["letter", "text", "call"]


def test_none_of_these_is_no_way_even_beside_others():
    assert contact(CT1=["none", "letter"])["allowed"] == ["letter"]
    assert contact(CT1=["none"]) == {"allowed": [], "automatic": False, "reason": "no_channel"}


@pytest.mark.parametrize("answer", ["avoid", "others_see", "checked", "private"])
@pytest.mark.parametrize("unknown", [{}, {"CT2a": []}, {"CT2a": {"state": "prefer_not"}}])
def test_some_ways_unsafe_but_not_known_which_leaves_a_plan_that_allows_none(answer, unknown):
    answers = EASY | {"CT1": ["text", "in_person"], "CT2": answer} | unknown
    scored = result(answers)["contact"]
    plan = from_result(scored, GETTING_ONLINE.by_name(answers))
    assert scored["allowed"] == ["text", "in_person"]
    assert not plan.open_channels
    assert not plan.automatic


def test_all_ways_fine_makes_earlier_ways_to_avoid_count_for_nothing():
    assert contact(CT2="fine", CT2a=["text", "call"])["allowed"] == ["text", "call"]


@pytest.mark.parametrize("answer", ["some", "often", "now"])
def test_feeling_watched_leaves_only_what_feels_all_right_too(answer):
    assert contact(CT1=["text", "letter", "via"], MH3=answer, MH3a=["via", "call"])["allowed"] == ["via"]
    assert contact(CT1=["text", "letter", "via"], MH3=answer)["allowed"] == []


def test_first_reason_that_blocks_is_the_one_given():
    everything = {"MH3": "now", "MH3a": ["none"], "OC3": "uneasy", "CT2": "checked", "CT2a": ["text"]}
    assert contact(**everything)["reason"] == "distress_now"
    assert contact(**without(everything, "MH3", "MH3a"))["reason"] == "safeguarding"
    assert contact(CT2={"state": "dont_know"})["reason"] == "not_asked"
    assert contact(MH3="some", MH3a=["none"])["reason"] == "feels_watched"
    assert contact(CT1=["call"])["reason"] == "no_channel"


# Answers from outside


@pytest.mark.parametrize(
    ("code", "answer", "sentence"),
    [
        ("ZZ9", "yes", "There is no such item in this questionnaire."),
        ("AC1", "hourly", "'hourly' is not one of its options."),
        ("AC1", ["daily"], "The answer must be one code."),
        ("AC1", None, "The answer must be one code."),
        ("AC2", "smart", "The answer must be a list of codes."),
        ("AC2", ["smart", 7], "The answer must be a list of codes."),
        ("AC2", ["smart", "pager"], "'pager' is not one of its options."),
        ("AC2", ["smart", "smart"], "'smart' is given twice."),
        ("KN1", ["own"], "The answer must map each row to one code."),
        ("KN1", {"wifi": ["own"]}, "The answer must map each row to one code."),
        ("KN1", {"fax": "own"}, "'fax' is not one of its rows."),
        ("KN1", {"wifi": "alone"}, "'alone' is not one of its options."),
        ("AC1", {"state": "skipped"}, "The state must be one of: prefer_not, dont_know, not_asked."),
        ("AC1", {"state": ["not_asked"]}, "The state must be one of: prefer_not, dont_know, not_asked."),
        ("AC1", {"state": "prefer_not", "value": "daily"}, "'value' cannot stand beside a state."),
        (
            "AC1",
            {"state": "not_asked", "reason": "bored"},
            "The reason must be one of: ran_out_of_time, unwell_today, not_alone, no_interpreter, "
            "already_in_record, paused, other.",
        ),
    ],
)
def test_answer_that_cannot_be_meant_is_refused_with_its_item(code, answer, sentence):
    assert scoring.check_answers(GETTING_ONLINE, EASY | {code: answer}) == [scoring.AnswerFault(code, sentence)]


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("AC2", []),
        ("KN1", {"wifi": "own"}),
        ("MH2", ["calls", "none"]),
        ("AC1", {"state": "not_asked"}),
        ("AC1", {"state": "dont_know", "reason": None}),
        ("KN2", "very"),
    ],
)
def test_begun_or_contradictory_or_inapplicable_answers_are_no_fault(code, answer):
    assert scoring.check_answers(GETTING_ONLINE, EASY | {code: answer}) == []


def test_every_faulty_answer_is_named_not_just_the_first():
    faults = scoring.check_answers(GETTING_ONLINE, {"AC1": "hourly", "AC4": "no", "ZZ9": 1})
    assert [fault.item for fault in faults] == ["AC1", "ZZ9"]


@pytest.mark.parametrize("answers", [None, [], "AC1", 7])
def test_answers_that_are_no_object_are_refused_as_a_whole(answers):
    [fault] = scoring.check_answers(GETTING_ONLINE, answers)
    assert fault.item == ""
