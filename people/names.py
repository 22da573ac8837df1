"""Names as people write them and as they are searched: any script, any order, with or without accents.

Pure.
"""

import unicodedata
from difflib import SequenceMatcher

# Letters that no accent can be taken off: written as people without them on their keyboard do.
PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i"}
)
APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼʹ`´"))
CLOSE = 0.8  # Robin and Robyn, but not Ann and Amy


def fold(text: str) -> str:
    """Lower-case words without accents or punctuation: "  Zoë O’Brien-Łuk " is "zoe obrien luk"."""
    plain = unicodedata.normalize("NFKD", text.casefold()).casefold().translate(APOSTROPHES).translate(PLAIN)
    kept = (letter for letter in plain if unicodedata.category(letter) not in {"Mn", "Cf"})
    return " ".join("".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in kept).split())


def search_name(name: str, preferred_name: str) -> str:
    """What a person is found by: all their names, each word once, in the order written."""
    return " ".join(dict.fromkeys(f"{fold(name)} {fold(preferred_name)}".split()))[:500]


def close(one: str, other: str) -> bool:
    """Two words that may be the same name, one of them misspelt."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= CLOSE


def similar(one: str, other: str) -> bool:
    """Two folded names that may be one person's: every word of the shorter has its like in the longer."""
    shorter, longer = sorted((one.split(), other.split()), key=len)
    return bool(shorter) and all(any(close(word, like) for like in longer) for word in shorter)
