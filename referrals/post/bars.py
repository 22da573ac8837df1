"""A reference as bars that any scanner reads as typing (Code 39), so that returned post is not typed by hand.

Pure. ISO/IEC 16388: nine elements a character, three of them wide; a narrow gap between characters.
"""

WIDE = 3
"""In narrow elements; the standard allows 2 to 3."""

CODES = {
    "3": "101100000",
    "4": "000110001",
    "6": "001110000",
    "7": "000100101",
    "8": "100100100",
    "9": "001100100",
    "B": "001001001",
    "C": "101001000",
    "D": "000011001",
    "F": "001011000",
    "G": "000001101",
    "H": "100001100",
    "J": "000011100",
    "K": "100000011",
    "M": "101000010",
    "N": "000010011",
    "P": "001010010",
    "Q": "000000111",
    "R": "100000110",
    "T": "000010110",
    "V": "011000001",
    "W": "111000000",
    "X": "010010001",
    "Y": "110010000",
    "*": "010010100",
}
"""Bar, space, bar …, 1 for a wide one."""


def bars_of(reference: str) -> list[int]:
    """Widths of bar, space, bar …, between a start and a stop sign."""
    widths: list[int] = []
    for place, sign in enumerate(f"*{reference}*"):
        widths += [1] if place else []
        widths += [WIDE if wide == "1" else 1 for wide in CODES[sign]]
    return widths
