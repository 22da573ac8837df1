"""The plan as PDF: all its words in order, readable by screen readers, and no character lost in silence."""

import contextlib
import re
import unicodedata
from dataclasses import replace

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import NotPossibleNow
from referrals.models import GivenPlan
from referrals.printing import paper
from referrals.printing.wording import card
from tests.referrals.planning import KAY, LESSONS, LIBRARY, kay, lines_of, read, sheet_of, text_of, words_of

FORMS = list(paper.SIZES)
ADDRESS = "Robin Example\n1 Example Road\nLondon\nSE5 8AZ"
LONG_NAME = ("Wolfeschlegelsteinhausenbergerdorff " * 6)[:200].strip()
LONG_PLACE = ("A community hub with very many words in its name " * 7)[:300].strip()
CARD = {"meeting": LIBRARY, "who": "Bo", "phone": "020 7946 0101"}


def pdf_of(known, form="standard"):
    return paper.plans([sheet_of(known)], form, [ADDRESS])


def pages(pdf):
    """(width, height) in millimetres of each page."""
    return [
        (round(page.mediabox.width * 25.4 / 72), round(page.mediabox.height * 25.4 / 72))
        for page in read(pdf).pages
    ]


def ink_of(pdf, page=0):
    """Left, top, right and bottom of what is not white, as parts of the page."""
    bitmap = pypdfium2.PdfDocument(pdf)[page].render(scale=0.5, grayscale=True)
    rows = [
        bytes(bitmap.buffer)[y * bitmap.stride : y * bitmap.stride + bitmap.width] for y in range(bitmap.height)
    ]
    inked = [(x, y) for y, row in enumerate(rows) for x, value in enumerate(row) if value < 128]
    xs, ys = [x for x, _ in inked], [y for _, y in inked]
    size = (bitmap.width, bitmap.height)
    return (min(xs) / size[0], min(ys) / size[1], max(xs) / size[0], max(ys) / size[1]) if inked else None


# --- What is in the file ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_every_line_is_on_every_form_in_its_order(form):
    said = text_of(pdf_of(kay(learns=("slow",)), form))
    place = 0
    for title, lines in lines_of(sheet_of(kay(learns=("slow",)))).items():
        for words in filter(None, [title, *lines]):
            found = said.find(" ".join(words.split()), place)
            assert found >= 0, f"{words!r} is not after {said[:place][-40:]!r}"
            place = found


@pytest.mark.parametrize("form", FORMS)
def test_a_screen_reader_is_told_language_title_and_headings(form):
    file = read(pdf_of(KAY, form))
    assert file.metadata.title == "My plan"
    assert file.trailer["/Root"]["/Lang"].startswith("en")
    assert file.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in file.trailer["/Root"]["/Metadata"].get_data()


@pytest.mark.parametrize(
    ("form", "points"), [("standard", 16), ("large", 24), ("easy_read", 18), ("folded", 16), ("letter", 16)]
)
def test_no_word_is_smaller_than_promised_and_the_number_is_large(form, points):
    sizes = {}

    def look(text, matrix, text_matrix, _font, size):
        if text.strip():
            sizes[text.strip()] = round(abs(size * text_matrix[3] * matrix[3]), 1)

    for page in read(pdf_of(KAY, form)).pages:
        page.extract_text(visitor_text=look)
    in_window = set(ADDRESS.splitlines())
    assert min(size for text, size in sizes.items() if text not in in_window) >= points
    assert next(size for text, size in sizes.items() if "020 7946 0101" in text) >= 24


def test_a_file_says_nothing_of_who_made_it_or_whose_it_is():
    file = read(pdf_of(kay(called="Markername")))
    about = str(file.metadata) + file.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "Markername" not in about
    assert not re.search(r"CreationDate|Author", about)


def test_there_is_a_size_for_every_form_that_can_be_given():
    assert set(GivenPlan.Form.values) == set(FORMS)


# --- How it lies on the page --------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["standard", "large", "easy_read", "letter"])
def test_plans_are_upright_a4(form):
    assert set(pages(pdf_of(KAY, form))) == {(210, 297)}


def test_folded_there_is_nothing_but_my_plan_outside():
    pdf = pdf_of(kay(learns=("slow",)), "folded")
    assert pages(pdf) == [(297, 210)] * 2
    assert read(pdf).pages[0].extract_text().strip() == "My plan"
    left, _, right, _ = ink_of(pdf)
    assert left > 0.5, "the front is the right half"
    assert right < 0.96


def test_a_long_plan_folds_into_sheets_that_are_blank_outside():
    meeting = replace(LIBRARY, where=LONG_PLACE, bring=LONG_PLACE)
    pdf = pdf_of(
        kay(called=LONG_NAME, learns=("slow",), asked=(replace(LESSONS, meetings=(meeting,)), *KAY.asked[:1])),
        "folded",
    )
    outsides = [page.extract_text().strip() for page in read(pdf).pages[::2]]
    assert outsides == ["My plan", *[""] * (len(outsides) - 1)]
    assert len(outsides) > 1


def place_of(page, words):
    """Left and top of the first letter, in millimetres from the edges of the page."""
    text = page.get_textpage()
    first, _ = text.search(words).get_next()
    left, _, _, top = text.get_charbox(first)
    return left * 25.4 / 72, (page.get_height() - top) * 25.4 / 72


def test_the_address_stands_in_the_window_and_the_plan_below_the_fold():
    page = pypdfium2.PdfDocument(paper.plans([sheet_of(KAY)], "letter", [ADDRESS]))[0]
    for line in ADDRESS.splitlines():
        left, top = place_of(page, line)
        assert 24 < left < 26
        assert 39 < top < 63
    assert place_of(page, "Hello Kay")[1] > 94


def test_each_of_many_begins_on_a_sheet_of_its_own():
    pdf = paper.plans([sheet_of(kay(called=name)) for name in ("Ada", "Ben", "Col")], "easy_read")
    begins = [n for n, page in enumerate(read(pdf).pages) if "The name I like" in page.extract_text()]
    assert len(begins) == 3
    assert [n % 2 for n in begins] == [0, 0, 0]


def test_cards_are_four_to_a_sheet():
    pdf = paper.cards([card(called="Kay", **CARD)] * 5)
    assert pages(pdf) == [(210, 297)] * 2
    assert text_of(pdf).count("Where: Brook Lane Library") == 5
    assert text_of(pdf).count("020 7946 0101") == 5


@pytest.mark.parametrize("form", FORMS)
def test_two_hundred_letters_of_a_name_and_long_places_stay_inside_the_page(form):
    meeting = replace(LIBRARY, where=LONG_PLACE, bring="W" * 200)
    known = kay(called=LONG_NAME, goal="M" * 300, asked=(replace(LESSONS, meetings=(meeting,)),))
    pdf = pdf_of(known, form)
    assert " ".join(words_of(sheet_of(known)).split("Where: ")[1].split()[:6]) in text_of(pdf)
    for page in range(len(read(pdf).pages)):
        ink = ink_of(pdf, page)
        assert ink is None or (ink[0] > 0.02 and ink[1] > 0.02 and ink[2] < 0.98 and ink[3] < 0.98)


@pytest.mark.parametrize(
    "too_much",
    [
        lambda: paper.plans([sheet_of(KAY)], "letter", ["\n".join(f"Line {n}" for n in range(9))]),
        lambda: paper.cards(
            [card(called=LONG_NAME, **{**CARD, "meeting": replace(LIBRARY, where=LONG_PLACE, bring=LONG_PLACE)})]
        ),
    ],
)
def test_words_that_would_run_out_of_their_place_are_refused(too_much):
    with pytest.raises(paper.CannotPrint, match="too long for this form"):
        too_much()


# --- Scripts ------------------------------------------------------------------------------------------------

NAMES = {
    "Arabic": "محمد علي",
    "Armenian": "Արամ",
    "Bengali": "রবীন্দ্র",
    "Chinese": "王小明",
    "Cyrillic": "Світлана",
    "Devanagari": "अनिता",
    "Ethiopic": "አበበ",
    "Georgian": "ნინო",
    "Greek": "Ελένη",
    "Gujarati": "પ્રિયા",
    "Gurmukhi": "ਜਸਪ੍ਰੀਤ",
    "Hebrew": "משה",
    "Japanese": "さくら",
    "Korean": "김민준",
    "Polish": "Żółć",
    "Sinhala": "නිමල්",
    "Tamil": "கமலா",
    "Thai": "สมชาย",
    "Vietnamese": "Nguyễn Đỗ",
    "Yoruba": "Ọláńrewájú",
    "emoji": "Kay 😀",
}


@pytest.mark.parametrize("script", NAMES)
def test_a_name_in_any_script_used_here_is_printed(script):
    """Order and joined letters are the reader's business; none may be missing."""
    said = unicodedata.normalize("NFKC", text_of(pdf_of(kay(called=NAMES[script]))))
    assert set(unicodedata.normalize("NFKC", NAMES[script])) - set(said) == set()


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("ⴰⵎⵖⴰⵔ", "U+2D30"),
        ("Kay\x07", "U+0007"),
        ("Kay 𓀀", "U+13000"),
        ("Kay\x00", "U+0000"),
        ("Ka\u20d6y", "U+0061, U+20D6"),
        ("Kay\ufdd0", "U+FDD0"),
    ],
)
def test_a_character_that_no_font_has_is_named_and_no_box_is_printed(name, number):
    with pytest.raises(paper.CannotPrint) as refused:
        pdf_of(kay(called=name))
    assert number in refused.value.message
    assert "cannot be printed" in refused.value.message
    assert isinstance(refused.value, NotPossibleNow)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.sampled_from(FORMS))
def test_whatever_was_typed_there_is_a_sheet_or_a_refusal_in_words(typed, form):
    with contextlib.suppress(paper.CannotPrint):
        assert pdf_of(kay(called=typed, goal=typed), form).startswith(b"%PDF")


@pytest.mark.parametrize(
    "typed", ["#panic()", "$x$ *b* _i_ `r` \\ // /* <a> @b", "#{1+1}", "= Heading", '"quoted"']
)
def test_what_somebody_typed_is_never_read_as_markup(typed):
    assert typed in text_of(pdf_of(kay(goal=typed)))


def test_nothing_of_the_machine_is_needed():
    assert {name for name in paper.families() if not name.startswith(("Arimo", "Noto"))} == set()
