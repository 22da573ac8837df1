"""Cells that are safe to open in a spreadsheet, and that say the same when they are read back.

Pure.
"""

import unicodedata

FORMULA = frozenset("=+-@|%")
"""A cell that starts with one of these is run as a formula by one program or another."""
BREAKS = ("\t", "\r", "\n")
BYTE_ORDER_MARK = "\ufeff"
"""Without it the commonest spreadsheet reads UTF-8 as something else."""


def safe(cell: object) -> str:
    """The cell as text; an apostrophe before what a spreadsheet would run.

    Programs pass over blanks, control and invisible characters before the sign, and fold full-width forms
    (＝) into plain ones: so does this. A tab or line break in front may shift what follows into a cell of its own.
    """
    text = str(cell)
    return f"'{text}" if _is_run(text) else text


def _is_run(text: str) -> bool:
    seen = unicodedata.normalize("NFKC", text)
    first = next((sign for sign in seen if not (sign.isspace() or unicodedata.category(sign)[0] == "C")), "")
    return first in FORMULA or text.startswith(BREAKS)


def guarded(text: str) -> str:
    """Like `safe`, and `bare` gives back the very text: an apostrophe of its own gets another before it."""
    return f"'{text}" if _is_run(text) or text.startswith("'") else text


def bare(cell: str) -> str:
    """What was guarded; a cell that somebody typed ("'tis free") stays as it is."""
    inner = cell[1:]
    return inner if cell.startswith("'") and guarded(inner) == cell else cell


class Echo:
    """A file that hands each line straight back, so that nothing is gathered in memory."""

    def write(self, line: str) -> str:
        return line
