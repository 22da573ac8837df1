"""A definition in other words: the same codes, points and rules, and a file that says what it lacks."""

import json
from dataclasses import fields

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation as django_translation

from people.models import Consent
from screening import actions, questionnaire, scoring, translation
from screening.questionnaire import DefinitionError
from tests.factories import ScreeningFactory
from tests.screening.examples import GETTING_ONLINE, VECTORS

NAME = "getting-online-1.0.0"
TEXTS = translation.texts(GETTING_ONLINE)
WHOLE = {place: f"«{text}»" for place, text in TEXTS.items()}
IN_MARKS = translation.translated(GETTING_ONLINE, WHOLE, "cy")


def strings(part):
    """Every string of a questionnaire, by the path of names and numbers that leads to it."""
    if isinstance(part, str):
        yield (), part
    elif isinstance(part, dict | tuple | list):
        for key, inner in part.items() if isinstance(part, dict) else enumerate(part):
            yield from (((key, *path), text) for path, text in strings(inner))
    elif hasattr(part, "__dataclass_fields__"):
        for field in fields(part):
            value = getattr(part, field.name)
            yield from (((field.name, *path), text) for path, text in strings(value))


def test_every_text_that_is_shown_has_its_own_place_and_no_code_has_one():
    other = dict(strings(IN_MARKS))
    changed = {path[-1] for path, text in strings(GETTING_ONLINE) if other[path] != text}
    assert changed <= {"title", "intro", "text", "hint", "label", "reason", "care", "language"}
    kept = {path[-1] for path, text in strings(GETTING_ONLINE) if other[path] == text}
    assert not kept & {"title", "intro", "label", "hint", "care"}
    assert len(TEXTS) == len(set(TEXTS))


@pytest.mark.parametrize("vector", VECTORS[:40], ids=lambda vector: vector["id"])
def test_answers_score_the_same_in_any_language(vector):
    assert scoring.score(IN_MARKS, vector["answers"]).as_dict() == vector["expect"]


def test_what_has_no_words_is_asked_in_english_and_consent_is_never_half_of_each():
    some = translation.translated(GETTING_ONLINE, {"items.CT1.text": "«How?»", "consent.text": "«May we?»"}, "cy")
    assert some.item("CT1").text == "«How?»"
    assert some.item("CT1").options == GETTING_ONLINE.item("CT1").options
    assert some.consent == GETTING_ONLINE.consent


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The shipped definition alone, where a test can put words beside it."""
    text = (questionnaire.DEFINITIONS / f"{NAME}.json").read_text(encoding="utf-8")
    (tmp_path / f"{NAME}.json").write_text(text, encoding="utf-8")
    monkeypatch.setattr(questionnaire, "DEFINITIONS", tmp_path)
    forget()
    yield tmp_path
    monkeypatch.undo()
    forget()


def forget():
    for cached in (questionnaire.get, questionnaire.latest):
        cached.cache_clear()


def put(folder, words, **more):
    filled = json.loads(translation.to_fill_in(GETTING_ONLINE, words, "cy"))
    (folder / f"{NAME}.cy.json").write_text(json.dumps({**filled, **more}), encoding="utf-8")


def test_the_words_of_a_language_are_given_where_there_is_a_file_of_them(folder):
    put(folder, WHOLE)
    assert questionnaire.get("getting-online", "1.0.0", "cy").title == f"«{GETTING_ONLINE.title}»"
    assert questionnaire.latest("getting-online", "cy").language == "cy"
    for language in ("", "en-gb", "fr"):
        assert questionnaire.get("getting-online", "1.0.0", language).title == GETTING_ONLINE.title
    assert [one.version for one in questionnaire.all_loaded()] == ["1.0.0"]


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        (
            {"items.ZZ9.text": {"en-GB": "?", "cy": "?"}},
            "items.ZZ9.text: there is no such place",
        ),
        ({"items.CT1.text": "«How?»"}, "items.CT1.text: must have words under 'en-GB' and 'cy'"),
        (
            {"items.CT1.text": {"en-GB": "When?", "cy": "«When?»"}},
            "items.CT1.text: the English is not",
        ),
    ],
)
def test_a_strange_place_or_another_english_stops_the_start(folder, more, fault):
    put(folder, WHOLE, **more)
    with pytest.raises(DefinitionError, match=fault.replace(".", r"\.")):
        questionnaire.load_all()


def test_words_without_their_definition_stop_the_start(folder):
    (folder / "getting-online-9.0.0.cy.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"There is no definition getting-online-9\.0\.0"):
        questionnaire.load_all()


def run(*arguments):
    call_command("check_definition", *arguments)


def test_the_command_writes_an_empty_file_once_and_then_names_what_is_missing(folder, capsys):
    run(folder / f"{NAME}.json", "--wording", "cy")
    written = json.loads((folder / f"{NAME}.cy.json").read_text(encoding="utf-8"))
    assert list(written) == list(TEXTS)
    assert written["items.CT1.text"] == {"en-GB": TEXTS["items.CT1.text"], "cy": ""}
    with pytest.raises(CommandError, match=f"{len(TEXTS)} to put right"):
        run(folder / f"{NAME}.json", "--wording", "cy")
    assert "items.CT1.text: no words yet" in capsys.readouterr().out


def test_the_command_passes_a_file_that_is_whole_and_names_a_stray_place(folder, capsys):
    put(folder, WHOLE)
    run(folder / f"{NAME}.json", "--wording", "cy")
    assert f"{len(TEXTS)} texts translated. No faults." in capsys.readouterr().out
    put(folder, WHOLE, **{"items.CT1.texts": {"en-GB": "", "cy": ""}})
    with pytest.raises(CommandError, match="1 to put right"):
        run(folder / f"{NAME}.json", "--wording", "cy")


def test_a_language_that_is_none_writes_nothing(folder):
    with pytest.raises(CommandError, match="not the code of a language"):
        run(folder / f"{NAME}.json", "--wording", "../cy")
    assert len(list(folder.iterdir())) == 1


def test_consent_names_the_language_that_the_person_heard_and_falls_with_its_screening(folder, ash, person):
    put(folder, WHOLE)
    done = ScreeningFactory(service_user=person, started_by=ash, submitted=True)
    with django_translation.override("cy"):
        heard = actions.record_consent(screening=done, choice="yes", how=Consent.How.SPOKEN, by=ash)
    assert heard.wording == "getting-online 1.0.0 (cy)"
    actions.void(screening=done, reason="Another person's answers", by=ash)
    heard.refresh_from_db()
    assert heard.withdrawn_at
