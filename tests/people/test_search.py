"""The one search box: numbers, names and days in any order, forgiving, and only within what one may see."""

from datetime import date

import pytest

from people.names import search_name
from people.search import MOST, find, split
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


def person(by, name, *, preferred_name="", **more):
    return factories.ServiceUserFactory(
        created_by=by,
        name=name,
        preferred_name=preferred_name,
        search_name=search_name(name, preferred_name),
        **more,
    )


@pytest.fixture
def zoe(ash):
    return person(
        ash,
        "Zoë O’Brien-Łukasz",
        preferred_name="Zo",
        date_of_birth=date(1961, 4, 3),
        nhs_number="9990839549",
        local_number="RV5123",
    )


@pytest.fixture
def others(ash):
    return [person(ash, f"Kim Sample{n}", date_of_birth=date(1980, 1, 1)) for n in range(3)]


@pytest.mark.usefixtures("others")
@pytest.mark.parametrize(
    "text",
    [
        "9990839549",
        "999 083 9549",
        " 999-083-9549 ",
        "RV5123",
        "rv5 123",
        "Zoë",
        "zoe obrien",
        "O'Brien Zoe",
        "lukasz",
        "zo",
        "ZOË O’BRIEN-ŁUKASZ",
        "3 4 1961",
        "03/04/1961",
        "3 Apr 1961",
        "1961-04-03",
        "zoe 3 4 1961",
        "3rd April 1961 o'brien",
        "obr zo",
    ],
)
def test_person_is_found_by(ash, zoe, text):
    assert find(ash, text, TODAY).people == [zoe]


@pytest.mark.usefixtures("zoe", "others")
@pytest.mark.parametrize(
    "text",
    ["", "  ", "…", "%", "_", "asz", "zoe 4 4 1961", "nobody", "9990839530", "\x00", "\ud800", "zoe sample"],
)
def test_nobody_is_found_by(ash, text):
    assert find(ash, text, TODAY).people == []


@pytest.mark.parametrize("name", ["محمد علي", "王小明", "Bo", "अमित", "X" * 200])
def test_names_of_any_script_and_length_are_found_as_written(ash, name):
    there = person(ash, name)

    assert find(ash, name, TODAY).people == [there]


@pytest.mark.usefixtures("others")
@pytest.mark.parametrize(
    "text",
    [
        "3/4/61",
        "03.04.1961",
        "3-4-61",
        "3rd April 1961",
        "April 3, 1961",
        "3apr61",
        "030461",
        "03041961",
        "03.04.61 zoe",
        "zoe, 3/4/61",
        "Ms Zoë O'Brien-Łukasz",
        "NHS number 999 083 9549",
        "Zoë O’Brien-Łukasz 9990839549",
    ],
)
def test_day_in_every_usual_form_and_number_among_words_find(ash, zoe, text):
    assert find(ash, text, TODAY).people == [zoe]


@pytest.mark.usefixtures("others", "zoe")
@pytest.mark.parametrize(
    ("typed", "recorded"),
    [
        ("Catherine Sample", "Katherine Sample"),
        ("Stephen Sample", "Steven Sample"),
        ("Mohammed Khan", "Muhammad Khan"),
        ("Jeff Khan", "Geoff Khan"),
        ("Jhon Smiht", "John Smith"),
        ("Annmarie Smith", "Anne-Marie Smith"),
        ("Mac Donald", "MacDonald"),
        ("smyth sia", "Siân Smith"),
        ("lukazs", "Łukasz Nowak"),
        ("محمد علي", "محمّد عليّ"),
        ("محمود علي", "محمد علي"),
        ("Adaeze Okonkwo-Smith", "Adaeze"),
    ],
)
def test_misspelt_joined_and_sounding_alike_is_found(ash, typed, recorded):
    there = person(ash, recorded)

    assert there in find(ash, typed, TODAY).people


@pytest.mark.parametrize(
    ("typed", "recorded"), [("Ann", "Amy"), ("Kim", "Cam"), ("Lee", "Lou"), ("Robin", "Chris")]
)
def test_other_short_names_are_not_taken_for_it(ash, typed, recorded):
    person(ash, recorded)

    assert find(ash, typed, TODAY).people == []


def test_others_with_a_name_like_it_are_shown_beside_the_one_who_has_it(ash):
    exact, like = person(ash, "Mohammed Ali"), person(ash, "Muhammad Ali")
    person(ash, "Somebody Else")
    found = find(ash, "mohammed ali", TODAY)

    assert (found.people, found.alike, found.kind) == ([exact], [like], "name")


def test_likest_name_comes_first(ash):
    further, nearer = person(ash, "Katherina Brown"), person(ash, "Katherine Browne")

    assert find(ash, "catherine browne", TODAY).people == [nearer, further]


@pytest.mark.usefixtures("others")
def test_misspelt_name_finds_who_has_a_name_like_it(ash, zoe):
    found = find(ash, "zoe obrian", TODAY)

    assert found.people == [zoe]
    assert found.kind == "similar name"


def test_nhs_number_with_a_wrong_digit_is_told(ash, zoe):
    found = find(ash, "999 083 9548", TODAY)

    assert found.people == []
    assert "wrong digit" in found.hint


@pytest.mark.parametrize("text", ["9990839549", "RV5123", "zoe", "3 4 1961", "zoe obrian"])
def test_nobody_is_found_on_a_list_that_is_not_mine(zoe, nia, cam, bo, text):
    for other in (nia, cam, bo):
        assert find(other, text, TODAY).people == []


def test_admin_finds_everybody_in_the_organisation(zoe, dee):
    assert find(dee, "zoe", TODAY).people == [zoe]


def test_no_more_than_a_page_is_shown_and_it_is_said(ash):
    for n in range(MOST + 1):
        person(ash, f"Kim Sample{n}")
    found = find(ash, "kim", TODAY)

    assert len(found.people) == MOST
    assert found.more


@pytest.mark.parametrize(
    ("text", "born", "words"),
    [
        ("robin example", [], ["robin", "example"]),
        ("robin 3 4 1961 example", [date(1961, 4, 3)], ["robin", "example"]),
        ("may 4 may 1971", [date(1971, 5, 4)], ["may"]),
        ("3/4/61", [date(1961, 4, 3)], []),
        ("3/4/10", [date(2010, 4, 3), date(1910, 4, 3)], []),
        ("29/2/04 robin", [date(2004, 2, 29)], ["robin"]),
        ("31 2 1961", [], ["31", "2", "1961"]),
    ],
)
def test_day_and_name_are_told_apart(text, born, words):
    assert split(text, TODAY) == (born, words)


def test_search_costs_the_same_however_many_there_are(ash, django_assert_max_num_queries):
    for n in range(30):
        person(ash, f"Kim Sample{n}")
    with django_assert_max_num_queries(4):
        find(ash, "kim sampel", TODAY)
