"""The short names printed on letters and on a run's cover sheet: they say nothing of anybody, and read out well.

Pure. Without vowels, and without letters and figures that look alike in print.
"""

import secrets

ALPHABET = "346789BCDFGHJKMNPQRTVWXY"
REFERENCE_LENGTH, CODE_LENGTH = 8, 5


def new_reference() -> str:
    """Eight of 24: a hundred thousand million, so that a slip of the pen finds nobody else's letter."""
    return _any(REFERENCE_LENGTH)


def new_code() -> str:
    return f"R-{_any(CODE_LENGTH)}"


def _any(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(length))


def printed(reference: str) -> str:
    """In two halves, to be read out and typed."""
    return f"{reference[:4]} {reference[4:]}"


def read(typed: str) -> str:
    """As it is kept, from however it was typed or scanned: any case, spaces, hyphens."""
    return "".join(one for one in typed.upper() if one.isalnum())
