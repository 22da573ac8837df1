"""What staff type about a person, and what is stored; wrong types and hostile text included."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import InvalidInput
from people.facts import READERS, as_typed, read

TODAY = date(2026, 11, 24)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=3)
)


def refused(**typed):
    with pytest.raises(InvalidInput) as caught:
        read(typed, TODAY)
    return caught.value.fields


def read_or_refuse(typed):
    try:
        return read(typed, TODAY), {}
    except InvalidInput as refusal:
        return {}, refusal.fields


def test_facts_are_read_into_what_is_stored():
    assert read(
        {
            "name": "  Robin \t Example ",
            "date_of_birth": "3 Apr 1961",
            "nhs_number": "999 083 9549",
            "local_number": " rv5 123 ",
            "phone": "07700 900123",
            "email": " robin@example.org ",
            "postcode": "se5 8az",
            "address": "1  Example Road\r\n\r\nLondon ",
        },
        TODAY,
    ) == {
        "name": "Robin Example",
        "date_of_birth": date(1961, 4, 3),
        "nhs_number": "9990839549",
        "local_number": "RV5123",
        "phone": "+447700900123",
        "email": "robin@example.org",
        "postcode": "SE5 8AZ",
        "address": "1 Example Road\n\nLondon",
    }


def test_nothing_typed_is_not_known():
    empty = read({name: False if name == "no_fixed_address" else " " for name in READERS if name != "name"}, TODAY)

    assert {name: value for name, value in empty.items() if value is None} == {
        "nhs_number": None,
        "local_number": None,
        "date_of_birth": None,
    }
    assert {value for value in empty.values() if value is not None} == {"", False}


@pytest.mark.parametrize("name", ["", "  ", "…", "\u200f", "\x00", "🙂"])
def test_name_without_a_letter_is_refused(name):
    assert refused(name=name) == {"name": "Enter the person’s name."}


@pytest.mark.parametrize("name", ["Bo", "محمد", "王小明", "O’Brien", "Þóra", "X" * 200, "De la Ñ-ü Ó'Neill"])
def test_names_of_any_kind_are_kept_as_written(name):
    assert read({"name": name}, TODAY)["name"] == name


def test_name_of_two_hundred_and_one_is_refused_with_its_length():
    assert refused(name="X" * 201) == {"name": "Use 200 characters or fewer. This has 201."}


def test_every_wrong_fact_is_named_at_once():
    assert set(refused(name="", nhs_number="123", phone="x", email="y", postcode="z", date_of_birth="soon")) == {
        "name",
        "nhs_number",
        "phone",
        "email",
        "postcode",
        "date_of_birth",
    }


def test_number_with_a_wrong_digit_is_refused():
    assert "wrong digit" in refused(nhs_number="9990839548")["nhs_number"]


def test_unknown_fact_is_refused():
    assert refused(shoe_size="43") == {"shoe_size": "There is no such fact about a person."}


@pytest.mark.parametrize("wrong", [0, 1.5, True, None, [], {}, ["Robin"]])
def test_what_is_no_text_is_no_name(wrong):
    assert refused(name=wrong) == {"name": "This must be text."}


@pytest.mark.parametrize("wrong", ["yes", 1, 0, None, "true"])
def test_what_is_not_true_or_false_is_refused(wrong):
    assert refused(no_fixed_address=wrong) == {"no_fixed_address": "This must be true or false."}


def test_text_that_turns_the_reading_direction_round_is_taken_out():
    assert read({"name": "Robin\u202e elpmaxE\u202c"}, TODAY)["name"] == "Robin elpmaxE"


def test_halves_of_characters_and_control_characters_are_taken_out():
    stored = read({"name": "Robin\ud800 \x00\x07Example", "communication_needs": "BSL\x1b[31m\nplease"}, TODAY)

    assert stored == {"name": "Robin Example", "communication_needs": "BSL[31m\nplease"}


@given(st.dictionaries(st.sampled_from(sorted(READERS)), ANYTHING))
def test_anything_sent_is_stored_whole_or_refused_in_words(typed):
    stored, sentences = read_or_refuse(typed)

    assert set(stored) | set(sentences) <= set(typed)
    assert all(sentence.endswith(".") for sentence in sentences.values())
    for value in stored.values():
        str(value).encode("utf-8")  # halves of characters would not go into any database
        assert "\x00" not in str(value)


@given(
    st.fixed_dictionaries(
        {
            "name": st.just("Robin Example"),
            "date_of_birth": st.dates(date(1910, 1, 1), TODAY).map(date.isoformat),
            "phone": st.sampled_from(["", "07700 900123", "020 7946 0123"]),
            "nhs_number": st.sampled_from(["", "999 083 9549"]),
            "communication_needs": st.text(max_size=100),
        }
    )
)
def test_stored_facts_shown_and_saved_again_are_the_same(typed):
    stored = read(typed, TODAY)

    assert read(as_typed(stored), TODAY) == stored
