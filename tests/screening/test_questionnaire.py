"""The shipped questionnaire, its lookups, and every kind of fault that a definition must be refused for."""

import json

import pytest

from screening import questionnaire
from screening.questionnaire import DefinitionError, UnknownDefinition, load
from tests.screening.examples import GETTING_ONLINE, RAW
from tests.screening.faulty import changed

# The shipped definition


def test_shipped_definition_is_whole():
    assert (GETTING_ONLINE.id, GETTING_ONLINE.version) == ("getting-online", "1.0.0")
    assert [len(part) for part in (GETTING_ONLINE.items, GETTING_ONLINE.needs, GETTING_ONLINE.rules)] == [
        29,
        39,
        32,
    ]
    assert set(GETTING_ONLINE.short_form) <= {item.code for item in GETTING_ONLINE.items}


def test_sections_take_their_code_from_their_title_and_keep_the_order_of_asking():
    sections = GETTING_ONLINE.sections
    assert [section.code for section in sections][:3] == ["reaching-you", "what-you-want", "getting-online"]
    assert tuple(item for section in sections for item in section.items) == GETTING_ONLINE.items
    assert {item.section for item in GETTING_ONLINE.section("other-things").items} == {"other-things"}


def test_lookups_find_parts_by_their_codes():
    assert GETTING_ONLINE.item("AC1").text == "How often do you go online?"
    assert GETTING_ONLINE.section("where-you-live").title == "Where you live"
    assert [item.code for item in GETTING_ONLINE.theme("offline").items] == ["OC1", "OC2", "OC3"]
    assert GETTING_ONLINE.rule("R06").support == "device"
    assert GETTING_ONLINE.need_title("DEVICE") == "No own working device"
    assert GETTING_ONLINE.status_title("at_risk") == "At risk"
    assert GETTING_ONLINE.stages[1] == "safety"
    with pytest.raises(KeyError):
        GETTING_ONLINE.item("ZZ9")


def test_rules_stand_in_the_order_in_which_they_are_suggested():
    order = [(rule.stage, rule.id) for rule in GETTING_ONLINE.rules]
    assert order == sorted(order)


def test_value_has_words_for_every_kind_of_item():
    assert GETTING_ONLINE.item("AC1").label_for("rare") == "Now and then"
    assert GETTING_ONLINE.item("CT1").label_for(["text", "call"]) == ["Text message", "Phone call"]
    assert GETTING_ONLINE.item("KN1").label_for({"health": "help", "wifi": "own"}) == {
        "Get on to wifi": "On my own",
        "Use a health app or website": "With help",
    }


# The definitions that ship


def test_definitions_are_found_by_id_and_version():
    assert questionnaire.get("getting-online", "1.0.0") is questionnaire.latest("getting-online")
    assert questionnaire.load_all() is questionnaire.all_loaded()


@pytest.mark.parametrize(("id", "version"), [("getting-online", "9.0.0"), ("getting-on", "1.0.0")])
def test_unknown_definition_is_told_in_a_sentence(id, version):
    with pytest.raises(UnknownDefinition) as unknown:
        questionnaire.get(id, version)
    assert str(unknown.value) == f"There is no questionnaire {id}, version {version}."


def test_latest_goes_by_number_not_by_spelling(tmp_path, monkeypatch):
    for version in ("1.9.0", "1.10.0"):
        path = tmp_path / f"getting-online-{version}.json"
        path.write_text(json.dumps(changed(RAW, ["version"], version)), encoding="utf-8")
    monkeypatch.setattr(questionnaire, "DEFINITIONS", tmp_path)
    assert [found.version for found in questionnaire.load_all()] == ["1.9.0", "1.10.0"]


def test_file_named_for_another_version_stops_the_start(tmp_path, monkeypatch):
    (tmp_path / "getting-online-2.0.0.json").write_text(json.dumps(RAW), encoding="utf-8")
    monkeypatch.setattr(questionnaire, "DEFINITIONS", tmp_path)
    with pytest.raises(DefinitionError, match=r"must be named so"):
        questionnaire.load_all()


def test_broken_file_among_the_definitions_stops_the_start(tmp_path, monkeypatch):
    (tmp_path / "getting-online-1.0.0.json").write_text(
        json.dumps(changed(RAW, ["version"], "1")), encoding="utf-8"
    )
    monkeypatch.setattr(questionnaire, "DEFINITIONS", tmp_path)
    with pytest.raises(DefinitionError) as refused:
        questionnaire.load_all()
    assert "getting-online-1.0.0.json cannot be used" in str(refused.value)


def test_file_that_is_not_json_is_refused_with_the_place(tmp_path):
    path = tmp_path / "broken.json"
    path.write_text('{"id": ,}', encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        load(path)
    assert refused.value.faults == ["The file is not JSON: Expecting value: line 1 column 8 (char 7)"]


def test_key_that_stands_twice_is_refused_though_json_would_take_the_last(tmp_path):
    path = tmp_path / "twice.json"
    path.write_text(json.dumps(RAW).replace('"kind": "grid"', '"kind": "grid", "kind": "grid"'), encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        load(path)
    assert refused.value.faults == ["KN1: 'kind' stands twice"]
