"""What must hold of every result, whatever the answers: drawn from the definition, with gaps of every kind."""

import copy
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from people.contact_plan import from_result, is_looser
from screening import scoring
from screening.terms import State
from tests.screening import naive
from tests.screening.examples import (
    CASES,
    GETTING_ONLINE,
    RAW,
    any_answers,
    result,
    standing,
    unusable,
    usable,
    whole_answers,
    with_gaps,
    without,
)

many = settings(max_examples=100, deadline=None)

CODES = [item.code for item in GETTING_ONLINE.items]
TRUE_LEVELS = {
    "none": {"none"},
    "some": {"some"},
    "high": {"high"},
    "at_least_some": {"some", "high"},
    "not_known": {"none", "some", "high"},
}
HEIGHT = {"none": 0, "some": 1, "at_least_some": 1, "high": 2}


@many
@given(any_answers())
def test_result_is_the_one_that_a_naive_reading_of_the_rules_gives(answers):
    assert result(answers) == naive.score(RAW, answers)


# Levels


def device_judged_without_its_follow_up(known, whole):
    """AC2 is answered, AC2a is not known, and in truth it makes the missing device weigh less.

    A condition on a missing item is false, so AC2's list then falls through to its critical entry: "high", where
    the truth may be "some". The gap is in an item that no theme counts, so that it does not open the level.
    """
    states = standing(known)
    follow_up_unknown = states["AC2a"] not in ("answered", "skipped")
    return states["AC2"] == "answered" and follow_up_unknown and whole.get("AC2a") in ("share", "broken")


def correction_lost(theme, known, whole):
    """Somebody had corrected a derived value by answering, and without that answer the derived value is back."""
    before, after = (scoring.resolve(GETTING_ONLINE, answers) for answers in (whole, known))
    return any(
        after[item.code].state == "derived" and after[item.code].value != before[item.code].value
        for item in theme.items
    )


@many
@given(whole_answers(), st.sets(st.sampled_from(CODES)), st.data())
def test_true_level_lies_within_what_incomplete_answers_allow(whole, lost, data):
    """Of answers to all that applied, any may be lost, or be no answer: the level still has room for the truth.

    Two limits, and in both the level is only ever too high, never too low:
    `device_judged_without_its_follow_up` and `correction_lost`. Losing an answer that decides whether others apply
    is within the claim: an item that was skipped in truth, and so brought nothing, becomes a gap, which may bring
    nothing.
    """
    known = with_gaps(data.draw, whole, lost)
    levels, truth = result(known)["levels"], result(whole)["levels"]
    for theme in GETTING_ONLINE.themes:
        level, true_level = levels[theme.code], truth[theme.code]
        follow_up_lost = theme.code == "access" and device_judged_without_its_follow_up(known, whole)
        if follow_up_lost or correction_lost(theme, known, whole):
            assert HEIGHT[level] >= HEIGHT[true_level]
        else:
            assert true_level in TRUE_LEVELS[level], theme.code


def completed(draw, known):
    """Known answers with every gap filled, in the order of asking, as long as there is one."""
    answers = dict(known)
    for item in GETTING_ONLINE.items:
        if scoring.resolve(GETTING_ONLINE, answers)[item.code].is_gap:
            answers[item.code] = draw(usable(item))
    return answers


def no_longer_applies(theme, known, whole):
    """An item of the theme counted before the gaps were filled, and is skipped after."""
    before, after = standing(known), standing(whole)
    return any(after[i.code] == "skipped" and before[i.code] in ("answered", "derived") for i in theme.items)


@many
@given(any_answers(), st.data())
def test_every_completion_lies_within_what_incomplete_answers_allow(known, data):
    """Whatever fills the gaps, the level that comes out is one that the incomplete answers left open.

    Two limits: `device_judged_without_its_follow_up`, as above; and an answer that counted may turn out not to
    apply once a gap is filled, and then brings nothing. Such themes are left out here, and
    `test_answer_that_turns_out_not_to_apply_may_lower_a_level` shows one.
    """
    whole = completed(data.draw, known)
    levels, truth = result(known)["levels"], result(whole)["levels"]
    for theme in GETTING_ONLINE.themes:
        if no_longer_applies(theme, known, whole):
            continue
        if theme.code == "access" and device_judged_without_its_follow_up(known, whole):
            assert HEIGHT[levels["access"]] >= HEIGHT[truth["access"]]
        else:
            assert truth[theme.code] in TRUE_LEVELS[levels[theme.code]], theme.code


def test_answer_that_turns_out_not_to_apply_may_lower_a_level():
    unsure = CASES["no-barriers"] | {"KN2": "not_all"}
    assert result(without(unsure, "AC1"))["levels"]["knowledge"] == "some"
    assert result(unsure)["levels"]["knowledge"] == "none"


def test_losing_the_correction_of_a_derived_value_brings_the_derived_value_back():
    own = CASES["no-barriers"]["KN1"]
    corrected = CASES["happy-offline-70"] | {"KN1": own}
    assert result(corrected)["levels"]["knowledge"] == "none"
    assert result(without(corrected, "KN1"))["levels"]["knowledge"] == "high"


def test_missing_device_without_its_follow_up_reads_high_where_it_may_be_some():
    shares = CASES["shares-a-phone"]
    assert result(shares)["levels"]["access"] == "some"
    assert result(without(shares, "AC2a"))["levels"]["access"] == "high"


@many
@given(any_answers())
def test_no_theme_with_a_gap_is_none(answers):
    levels = result(answers)["levels"]
    for theme, evidence in scoring.theme_evidence(GETTING_ONLINE, answers).items():
        if any(one.response.is_gap for one in evidence):
            assert levels[theme] != "none"


@many
@given(any_answers())
def test_levels_are_open_exactly_where_gaps_would_settle_them(answers):
    open_levels = {
        theme for theme, level in result(answers)["levels"].items() if level in ("not_known", "at_least_some")
    }
    gaps = scoring.next_gaps(GETTING_ONLINE, answers)
    assert set(gaps) == open_levels
    assert all(gaps.values())


@many
@given(any_answers(), st.data())
def test_answering_the_next_gaps_settles_their_levels(answers, data):
    for items in scoring.next_gaps(GETTING_ONLINE, answers).values():
        answers |= {item.code: data.draw(usable(item)) for item in items}
    assert scoring.next_gaps(GETTING_ONLINE, answers) == {}


# Contact: the plan that is made from the score, which is what everything that sends goes by

ALARMS = {"MH3": {"some", "often", "now"}, "OC3": {"uneasy"}}


def plan_of(answers):
    """As a first screening makes it; a later one is held to the plan before it (test_actions.py)."""
    return from_result(result(answers)["contact"], GETTING_ONLINE.by_name(scored_answers(answers)))


def scored_answers(answers):
    """What counted: a skipped item's answer says nothing, and is as good as not there."""
    responses = scoring.resolve(GETTING_ONLINE, answers)
    return {code: response.value for code, response in responses.items() if response.counts}


@many
@given(any_answers(), st.sets(st.sampled_from([c for c in CODES if c not in ALARMS]), min_size=1), st.data())
def test_removing_answers_never_loosens_the_contact_plan(answers, lost, data):
    """Any number of answers, at once, but MH3 and OC3: for these the definition itself reads silence as no alarm,
    and the two tests that follow say how far.

    Among the answers here are those that most look like a way to loosen it: safe contact (CT2), which ways to
    avoid (CT2a) and which contact feels all right (MH3a).
    """
    assert not is_looser(plan_of(answers), plan_of(with_gaps(data.draw, answers, lost)))


@many
@given(any_answers(), st.data())
def test_removing_safe_contact_stops_everything(answers, data):
    plan = plan_of(with_gaps(data.draw, answers, ["CT2"]))
    assert not plan.open_channels
    assert not plan.automatic


@many
@given(any_answers(), st.sampled_from(sorted(ALARMS)), st.data())
def test_only_removing_an_alarm_loosens_the_contact_plan(answers, code, data):
    """The definition blocks and limits on what MH3 and OC3 say, not on their silence (the worked case
    "no-barriers-but-MH3-not-asked" sends by itself). So taking away the alarm takes away what it held back; taking
    away any other answer to them changes nothing for the looser.
    """
    alarmed = isinstance(answers.get(code), str) and answers[code] in ALARMS[code]
    assert alarmed or not is_looser(plan_of(answers), plan_of(with_gaps(data.draw, answers, [code])))


def test_removing_an_alarm_loosens_what_it_held_back():
    for case, alarm in (("voices-right-now", "MH3"), ("uneasy-with-helper", "OC3")):
        assert is_looser(plan_of(CASES[case]), plan_of(without(CASES[case], alarm)))


@many
@given(any_answers())
def test_messages_go_by_themselves_only_where_it_was_asked_and_a_way_is_left(answers):
    contact = result(answers)["contact"]
    assert contact["automatic"] == (contact["reason"] is None)
    if contact["automatic"]:
        assert standing(answers)["CT2"] == "answered"
        assert answers["CT2"] not in ("checked", "private")
        assert answers.get("MH3") != "now"
        assert set(contact["allowed"]) & {"text", "letter", "email", "app"}


# Suggestions


@many
@given(any_answers())
def test_at_most_three_offers_are_for_now_and_none_that_is_held(answers):
    suggestions = result(answers)["suggestions"]
    offers = [one for one in suggestions if one["type"] == "offer"]
    free = [one["when"] for one in offers if not one["hold"]]
    assert free == ["now"] * min(3, len(free)) + ["later"] * (len(free) - 3)
    assert all((one["when"] == "held") == bool(one["hold"]) for one in offers)
    assert all(one["when"] == "now" for one in suggestions if one["type"] != "offer")


@many
@given(any_answers())
def test_every_need_is_served_and_every_suggestion_names_what_raised_it(answers):
    scored = scoring.score(GETTING_ONLINE, answers)
    assert {need for one in scored.suggestions for need in one.needs} == set(scored.needs)
    for one in scored.suggestions:
        assert set(one.because) == {item for need in one.needs for item in scored.because[need]}
        assert all(scored.responses[item].counts for item in one.because)


# The reading of answers


@many
@given(any_answers(), st.data())
def test_answer_kept_for_a_skipped_item_counts_for_nothing(answers, data):
    skipped = [code for code, state in standing(answers).items() if state == State.SKIPPED]
    items = {code: GETTING_ONLINE.item(code) for code in skipped}
    others = {code: data.draw(st.none() | usable(item) | unusable(item)) for code, item in items.items()}
    changed = without(answers, *skipped) | {code: other for code, other in others.items() if other is not None}
    assert result(changed) == result(answers)


@many
@given(any_answers(), st.randoms())
def test_same_answers_give_the_same_result_in_any_order_and_stay_as_they_are(answers, random):
    before = copy.deepcopy(answers)
    shuffled = list(answers.items())
    random.shuffle(shuffled)
    assert result(dict(shuffled)) == result(answers)
    assert json.loads(json.dumps(result(answers))) == result(answers)
    assert answers == before


@many
@given(any_answers())
def test_answers_of_every_allowed_kind_have_no_fault(answers):
    assert scoring.check_answers(GETTING_ONLINE, answers) == []


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["daily", "none", "own"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["state", "reason", "wifi", "health"]) | st.text(), inner, max_size=3)
    ),
    max_leaves=8,
)


@many
@given(anything | st.dictionaries(st.sampled_from(CODES) | st.text(), anything))
def test_nothing_that_is_sent_breaks_the_check_and_what_it_refuses_counts_for_nothing(sent):
    faults = scoring.check_answers(GETTING_ONLINE, sent)
    if not isinstance(sent, dict):
        assert len(faults) == 1
        return
    refused = {fault.item for fault in faults}
    assert scoring.score(GETTING_ONLINE, sent) == scoring.score(GETTING_ONLINE, without(sent, *refused))
