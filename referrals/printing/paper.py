"""Sets a plan, a letter or a card as a PDF that a screen reader can read too (PDF/UA-1), by Typst.

Fonts come from packages, never from the machine, so that a sheet looks the same wherever it is printed. A
character that no font has is a refusal with that character in it, never an empty box on somebody's plan.
"""

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import takewhile
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from accounts.errors import NotPossibleNow
from accounts.wording import gettext_lazy as _
from referrals.printing.wording import Sheet

TEMPLATE = Path(__file__).with_name("plan.typ")
FONTS = ("fontpkg_arimo", "manimgx_fonts", "manimgx_fonts_cjk")
FIRST, LAST = ("Arimo", "Noto Sans"), ("Noto Sans Symbols", "Noto Sans CJK SC", "Noto Emoji")
NO_GLYPH = re.compile(r'error: the text (?:contains [a-z ]+)?`"(?P<text>.*?)"`')
"""As Typst says it of a character without a glyph, and of one that a PDF may not have."""
ESCAPED = re.compile(r"\\u\{(?P<hex>[0-9a-f]+)\}")
TOO_LONG = "does not fit"
PDF = "application/pdf"


class CannotPrint(NotPossibleNow):
    """The words are there, but this paper cannot show them."""

    title = _("This cannot be printed as it is")


@dataclass(frozen=True)
class Size:
    """In points; the pictures in millimetres."""

    text: int = 16
    title: int = 30
    heading: int = 21
    phone: int = 24
    picture: int = 15
    small_picture: int = 9
    gap: float = 0.65
    """Between two lines, as a part of the size of the text."""
    column: int = 140
    """Millimetres that a sentence has beside its picture."""


STANDARD, LARGE, EASY_READ, FOLDED, LETTER = "standard", "large", "easy_read", "folded", "letter"
SIZES: dict[str, Size] = {
    STANDARD: Size(),
    LARGE: Size(text=24, title=42, heading=30, phone=34, picture=20, small_picture=13, column=135),
    EASY_READ: Size(text=18, title=32, heading=24, phone=28, picture=20, small_picture=20, gap=0.6, column=135),
    FOLDED: Size(title=24, heading=18, picture=9, small_picture=7, gap=0.35, column=100),
    LETTER: Size(title=24, heading=19, picture=10, small_picture=7, gap=0.5),
}
CARD = Size(text=14, column=62)


@lru_cache
def _fonts() -> typst.Fonts:
    folders = [str(files(package)) for package in FONTS]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


@lru_cache
def families() -> list[str]:
    """In the order in which they are looked through: a script's own face before the large collections."""
    others = [name for name in _fonts().families() if name not in (*FIRST, *LAST) and "CJK" not in name]
    return [*FIRST, *others, *LAST]


def plans(sheets: Sequence[Sheet], form: str, addresses: Sequence[str] = ()) -> bytes:
    """One PDF, every plan on a sheet of its own also where both sides are printed on. `addresses`: for letters."""
    each = zip(sheets, addresses or [""] * len(sheets), strict=True)
    pages = [{**asdict(sheet), "address": address.splitlines()} for sheet, address in each]
    return typeset({"form": form, "sheets": pages, "size": asdict(SIZES[form])})


def cards(sheets: Sequence[Sheet]) -> bytes:
    """Appointment cards, four to an A4 to cut apart."""
    return typeset({"form": "cards", "sheets": [asdict(sheet) for sheet in sheets], "size": asdict(CARD)})


def typeset(data: dict[str, Any], template: Path = TEMPLATE) -> bytes:
    """Raises CannotPrint for a character that no font has, and for words that are too long for their place."""
    words = {"cover": str(_("My plan"))}
    try:
        return typst.compile(
            template,
            root=settings.BASE_DIR,
            font_paths=_fonts(),
            sys_inputs={"data": json.dumps({**data, "words": words, "families": families()})},
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as error:
        raise _refusal(error, json.dumps(data, ensure_ascii=False)) from error


def _refusal(error: typst.TypstError, words: str) -> Exception:
    if found := NO_GLYPH.search(error.message):
        text = ESCAPED.sub(lambda code: chr(int(code["hex"], 16)), found["text"])
        return CannotPrint(no_glyph_words(_with_marks(text, words)))
    if TOO_LONG in error.message:
        return CannotPrint(_("Some words are too long for this form. Shorten them, or print the standard form."))
    return error


def _with_marks(text: str, words: str) -> str:
    """Typst names the letter where it is a mark over it that no font has."""
    for found in re.finditer(re.escape(text), words):
        marks = "".join(takewhile(lambda one: unicodedata.category(one).startswith("M"), words[found.end() :]))
        if marks:
            return text + marks
    return text


def no_glyph_words(text: str) -> str:
    """Which character, by its look and by its number, and what to do."""
    numbers = ", ".join(f"U+{ord(character):04X}" for character in text)
    return _(
        "The character “%(text)s” (%(numbers)s) cannot be printed. Write the name that the person likes, the goal "
        "or the place in other letters. Or open the plan as a page, and print it from there."
    ) % {"text": text if text.isprintable() else "?", "numbers": numbers}
