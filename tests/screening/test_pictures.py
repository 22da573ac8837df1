"""Which picture stands beside what: named things exist, and the questionnaire in use has one for each question."""

import pytest
from django.conf import settings

from screening import pictures, questionnaire

NAMED = sorted(path.stem for path in pictures.FOLDER.glob("*.json"))
SHIPPED = questionnaire.get("getting-online", "1.0.0")
FILES = {path.stem for path in (settings.BASE_DIR / "static/img/easy_read").glob("*.svg")}


@pytest.mark.parametrize("item", SHIPPED.items, ids=lambda item: item.code)
def test_every_question_has_a_picture(item):
    assert pictures.of(SHIPPED.id).of_item(item.code) in FILES


@pytest.mark.parametrize("definition", NAMED)
def test_every_picture_named_is_there_to_be_shown(definition):
    drawn = pictures.of(definition)
    beside = [*drawn.options.values(), *drawn.rows.values(), drawn.items]
    assert {name for names in beside for name in names.values()} <= FILES


@pytest.mark.parametrize("definition", NAMED)
def test_every_picture_is_beside_something_that_is_asked(definition):
    items = {code: item for one in questionnaire.all_loaded() if one.id == definition
             for code, item in one.items_by_code.items()}  # fmt: skip
    drawn = pictures.of(definition)
    assert drawn.items.keys() <= items.keys()
    for code, names in drawn.options.items():
        assert names.keys() <= {option.code for option in items[code].options}, code
    for code, names in drawn.rows.items():
        assert names.keys() <= {row.code for row in items[code].rows}, code


def test_in_one_question_every_option_has_a_picture_or_none_has():
    drawn = pictures.of(SHIPPED.id)
    for item in SHIPPED.items:
        assert len(drawn.options.get(item.code, {})) in (0, len(item.options)), item.code


def test_a_question_or_questionnaire_without_pictures_simply_shows_none():
    assert pictures.of(SHIPPED.id).of_item("NEW") == ""
    assert pictures.of(SHIPPED.id).of_option("NEW", "yes") == ""
    assert pictures.of("no-such-questionnaire").of_item("CT1") == ""
