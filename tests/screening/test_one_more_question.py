"""One more question touches the definition alone: it is asked, saved, scored and shown."""

import html
import json

import pytest

from screening import actions, questionnaire
from screening.models import Screening
from tests.screening.examples import RAW
from tests.screening.filling import Inputs, fill

QUESTION = {
    "code": "AC7",
    "name": "charging",
    "section": "Getting online",
    "theme": "access",
    "subtheme": "charging",
    "text": "Do you have a place to charge a phone?",
    "kind": "single",
    "options": [{"code": "yes", "label": "Yes"}, {"code": "no", "label": "No, nowhere"}],
    "points": [{"if": {"item": "AC7", "in": ["no"]}, "points": 2}],
    "raises": [{"if": {"item": "AC7", "in": ["no"]}, "needs": ["CONNECT"]}],
    "why": "Nowhere to charge means no use. [D]",
}


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """The shipped screening with one question more, as its version 1.1.0."""
    definition = json.loads(json.dumps(RAW))
    definition["version"] = "1.1.0"
    place = [item["code"] for item in definition["items"]].index("AC4") + 1
    definition["items"].insert(place, QUESTION)
    next(theme for theme in definition["themes"] if theme["code"] == "access")["items"].append("AC7")
    definition["short_form"].append("AC7")
    for raw in (RAW, definition):
        path = tmp_path / f"getting-online-{raw['version']}.json"
        path.write_text(json.dumps(raw), encoding="utf-8")
    caches = (questionnaire.get, questionnaire.latest)
    monkeypatch.setattr(questionnaire, "DEFINITIONS", tmp_path)
    for cached in caches:
        cached.cache_clear()
    yield questionnaire.latest("getting-online")
    for cached in caches:
        cached.cache_clear()


def page(client, path):
    return client.get(path).content.decode()


def test_it_is_asked_saved_scored_and_shown(as_ash, ash, person, asked):
    draft = actions.start(service_user=person, by=ash)
    assert draft.definition_version == "1.1.0"
    url = f"/screenings/{draft.pk}/sections/getting-online/"
    sent = fill(page(as_ash, url), asked.item("AC7"), "no")
    assert as_ash.post(url, sent).status_code == 302
    assert Screening.objects.get().responses["AC7"]["value"] == "no"
    assert "No, nowhere" in page(as_ash, f"/screenings/{draft.pk}/check/")
    done = actions.submit(screening=Screening.objects.get(), by=ash)
    assert done.result["points"]["access"] == 2
    assert done.needs.get(code="CONNECT").because == ["AC7"]
    shown = html.unescape(page(as_ash, f"/screenings/{done.pk}/"))
    assert "Do you have a place to charge a phone?" in shown
    assert 'href="#answer-AC7"' in shown


def test_without_an_answer_it_is_a_gap_and_never_none(as_ash, ash, person, asked):
    draft = actions.start(service_user=person, by=ash)
    assert "was-AC7" in Inputs(page(as_ash, f"/screenings/{draft.pk}/sections/getting-online/")).data
    assert actions.submit(screening=draft, by=ash).result["levels"]["access"] == "not_known"
