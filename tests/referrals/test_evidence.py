"""No step gets by without what it must bring, and each refusal says at which field and what to do."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import InvalidInput, NotPossibleNow
from referrals.evidence import ALL_FACTS_SHOWN, GUARDS, Kind
from referrals.lifecycle import STEPS, Facts, Tried, blockers, check, read
from referrals.reasons import DECLINE, NextAction, Reason, merged
from tests.referrals.bringing import ALL_WELL, BROUGHT, GOOD_TRIES, NEEDS, as_whoever_may, source_of

REQUIRED = [
    (step.name, one.name) for step in STEPS.values() for one in step.evidence if one.required and not one.only_if
]


@pytest.mark.parametrize(("action", "left_out"), REQUIRED)
def test_a_step_without_its_evidence_is_refused_at_that_field(action, left_out):
    step = STEPS[action]
    facts = Facts(**(ALL_FACTS_SHOWN | {"contact_logged": False}), needs=NEEDS, tries=GOOD_TRIES)
    for nothing in (None, "", "  "):
        brought = BROUGHT | {left_out: nothing}
        with pytest.raises(InvalidInput) as caught:
            check(source_of(step), action, **as_whoever_may(step), evidence=brought, facts=facts)
        assert list(caught.value.fields) == [left_out]
        assert caught.value.message.endswith(".")


FACTS = [(step.name, fact) for step in STEPS.values() for fact in step.facts if fact in ALL_FACTS_SHOWN]


@pytest.mark.parametrize(("action", "fact"), FACTS)
def test_a_step_whose_fact_does_not_hold_is_refused_with_what_to_do(action, fact):
    step = STEPS[action]
    facts = Facts(**(ALL_FACTS_SHOWN | {fact: False}), needs=NEEDS, tries=GOOD_TRIES)
    assert blockers(step, facts) == [GUARDS[fact]]
    with pytest.raises(NotPossibleNow) as caught:
        check(source_of(step), action, **as_whoever_may(step), evidence=BROUGHT, facts=facts)
    assert caught.value.message == GUARDS[fact]
    assert action not in caught.value.allowed


def test_sending_needs_consent_a_safe_way_and_no_second_referral():
    assert set(STEPS["send"].facts) >= {
        "consent_in_force",
        "contact_plan_answered",
        "preferred_channel",
        "fallback_channel",
        "adjustments_answered",
        "only_open_referral",
    }


def test_opening_again_asks_for_no_less_than_sending():
    for name in ("reopen", "reopen_accepted"):
        assert set(STEPS[name].facts) >= set(STEPS["send"].facts)


def test_what_nobody_looked_up_counts_as_not_so():
    for step in STEPS.values():
        assert len(blockers(step, Facts())) == len(step.facts)


def test_every_guard_has_a_fact_and_is_used():
    for name in GUARDS:
        assert hasattr(Facts(), name)
    assert set(GUARDS) == {fact for step in STEPS.values() for fact in step.facts}


def test_every_step_with_a_code_takes_words_too():
    for step in STEPS.values():
        coded = {one.kind for one in step.evidence} & {Kind.CODE, Kind.CHOICE}
        asks = any(reason.needs_words for one in step.evidence for reason in one.choices)
        assert not (coded and asks) or "words" in {one.name for one in step.evidence}


def accept_evidence(action, facts=ALL_WELL, reasons=None, **changes):
    return read(STEPS[action], BROUGHT | changes, facts, reasons)


def fields_refused(action, facts=ALL_WELL, reasons=None, **changes):
    with pytest.raises(InvalidInput) as caught:
        accept_evidence(action, facts, reasons, **changes)
    return list(caught.value.fields)


@pytest.mark.parametrize(
    "reason", [r for one in STEPS["decline"].evidence for r in one.choices], ids=lambda r: r.code
)
def test_a_decline_asks_for_words_where_its_code_says_too_little(reason):
    if reason.needs_words:
        assert fields_refused("decline", reason_code=reason.code, words=" ") == ["words"]
    assert accept_evidence("decline", reason_code=reason.code)["reason_code"] == reason.code


def test_a_code_that_is_not_on_the_list_is_refused():
    assert fields_refused("decline", reason_code="because") == ["reason_code"]
    assert fields_refused("close", outcome=["helped"]) == ["outcome"]


def test_an_organisations_own_codes_take_the_place_of_the_usual_ones():
    own = [
        Reason("strike", "A strike", next_action=NextAction.ASK_AGAIN),
        Reason("full", "No room", next_action=NextAction.REROUTE, hidden=True),
    ]
    reasons = merged(DECLINE, own)
    assert accept_evidence("decline", reasons=reasons, reason_code="strike")["reason_code"] == "strike"
    assert fields_refused("decline", reasons=reasons, reason_code="full") == ["reason_code"]
    assert accept_evidence("close", reasons=reasons)["outcome"] == "helped"


def test_a_start_takes_a_logged_contact_or_one_that_reached_the_person():
    logged = Facts(contact_logged=True, warm_handover=False)
    not_logged = Facts(warm_handover=False)
    assert "successful_contact" not in accept_evidence("start", logged, successful_contact="")
    assert fields_refused("start", not_logged, successful_contact="") == ["successful_contact"]
    assert fields_refused("start", not_logged, successful_contact="voicemail") == ["successful_contact"]


def test_a_warm_handover_says_who_was_there_unless_none_was_wanted():
    assert fields_refused("start", Facts(contact_logged=True), handover_present="") == ["handover_present"]
    plain = Facts(contact_logged=True, warm_handover=False)
    assert "handover_present" not in accept_evidence("start", plain, handover_present="")


def test_a_decline_leads_to_another_offer_or_to_an_unmet_need_and_not_to_both():
    assert accept_evidence("reroute")["new_offer"] == "another offer"
    assert accept_evidence("reroute", new_offer=None, no_offer_fits=True) == {"no_offer_fits": True}
    assert fields_refused("reroute", new_offer=None, no_offer_fits=False) == ["new_offer"]
    assert set(fields_refused("reroute", no_offer_fits=True)) == {"new_offer", "no_offer_fits"}


@pytest.mark.parametrize(
    "outcomes",
    [
        {},
        {"DEVICE": "met"},
        {"DEVICE": "met", "SKILLS_FIRST": "fine"},
        {"DEVICE": "met", "SKILLS_FIRST": "met", "X": "met"},
        "met",
    ],
)
def test_what_was_given_says_what_came_of_each_need_and_of_no_other(outcomes):
    assert fields_refused("deliver", need_outcomes=outcomes) == ["need_outcomes"]


def test_dates_are_read_and_text_is_tidied():
    assert accept_evidence("wait_list")["expected_on"] == date(2027, 1, 31)
    assert accept_evidence("wait_list", expected_on=date(2027, 1, 31))["expected_on"] == date(2027, 1, 31)
    assert fields_refused("wait_list", expected_on="soon") == ["expected_on"]
    assert accept_evidence("ask", question="  Which days?\n") == {"question": "Which days?"}
    assert fields_refused("ask", question=["Which days?"]) == ["question"]
    assert fields_refused("mark_error", wrong_person="perhaps") == ["wrong_person"]


def test_whose_word_it_is_names_the_carer():
    assert fields_refused("close", whose_word="carer", words="") == ["words"]
    assert fields_refused("close", outcome="digital_not_wanted", words="") == ["words"]


@given(
    st.lists(
        st.builds(
            Tried,
            st.sampled_from(["call", "text", "letter", "visit"]),
            st.dates(date(2026, 11, 2), date(2026, 11, 5)),
        ),
        max_size=5,
    )
)
def test_could_not_reach_needs_three_tries_two_ways_two_days_and_a_letter_or_visit(tries):
    enough = (
        len(tries) > 2
        and len({channel for channel, _ in tries}) > 1
        and len({day for _, day in tries}) > 1
        and any(channel in ("letter", "visit") for channel, _ in tries)
    )
    assert (not blockers(STEPS["could_not_reach"], Facts(tries=tuple(tries), safety_answered=True))) == enough


values = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.lists(st.text())
    | st.dictionaries(st.text(), st.text())
)


@given(st.sampled_from(sorted(STEPS)), st.dictionaries(st.sampled_from([*BROUGHT, "no_offer_fits", "x"]), values))
def test_whatever_is_brought_is_read_or_refused_with_sentences_and_nothing_else(action, brought):
    try:
        kept = read(STEPS[action], brought, ALL_WELL)
    except InvalidInput as refusal:
        sentences = refusal.fields.values()
    else:
        sentences = []
        assert kept.keys() <= {one.name for one in STEPS[action].evidence}
    assert all(sentence.endswith(".") for sentence in sentences)
