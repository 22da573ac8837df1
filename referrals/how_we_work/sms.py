"""How many text messages a phone company makes of one text. Pure.

3GPP TS 23.038 (the GSM alphabet; characters of its second table count twice) and 23.040 (what the parts of a long
text lose to their numbering): 160 in one part, else 153 in each; 70 and 67 where a character is in neither table.
"""

from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWICE = frozenset("^{}\\[~]|€\f")


@dataclass(frozen=True)
class Size:
    characters: int
    parts: int
    plain: bool
    """All of it is in the GSM alphabet."""


def size(text: str) -> Size:
    plain = set(text) <= BASIC | TWICE
    units = len(text) + sum(char in TWICE for char in text) if plain else len(text.encode("utf-16-le")) // 2
    one, each = (160, 153) if plain else (70, 67)
    return Size(len(text), 1 if units <= one else -(-units // each), plain)
