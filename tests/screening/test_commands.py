"""The two commands at the door of the rules: score lines of answers, check a definition file."""

import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command

from screening.questionnaire import DEFINITIONS
from tests.screening.examples import RAW, VECTORS
from tests.screening.faulty import changed

EMPTY = '{"id": "empty", "answers": {}}'


@pytest.fixture
def score(monkeypatch, capsys):
    """Runs the command on the lines; gives the lines that it wrote, as objects, and its complaint if any."""

    def run(*lines, **options):
        sent = "\n".join(lines).encode() if all(isinstance(line, str) for line in lines) else b"\n".join(lines)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(sent)))
        complaint = ""
        try:
            call_command("score", **options)
        except CommandError as error:
            complaint, code = str(error), error.returncode
            assert code == 1
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()], complaint

    return run


def test_every_worked_case_is_scored_exactly_one_line_each(score):
    sent = [json.dumps({"id": vector["id"], "answers": vector["answers"]}) for vector in VECTORS]
    results, complaint = score(*sent)
    assert results == [{"id": vector["id"], **vector["expect"]} for vector in VECTORS]
    assert not complaint


def test_keys_are_sorted_so_that_outputs_can_be_compared_as_text(score, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(EMPTY.encode())))
    call_command("score")
    line = capsys.readouterr().out.rstrip("\n")
    assert line == json.dumps(json.loads(line), sort_keys=True)


@pytest.mark.parametrize(
    ("line", "id", "sentence"),
    [
        ("not JSON", None, "The line is not JSON"),
        ("[" * 100_000, None, "The line is not JSON"),
        ("[1]", None, "The line must be an object with id and answers."),
        ('{"id": 7}', 7, "There are no answers."),
        ('{"id": 7, "answers": []}', 7, "The answers must be an object"),
        (
            '{"id": 7, "answers": {"AC1": "x", "ZZ9": 1}}',
            7,
            "AC1: 'x' is not one of its options. ZZ9: There is no",
        ),
    ],
)
def test_faulty_line_is_told_in_its_place_and_the_others_are_scored(score, line, id, sentence):
    results, complaint = score(EMPTY, line, "", EMPTY)
    assert [result.get("status") for result in results] == ["not_enough_known", None, "not_enough_known"]
    assert set(results[1]) == {"id", "error"}
    assert results[1]["id"] == id
    assert results[1]["error"].startswith(sentence)
    assert complaint == "1 of 3 lines could not be scored."


def test_line_that_is_not_utf_8_is_told_like_any_other(score):
    results, _ = score(b'{"id": "\xff"}', EMPTY.encode())
    assert results[0]["error"].startswith("The line is not JSON")
    assert results[1]["id"] == "empty"


def test_definition_is_chosen_by_id_and_version(score):
    assert score(EMPTY, definition="getting-online@1.0.0")[0][0]["id"] == "empty"
    results, complaint = score(EMPTY, definition="getting-online@7.0.0")
    assert results == []
    known = "getting-online@1.0.0, review-4-weeks@1.0.0, review-12-weeks@1.0.0, review-26-weeks@1.0.0"
    assert complaint == f"There is no questionnaire getting-online, version 7.0.0. There are: {known}."


def test_nothing_sent_gives_nothing_back(score):
    assert score() == ([], "")


def test_good_definition_is_told_in_one_line(capsys):
    call_command("check_definition", DEFINITIONS / "getting-online-1.0.0.json")
    assert capsys.readouterr().out == (
        "getting-online 1.0.0: 29 items in 8 sections, 4 themes, 39 needs, 32 rules, 5 statuses. No faults.\n"
    )


def test_every_fault_of_a_definition_is_told_and_the_exit_code_is_1(tmp_path, capsys):
    faulty = changed(changed(RAW, ["version"], "1"), ["items", "AC6", "kind"], "slider")
    path = tmp_path / "faulty.json"
    path.write_text(json.dumps(faulty), encoding="utf-8")
    with pytest.raises(CommandError, match=r"faulty\.json: 2 to put right\.") as refused:
        call_command("check_definition", path)
    assert refused.value.returncode == 1
    assert capsys.readouterr().out.splitlines() == [
        "definition: 'version' must be three numbers with dots between them",
        "item AC6: 'slider' is not a kind of item",
    ]


def test_definition_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("check_definition", tmp_path / "nowhere.json")
