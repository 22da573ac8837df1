"""A run of letters as it comes out of the printer: what stands on the cover sheet, and what on each letter."""

import pytest

from referrals.post import references, runs
from tests.referrals.planning import read
from tests.referrals.posting import letters_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning")]
NAMES = ("Marker Firstname", "Marker Secondname")


def words_of(page):
    return " ".join(page.extract_text().split())


def from_the_top(page):
    """The words of a page as they lie on it, the highest first."""
    found = []

    def look(text, matrix, text_matrix, _font, _size):
        if text.strip():
            height = matrix[1] * text_matrix[4] + matrix[3] * text_matrix[5] + matrix[5]
            found.append((round(height), text.strip()))

    page.extract_text(visitor_text=look)
    return [text for _height, text in sorted(found, key=lambda one: -one[0])]


@pytest.fixture
def run(offer, ash, bo):
    for name in NAMES:
        letters = letters_for(1, offer, ash, bo, name=name)
    return runs.make(chosen=[one.pk for one in letters], both_sides=False, by=bo)


@pytest.fixture
def pages(run, bo):
    return read(runs.print_run(batch=run, by=bo)).pages


def test_the_cover_sheet_counts_the_letters_by_reference_and_names_nobody(run, pages):
    cover = words_of(pages[0])
    assert "2 letters" in cover
    assert run.code in cover
    for letter in run.letters.all():
        assert references.printed(letter.reference) in cover
        assert letter.to.splitlines()[1] not in cover
    assert "Marker" not in cover


def test_each_letter_bears_its_own_reference_and_its_own_name(run, pages):
    letters = list(run.letters.order_by("place"))
    assert len(pages) == 1 + len(letters)
    for letter, page in zip(letters, pages[1:], strict=True):
        said = words_of(page)
        assert letter.to.splitlines()[0] in said
        assert [one.reference for one in letters if references.printed(one.reference) in said] == [
            letter.reference
        ]
        assert sum(name in said for name in NAMES) == 1


def test_the_number_to_ring_stands_above_everything_else(run, bo, pages):
    number = run.organisation.phone
    assert number
    for page in pages[1:]:
        assert from_the_top(page)[:2] == ["You can ring us on", number]


def test_one_letter_printed_again_has_no_cover_sheet(run, bo):
    letter = run.letters.first()
    (page,) = read(runs.print_run(batch=run, by=bo, letter=letter)).pages
    assert references.printed(letter.reference) in words_of(page)
