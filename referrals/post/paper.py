"""A run of letters as one PDF that a screen reader can read too: a cover sheet, then the letters in their
order."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts import clock
from referrals.models import BatchLetter, LetterBatch
from referrals.post import references
from referrals.post.bars import bars_of
from referrals.printing import paper
from referrals.printing.paper import CannotPrint

TEMPLATE = Path(__file__).with_name("letters.typ")
STANDARD = {"text": 14, "phone": 26}
LARGE = {"text": 20, "phone": 34}


def pdf_of(batch: LetterBatch, letters: Sequence[BatchLetter], *, cover: bool) -> bytes:
    """Raises CannotPrint for what the paper cannot show."""
    data = {
        "cover": _cover(batch, letters) if cover else None,
        "both_sides": batch.both_sides,
        "language": (get_language() or "en").split("-")[0],
        "title": _("Letters, run %(code)s") % {"code": batch.code},
        "letters": [_letter(one) for one in letters],
    }
    return paper.typeset(data, TEMPLATE)


def faults(batch: LetterBatch, letters: Sequence[BatchLetter]) -> Iterator[tuple[BatchLetter, str]]:
    """Those that cannot be set, each with the sentence that says why. Looked for one by one only if there are
    any."""
    if not letters:
        return
    try:
        pdf_of(batch, letters, cover=False)
    except CannotPrint:
        for letter in letters:
            try:
                pdf_of(batch, [letter], cover=False)
            except CannotPrint as refusal:
                yield letter, refusal.message


def _letter(letter: BatchLetter) -> dict[str, Any]:
    paragraphs = letter.body.split("\n\n")
    phone = letter.batch.organisation.phone
    return {
        "address": letter.to.splitlines(),
        "phone": phone,
        "ring": _("You can ring us on"),
        "date": date_format(clock.today(), "j F Y"),
        "paragraphs": [part.splitlines() for part in paragraphs],
        "reference": _("Reference: %(reference)s") % {"reference": references.printed(letter.reference)},
        "bars": bars_of(letter.reference),
        "size": LARGE if letter.large_print else STANDARD,
    }


def _cover(batch: LetterBatch, letters: Sequence[BatchLetter]) -> dict[str, Any]:
    """Names nobody: it lies on top of the pile."""
    number = ngettext("%(number)s letter", "%(number)s letters", len(letters)) % {"number": len(letters)}
    made = _("Run %(code)s, %(day)s, by %(who)s") % {
        "code": batch.code,
        "day": date_format(clock.today(), "j F Y"),
        "who": batch.made_by.user.name,
    }
    return {
        "title": number,
        "made": made,
        "todo": [
            _("Count the letters, and tick each one as it goes into its envelope."),
            _("Use plain window envelopes that do not show who they are from."),
            _("Then mark the run as posted. Until then nobody counts as told."),
        ],
        "head": [_("Place"), _("Reference"), _("In its envelope")],
        "rows": [[str(one.place), references.printed(one.reference)] for one in letters],
        "sign": _("Posted by, on which day, for which collection:"),
    }
