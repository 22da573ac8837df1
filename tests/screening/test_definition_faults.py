"""Every kind of fault for which a definition is refused, planted in the shipped one and found with its place."""

import copy
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening import checks, shape
from screening.questionnaire import DefinitionError, from_dict
from tests.screening.examples import RAW
from tests.screening.faulty import changed, removed


def faults(definition):
    with pytest.raises(DefinitionError) as refused:
        from_dict(definition)
    return refused.value.faults


# Faults, each planted alone in the shipped definition and found alone

IN_AC1 = {"item": "AC1", "in": ["never"]}
AC4 = ["items", "AC4"]
R06 = ["rules", "R06"]
CONNECT = {"if": {"item": "AC3", "in": ["cannot"]}, "needs": ["CONECT"]}


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        # the frame
        (["id"], "Getting Online", "definition: 'id' must be lower-case words joined by hyphens"),
        (["version"], "1.0", "definition: 'version' must be three numbers with dots between them"),
        (["title"], "", "definition: 'title' must be words"),
        (["kind"], "survey", "definition: 'survey' is not a kind of definition"),
        (["kind"], 3, "definition: 'kind' must be words"),
        (["titel"], "Getting online", "definition: 'titel' is not a known key"),
        (["levels"], ["none", "some", "at_least_some", "high"], "definition: 'levels' lacks 'not_known'"),
        (["levels", 0], "nil", "definition: 'levels' lacks 'none'"),
        (["answer_states", 5], "guessed", "definition: 'answer_states' has 'guessed', which is not known"),
        (["offers_at_once"], 0, "definition: 'offers_at_once' must be 1 or more"),
        (["offers_at_once"], True, "definition: 'offers_at_once' must be a whole number"),
        (["offers_at_once"], 2.5, "definition: 'offers_at_once' must be a whole number"),
        (["not_asked_reasons"], [], "definition: 'not_asked_reasons' must be a list of codes"),
        (["not_asked_reasons", 0], "paused", "definition: 'not_asked_reasons' names 'paused' twice"),
        (["short_form", 0], "ZZ9", "definition, short_form: item 'ZZ9' is not defined"),
        (["stages", "eight"], "later", "definition: stage 'eight' must be a whole number"),
        (["evidence_marks", "X"], 3, "definition: 'evidence_marks' must map codes to words"),
        (["consent", "code"], "CT1", "consent: 'CT1' is an item's code already"),
        (["consent", "options", "no", "code"], "yes", "consent: option 'yes' stands twice"),
        (["consent"], "ask", "consent: must be an object"),
        (["consent", "options"], [], "consent: 'options' must be a list of at least one"),
        # codes that stand twice
        (["themes", 0, "code"], "access", "definition: theme code 'access' stands twice"),
        (["items", "AC6", "code"], "AC5", "definition: item code 'AC5' stands twice"),
        (["items", "AC6", "name"], "private_place", "definition: item name 'private_place' stands twice"),
        (["needs", "CONNECT", "code"], "DEVICE", "definition: need code 'DEVICE' stands twice"),
        (["rules", "R06", "id"], "R07", "definition: rule id 'R07' stands twice"),
        (["statuses", "at_risk", "code"], "included", "definition: status code 'included' stands twice"),
        (["items", "CT1", "options", "app", "code"], "email", "item CT1: option 'email' stands twice"),
        (["items", "KN1", "rows", "wifi", "code"], "health", "item KN1: row 'health' stands twice"),
        # items and sections
        (["items", "AC6", "kind"], "slider", "item AC6: 'slider' is not a kind of item"),
        (["items", "AC6", "kind"], 3, "item AC6: 'kind' must be words"),
        (["items", "AC6", "theme"], "acess", "item AC6: theme 'acess' is not defined"),
        (["items", "AC6", "sensitive"], "yes", "item AC6: 'sensitive' must be true or false"),
        (["items", "AC6", "skip_fi"], IN_AC1, "item AC6: 'skip_fi' is not a known key"),
        (["items", "AC6", "options", 1], "little", "item AC6, option 2: must be an object"),
        (["items", "AC6", "rows"], [{"code": "a", "label": "A"}], "item AC6: only a grid has rows"),
        (["items", "FA3", "section"], "Other-things", "item FA3: section 'Other-things' has the same code"),
        (["items", "FA4", "section"], "Other things", "item FA4: section 'Other things' was left before"),
        (["items", "FA4", "section"], "…", "item FA4: section '…' has no letters or numbers"),
        (["items", "KN1", "rows", "wifi", "code"], "state", "item KN1: a row cannot be called 'state'"),
        # what conditions look at
        ([*AC4, "skip_if", "item"], "AC99", "item AC4, skip_if: item 'AC99' is not defined"),
        ([*AC4, "skip_if", "in", 0], "nothing", "item AC4, skip_if: 'nothing' is not an option of item AC2"),
        ([*AC4, "skip_if", "item"], "MH2", "item AC4, skip_if: looks ahead to item MH2, which is not settled yet"),
        ([*AC4, "skip_if"], {"item": "AC4", "in": ["na"]}, "item AC4, skip_if: looks ahead to item AC4"),
        (
            [*AC4, "derive"],
            [{"if": {"item": "AC4", "in": ["na"]}, "value": "no", "reason": "So"}],
            "item AC4, derive 1: looks ahead to item AC4",
        ),
        ([*AC4, "raises", 1, "if", "item"], "OC1", "item AC4, raises 2: looks ahead to item OC1"),
        ([*AC4, "points", 0, "if"], {"item": "OC1", "in": ["own"]}, "item AC4, points 1: looks ahead to item OC1"),
        ([*AC4, "points", 0, "if"], {"item": "FA3", "in": ["one"]}, "item AC4, points 1: looks ahead to item FA3"),
        (
            [*AC4, "skip_if"],
            {"item": "AC2", "has": ["none"]},
            'item AC4, skip_if: {"item": "AC2", "has": ["none"]} is not a known form of condition',
        ),
        ([*AC4, "skip_if"], {"item": "AC2", "in": ["none"], "min": 1}, "is not a known form of condition"),
        ([*AC4, "skip_if"], {"item": "AC2", "in": []}, "is not a known form of condition"),
        ([*AC4, "skip_if"], {"item": "AC2", "in": [1]}, "is not a known form of condition"),
        ([*AC4, "skip_if"], {"item": "AC2", "missing": False}, "is not a known form of condition"),
        ([*AC4, "skip_if"], {"item": "AC2", "count": ["none"]}, "is not a known form of condition"),
        (
            [*AC4, "skip_if"],
            {"item": "AC2", "count": ["none"], "min": 2, "max": 1},
            "is not a known form of condition",
        ),
        ([*AC4, "skip_if"], {"item": "AC2", "count": ["none"], "max": -1}, "is not a known form of condition"),
        ([*AC4, "skip_if"], {"item": "AC2", "count": ["none"], "min": "1"}, "is not a known form of condition"),
        ([*AC4, "skip_if"], {"all": [IN_AC1], "any": [IN_AC1]}, "is not a known form of condition"),
        ([*AC4, "skip_if"], {"any": []}, "item AC4, skip_if: 'any' of nothing never holds"),
        ([*AC4, "skip_if"], {"not": {"all": [{"some": 1}]}}, 'item AC4, skip_if: {"some": 1} is not a known form'),
        ([*AC4, "skip_if"], {}, "item AC4, skip_if: {} is not a known form of condition"),
        ([*AC4, "skip_if"], ["AC1"], "item AC4: 'skip_if' must be a condition"),
        (
            [*AC4, "skip_if"],
            {"theme": "access", "in": ["high"]},
            "item AC4, skip_if: looks at the level of theme 'access', which only a status may",
        ),
        # what items give
        (
            ["items", "AC3", "derive", 0, "value"],
            ["fibre"],
            "item AC3, derive 1: the value cannot be an answer to the item. 'fibre' is not one of its options.",
        ),
        (
            ["items", "AC3", "derive", 0, "value"],
            [],
            "item AC3, derive 1: the value cannot be an answer to the item. The answer is not whole.",
        ),
        (
            ["items", "KN1", "derive", 0, "value"],
            {"wifi": "own"},
            "item KN1, derive 1: the value cannot be an answer",
        ),
        (["items", "AC3", "derive", 0, "value"], None, "item AC3, derive 1: 'value' must not be null"),
        (["items", "AC3", "derive", 0, "reason"], "", "item AC3, derive 1: 'reason' must be words"),
        ([*AC4, "points", 1, "points"], "1", "item AC4, points 2: 'points' must be a whole number"),
        ([*AC4, "points", 0, "points"], -1, "item AC4, points 1: points below 0"),
        ([*AC4, "points", 0, "critical"], 1, "item AC4, points 1: 'critical' must be true or false"),
        ([*AC4, "raises", 0, "needs"], [], "item AC4, raises 1: 'needs' must be a list of codes"),
        (["items", "AC3", "raises", 1], CONNECT, "item AC3, raises 2: need 'CONECT' is not defined"),
        # themes
        (["themes", "access", "high_at"], 0, "theme access: 'high_at' must be 1 or more"),
        (["themes", "access", "items", 0], "AC9", "theme access: item 'AC9' is not defined"),
        (["items", "AC6", "theme"], "offline", "theme access: item AC6 says that its theme is 'offline'"),
        (["items", "AC6", "theme"], None, "theme access: item AC6 says that its theme is 'None'"),
        (
            ["themes", "access", "items"],
            ["AC2", "AC3", "AC4", "AC5"],
            "item AC6: has points, but no theme counts it",
        ),
        (
            ["themes", "access", "items"],
            ["AC1", "AC2", "AC3", "AC4", "AC5", "AC6"],
            "item AC1: is counted by a theme, but no answer has points",
        ),
        (["themes", "access", "items", 0], "AC3", "theme access: 'items' names 'AC3' twice"),
        # rules
        ([*R06, "needs"], ["DEVICE", "DEVISE"], "rule R06: need 'DEVISE' is not defined"),
        ([*R06, "type"], "gift", "rule R06: 'gift' is not a type of rule"),
        ([*R06, "stage"], 8, "rule R06: stage 8 is not defined"),
        ([*R06, "type"], "action", "rule R06: only an offer can be held"),
        ([*R06, "hold", 0, "if", "in"], ["soon"], "rule R06, hold 1: 'soon' is not an option of item MH3"),
        ([*R06, "hold", 0, "reason"], "not_now", "rule R06: reason 'not_now' stands twice"),
        ([*R06, "hold", 0, "why"], "so", "rule R06, hold 1: 'why' is not a known key"),
        (
            ["rules", "R16", "clinician_choice_if", "not", "item"],
            "MH9",
            "rule R16, clinician_choice_if: item 'MH9' is not defined",
        ),
        (
            ["contact_safety_first_if_needs", 0],
            "SAFE",
            "definition, contact_safety_first_if_needs: need 'SAFE' is not defined",
        ),
        # statuses
        (
            ["statuses", "not_enough_known", "if"],
            IN_AC1,
            'status not_enough_known: the last status must take everyone: {"all": []}',
        ),
        (
            ["statuses", "included", "if"],
            {"all": []},
            "status included: takes everyone, so that no status after it is reached",
        ),
        (
            ["statuses", "included", "if"],
            {"theme": "acess", "in": ["none"]},
            "status included: theme 'acess' is not defined",
        ),
        (
            ["statuses", "included", "if"],
            {"theme": "access", "in": ["low"]},
            "status included: level 'low' is not a level",
        ),
        # what a rule leaves to the clinician
        (
            ["rules", "R16", "choice"],
            {"or": "R99", "text": "Which?"},
            "rule R16, choice: rule 'R99' is not defined",
        ),
        (
            ["rules", "R16", "choice"],
            {"or": "R16", "text": "Which?"},
            "rule R16, choice: a rule cannot be chosen instead of itself",
        ),
        (["rules", "R16", "choice"], {"or": "R04"}, "rule R16, choice: 'text' is missing"),
        (
            ["rules", "R06", "choice"],
            {"or": "R04", "text": "Which?"},
            "rule R06: 'choice' stands without 'clinician_choice_if', so that nobody is asked to choose",
        ),
        # names that the product goes by
        (
            ["items", "FA3", "kind"],
            "single",
            "item FA3: is called 'how_to_learn', and so must be of the kind 'multi'",
        ),
        # contact plan
        (["contact_plan", "automatic_channels", 0], "fax", "contact plan: 'fax' is not an option of item CT1"),
        (
            ["contact_plan", "blocked", 0, "reason"],
            "no_channel",
            "contact plan: the reason 'no_channel' is kept for where nothing blocks",
        ),
        (["contact_plan", "blocked", 0, "reason"], "not_asked", "contact plan: reason 'not_asked' stands twice"),
        (["contact_plan", "blocked", 0, "reason"], "", "contact plan, blocked 1: 'reason' must be words"),
        (
            ["contact_plan", "blocked", 0, "if"],
            {"theme": "access", "in": ["high"]},
            "contact plan, blocked 1: looks at the level of theme 'access'",
        ),
        (["contact_plan", "blocked"], [], "contact plan: 'blocked' must be a list of at least one"),
    ],
)
def test_fault_is_found_and_named_with_its_place(path, value, fault):
    found = faults(changed(RAW, path, value))
    assert [sentence for sentence in found if fault in sentence], found


PARTS = {
    "definition": ([], shape.DEFINITION),
    "consent": (["consent"], shape.DEFINITION["consent"].keys),
    "consent, option no": (["consent", "options", "no"], shape.CHOICE),
    "contact plan": (["contact_plan"], shape.CONTACT_PLAN),
    "contact plan, blocked 2": (["contact_plan", "blocked", 1], shape.GUARD),
    "theme offline": (["themes", "offline"], shape.DEFINITION["themes"].keys),
    "need CONNECT": (["needs", "CONNECT"], shape.DEFINITION["needs"].keys),
    "item AC3": (["items", "AC3"], shape.ITEM),
    "item AC3, option home": (["items", "AC3", "options", "home"], shape.CHOICE),
    "item KN1, row wifi": (["items", "KN1", "rows", "wifi"], shape.CHOICE),
    "item AC3, derive 1": (["items", "AC3", "derive", 0], shape.ITEM["derive"].keys),
    "item AC3, points 2": (["items", "AC3", "points", 1], shape.ITEM["points"].keys),
    "item AC3, raises 3": (["items", "AC3", "raises", 2], shape.ITEM["raises"].keys),
    "rule R06": (["rules", "R06"], shape.RULE),
    "rule R06, hold 1": (["rules", "R06", "hold", 0], shape.GUARD),
    "status included": (["statuses", "included"], shape.DEFINITION["statuses"].keys),
}
REQUIRED = [
    (place, path, key)
    for place, (path, keys) in PARTS.items()
    for key, field in keys.items()
    if field.default is shape.REQUIRED
]


@pytest.mark.parametrize(("place", "path", "key"), REQUIRED, ids=lambda value: str(value))
def test_missing_key_is_named_with_its_place(place, path, key):
    named_by = re.sub(r"(option|row|item|theme|need|rule|status) \w+$", r"\1 \\d+", place)
    wanted = re.compile(rf"({re.escape(place)}|{named_by}): '{key}' is missing")
    assert [fault for fault in faults(removed(RAW, [*path, key])) if wanted.fullmatch(fault)]


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        (["rules", "R08"], "need CONNECT: no rule serves it"),
        (["items", "FA4"], "need HANDOVER: no item raises it"),
        (["items", "CT2a"], "contact plan: no item has the name 'avoid_channels'"),
        (["items", "CT1", "options", "none"], "contact plan: 'none' is not an option of item CT1"),
        (["items", "MH3", "options", "often"], "contact plan: 'often' is not an option of item MH3"),
        (["stages", "7"], "rule R22: stage 7 is not defined"),
        (["needs", "CONNECT"], "item AC3, raises 1: need 'CONNECT' is not defined"),
        (["themes", "offline"], "item OC1: theme 'offline' is not defined"),
        (["statuses", "not_enough_known"], "status included: the last status must take everyone"),
        (["items", "AC1", "options", "never"], "item KN1, derive 1: 'never' is not an option of item AC1"),
        (["items", "KN1", "rows"], "item KN1: a grid must have rows"),
    ],
)
def test_what_rests_on_a_part_that_is_gone_is_named(path, fault):
    found = faults(removed(RAW, path))
    assert [sentence for sentence in found if fault in sentence], found


def test_contact_item_of_another_kind_is_refused():
    definition = changed(RAW, ["items", "MH3a", "kind"], "single")
    assert faults(definition) == [
        "item MH3a: is called 'contact_that_feels_ok', and so must be of the kind 'multi'"
    ]


def test_item_that_two_themes_count_is_refused():
    definition = changed(RAW, ["themes", "offline", "items"], ["OC1", "OC2", "OC3", "AC6"])
    assert "item AC6: is counted by two themes" in faults(definition)


def test_counted_item_without_points_is_refused_because_a_gap_there_would_read_as_none():
    nothing = [{"if": {"item": "AC6", "in": ["lot"]}, "points": 0}]
    assert faults(changed(RAW, ["items", "AC6", "points"], nothing)) == [
        "item AC6: is counted by a theme, but no answer has points: a gap there would read as none"
    ]


def test_points_may_look_ahead_only_to_own_follow_ups_without_points():
    """AC2's points look ahead to AC2a. They may not once AC2a has points, or does not follow from AC2."""
    with_points = changed(RAW, ["items", "AC2a", "points"], [{"if": {"item": "AC2a", "in": ["no"]}, "points": 1}])
    assert "item AC2, points 2: looks ahead to item AC2a, which is not settled yet" in faults(with_points)
    on_its_own = removed(RAW, ["items", "AC2a", "skip_if"])
    assert faults(on_its_own) == ["item AC2, points 2: looks ahead to item AC2a, which is not settled yet"]


def test_all_faults_are_told_at_once_and_each_once():
    definition = changed(RAW, ["version"], "one")
    definition = changed(definition, ["items", "AC3", "raises", 1], CONNECT)
    definition = removed(definition, ["rules", "R06", "stage"])
    definition = changed(definition, ["statuses", "included", "if", "all", 0, "theme"], "wisdom")
    found = faults(definition)
    assert [fault for fault in found if "stage 0" not in fault] == [
        "rule R06: 'stage' is missing",
        "definition: 'version' must be three numbers with dots between them",
        "item AC3, raises 2: need 'CONECT' is not defined",
        "status included: theme 'wisdom' is not defined",
    ]
    assert len(found) == len(set(found))


@pytest.mark.parametrize("definition", [None, [], "getting-online", 7])
def test_definition_that_is_no_object_is_refused(definition):
    assert "definition: must be an object" in faults(definition)


def test_item_without_a_code_is_named_by_its_number():
    assert "item 10: 'code' is missing" in faults(removed(RAW, ["items", "AC3", "code"]))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.text(max_size=3) | st.sampled_from(["AC1", "never"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["item", "in", "if", "all", "code", "needs"]) | st.text(max_size=3), inner
        )
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(st.data(), json_values)
def test_whatever_stands_anywhere_in_a_definition_it_is_refused_with_faults_or_taken(data, value):
    """No fault hides behind a crash of the check, and nothing that passes it breaks the building."""
    definition = copy.deepcopy(RAW)
    part = definition
    while True:
        key = data.draw(st.sampled_from(sorted(part) if isinstance(part, dict) else range(len(part))))
        if not isinstance(part[key], (dict, list)) or not part[key] or data.draw(st.booleans()):
            break
        part = part[key]
    part[key] = value
    tidy, found = shape.read(definition)
    found += checks.faults(tidy)
    if not found:
        from_dict(definition)
