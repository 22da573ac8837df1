"""What staff type is read the same way whoever types it, or refused with a sentence they can act on."""

import json
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import InvalidInput
from people.identifiers import date_of_birth, format_nhs_number, format_phone, nhs_number, outward, phone, postcode

DATA = Path(__file__).parent / "data"
NHS = json.loads((DATA / "nhs_numbers_999.json").read_text())
PHONES = json.loads((DATA / "phones.json").read_text())
POSTCODES = json.loads((DATA / "postcodes.json").read_text())
TODAY = date(2026, 11, 25)


def refused(read, *args):
    """The sentence that `read` refuses with; it stands beside the field too."""
    with pytest.raises(InvalidInput) as caught:
        read(*args)
    assert list(caught.value.fields.values()) == [caught.value.message]
    return caught.value.message


# NHS number


@pytest.mark.parametrize("digits", NHS["valid"])
def test_a_number_with_its_check_digit_is_taken_in_any_spacing(digits):
    spaced = format_nhs_number(digits)
    for typed in (digits, spaced, spaced.replace(" ", "-"), f" {spaced}\n", f"\u200b{digits}", " ".join(digits)):
        assert nhs_number(typed) == digits


@pytest.mark.parametrize("typed", NHS["invalid_check_or_transposition"])
def test_a_slip_of_the_keys_is_caught(typed):
    assert "wrong digit" in refused(nhs_number, typed)


@pytest.mark.parametrize("stem", NHS["nine_digit_stems_with_check_10 (no valid number exists)"])
def test_a_stem_without_a_check_digit_has_no_number(stem):
    for last in range(10):
        refused(nhs_number, f"{stem}{last}")


@given(st.sampled_from(NHS["valid"]), st.integers(0, 9), st.integers(1, 9))
def test_any_one_wrong_digit_is_caught(digits, place, by):
    wrong = str((int(digits[place]) + by) % 10)
    assert "wrong digit" in refused(nhs_number, digits[:place] + wrong + digits[place + 1 :])


@given(st.sampled_from(NHS["valid"]), st.integers(0, 8))
def test_two_neighbours_that_changed_places_are_caught(digits, place):
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    assert swapped == digits or "wrong digit" in refused(nhs_number, swapped)


@pytest.mark.parametrize("typed", NHS["malformed"])
def test_what_is_no_number_is_refused(typed):
    refused(nhs_number, typed)


@pytest.mark.parametrize("digit", "0123456789")
def test_one_digit_ten_times_is_refused_though_its_check_digit_is_right(digit):
    refused(nhs_number, digit * 10)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("", "Enter"),
        ("999 083 954", "This one has 9"),
        ("999 083 954 99", "This one has 11"),
        ("999O839549", "letter O"),
        ("٩٩٩٠٨٣٩٥٤٩", "digits only"),
        ("5000000005", "not a number that the NHS gives out"),
    ],
)
def test_the_sentence_says_what_is_wrong_with_the_number(typed, word):
    assert word in refused(nhs_number, typed)


def test_published_examples_are_judged_as_their_publishers_do():
    for digits, note in NHS["published_examples"].items():
        if note.startswith("valid"):
            assert nhs_number(digits) == digits
        else:
            refused(nhs_number, digits)


def test_a_number_is_shown_in_threes_and_four():
    assert format_nhs_number("9990839549") == "999 083 9549"


# Postcode


def rows(table):
    return POSTCODES[table]["rows"]


@pytest.mark.parametrize(("typed", "real"), rows("test_if_postcode_is_a_real_uk_postcode"))
def test_only_a_real_form_of_postcode_is_taken(typed, real):
    if real:
        assert postcode(typed)
    else:
        refused(postcode, typed)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [row for row in rows("test_format_postcode_for_printing") if not row[0].startswith("GIR")],
)
def test_a_postcode_has_one_form(typed, shown):
    assert postcode(typed) == shown
    assert postcode(postcode(typed)) == shown


@pytest.mark.parametrize(
    ("typed", "district"), [("sw1a1aa", "SW1A"), ("SE5 8AF", "SE5"), ("e1 6an", "E1"), ("EC1A 1BB", "EC1A")]
)
def test_the_first_half_names_a_district(typed, district):
    assert outward(postcode(typed)) == district


# Phone number

MOBILES = PHONES["valid_uk_mobile_phone_numbers"] + PHONES["valid_channel_island_numbers"]
LANDLINES = PHONES["valid_uk_landlines"]
NOT_BRITISH = PHONES["valid_international_phone_numbers"]
MISTYPED = chain.from_iterable(PHONES["invalid_uk_mobile_phone_numbers"].values())
WRONG = [*PHONES["invalid_uk_landlines"], *MISTYPED]


@pytest.mark.parametrize("typed", MOBILES)
def test_a_mobile_is_taken_however_it_is_written(typed):
    number, kind = phone(typed)
    assert kind == "mobile"
    assert number in {"+447723456789", "+447797292290", "+447797333214"}


@pytest.mark.parametrize("typed", LANDLINES)
def test_a_landline_is_taken_and_known_to_take_no_text(typed):
    assert phone(typed).kind == "landline"


@pytest.mark.parametrize("typed", [*WRONG, *NOT_BRITISH, "", "07012 345678", "07601 234567", "0117 496 086"])
def test_what_cannot_be_rung_in_the_uk_is_refused(typed):
    assert refused(phone, typed).endswith(".")


@pytest.mark.parametrize("typed", MOBILES + LANDLINES)
def test_a_number_as_shown_reads_back_as_the_same_number(typed):
    number = phone(typed).number
    assert phone(number).number == number
    assert phone(format_phone(number)).number == number


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("+447700900123", "07700 900123"),
        ("02079460123", "020 7946 0123"),
        ("0121-496-0123", "0121 496 0123"),
        ("01632 960123", "01632 960123"),
        ("0808 157 0123", "0808 157 0123"),
    ],
)
def test_a_number_is_shown_as_people_dial_it(typed, shown):
    assert format_phone(phone(typed).number) == shown


# Date of birth


@pytest.mark.parametrize(
    "typed",
    [
        "3 Apr 1961",
        "3 April 1961",
        "3rd april 1961",
        "April 3, 1961",
        "3apr61",
        "03/04/1961",
        "3/4/61",
        "3.4.1961",
        "3 - 4 - 1961",
        "3 4 1961",
        "1961-04-03",
        "1961/4/3",
        "030461",
        "03041961",
        "\u200b3 Apr\u00a01961 ",
    ],
)
def test_the_usual_ways_of_writing_a_day_are_read(typed):
    assert date_of_birth(typed, TODAY) == date(1961, 4, 3)


@given(st.dates(TODAY - timedelta(days=119 * 365), TODAY))
def test_a_day_reads_back_as_itself_in_every_form(born):
    plain = f"{born.day} {born.month} {born.year}"
    for typed in (
        born.isoformat(),
        plain,
        plain.replace(" ", "/"),
        f"{born:%d %b %Y}",
        f"{born:%B} {born.day}, {born.year}",
    ):
        assert date_of_birth(typed, TODAY) == born


@given(st.dates(TODAY - timedelta(days=119 * 365), TODAY))
def test_a_year_of_two_digits_is_right_or_asked_for_in_full_and_never_a_guess(born):
    short = f"{born:%d/%m/%y}"
    if TODAY.year - 120 <= born.year - 100 or born.year + 100 <= TODAY.year:
        assert "four digits" in refused(date_of_birth, short, TODAY)
    else:
        assert date_of_birth(short, TODAY) == born


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("", "day, month and year"),
        ("Easter 1961", "day, month and year"),
        ("3 1961", "day, month and year"),
        ("٣/٤/١٩٦١", "day, month and year"),
        ("31/02/1961", "no such day"),
        ("0/4/1961", "no such day"),
        ("29 Feb 2001", "no such day"),
        ("04/13/1961", "month"),
        ("3 Foo 1961", "month"),
        ("1/1/2027", "past"),
        ("26/11/2026", "past"),
        ("1/1/1890", "older than 120"),
        ("1/1/10", "four digits"),
    ],
)
def test_the_sentence_says_what_is_wrong_with_the_day(typed, word):
    assert word in refused(date_of_birth, typed, TODAY)


def test_a_day_is_read_the_british_way_round():
    assert date_of_birth("04/03/1961", TODAY) == date(1961, 3, 4)


@given(st.text())
def test_whatever_is_typed_is_read_or_refused_and_nothing_else(typed):
    for read in (nhs_number, postcode, phone, partial(date_of_birth, today=TODAY)):
        with suppress(InvalidInput):
            assert read(typed)
