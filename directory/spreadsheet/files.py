"""Spreadsheet files of the directory: written safe to open, read whatever program saved them.

Pure.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from accounts.errors import InvalidInput
from accounts.spreadsheets import BYTE_ORDER_MARK, Echo, bare, guarded
from accounts.wording import gettext_lazy as _
from directory.openreferral.cleaning import NO_TEXT
from directory.openreferral.documents import text_of
from directory.spreadsheet.columns import COLUMNS

MOST_ROWS = 300
"""Each is tried out by the very actions, in one transaction that nobody else can write beside on SQLite."""
MOST_BYTES = 4 * 1024 * 1024
SEPARATORS = ",;\t"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")

Cells = Mapping[str, str]
"""Field of a column → what its cell says, without blanks around it."""


class Row(NamedTuple):
    """`line` is the row's number as the spreadsheet shows it, from 2: the header is 1."""

    line: int
    cells: Cells


def written(rows: Iterable[Cells]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield BYTE_ORDER_MARK
    yield writer.writerow([column.title for column in COLUMNS])
    for cells in rows:
        yield writer.writerow([guarded(cells[column.field]) for column in COLUMNS])


def read(content: bytes) -> list[Row]:
    """InvalidInput, with a sentence for the file as a whole, where it is no such spreadsheet."""
    if len(content) > MOST_BYTES:
        raise _refused(_("The file is larger than %(size)s MB."), size=MOST_BYTES // 1024**2)
    lines = _lines(_decoded(content))
    header = next(lines, None)
    if header is None:
        raise _refused(_("The file is empty."))
    rows = _rows(_fields(header), lines)
    if not rows:
        raise _refused(_("There are no rows under the header."))
    return rows


def _rows(fields: list[str], lines: Iterable[list[str]]) -> list[Row]:
    """A line with nothing in it is counted and costs nothing: a file may hold millions of them."""
    filled = ((number, line) for number, line in enumerate(lines, 2) if any(map(str.strip, line)))
    found = list(islice(filled, MOST_ROWS + 1))
    if len(found) > MOST_ROWS:
        raise _refused(_("There are more than %(most)s rows. Split the file."), most=MOST_ROWS)
    rows = [Row(number, _cells(fields, line)) for number, line in found]
    return [row for row in rows if any(row.cells.values())]


def _decoded(content: bytes) -> str:
    if content.startswith(UTF_16):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise _refused(_("The file is not text in UTF-8 or Windows-1252. Save it as CSV again.")) from error
    return text_of(content)


def _lines(text: str) -> Iterator[list[str]]:
    """One by one, lines as the spreadsheet numbers them: a cell may hold several lines of text."""
    first, _newline, rest = text.partition("\n")
    told = first.strip().lower().removeprefix("sep=")
    separator = told if told and told in SEPARATORS and first.lower().startswith("sep=") else ""
    text = rest if separator else text
    header = text.partition("\n")[0]
    separator = separator or max(SEPARATORS, key=header.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    except csv.Error as error:
        raise _refused(
            _("A row cannot be read: a quotation mark is missing, or a cell is far too long.")
        ) from error


def _fields(header: list[str]) -> list[str]:
    known = {column.title.casefold(): column.field for column in COLUMNS}
    titles = [" ".join(title.split()) for title in header]
    while titles and not titles[-1]:
        titles.pop()
    if strange := [title for title in titles if title.casefold() not in known]:
        raise _refused(_("There is no column called “%(title)s”. Begin with an export."), title=strange[0][:60])
    fields = [known[title.casefold()] for title in titles]
    if len(set(fields)) < len(fields):
        raise _refused(_("A column is there twice."))
    return fields


def _cells(fields: list[str], line: list[str]) -> Cells:
    cells = {field: tidy(bare(cell)) for field, cell in zip(fields, line, strict=False)}
    return {field: cells.get(field, "") for field in fields}


def tidy(cell: str) -> str:
    return NO_TEXT.sub("", cell.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _refused(sentence: str, **values: object) -> InvalidInput:
    words = str(sentence) % values if values else str(sentence)
    return InvalidInput(words, fields={"file": words})
