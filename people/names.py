"""Names as people write them and as they are searched: any script, any order, with or without accents.

Pure.
"""

import unicodedata
from functools import lru_cache

from jellyfish import damerau_levenshtein_distance, metaphone

# Letters that no accent can be taken off: written as people without them on their keyboard do.
PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i"}
)
APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼʹ`´"))
WRONG_LETTERS = {range(4): 0, range(4, 7): 1}  # by length: Robin and Robyn, but not Ann and Amy
IN_A_LONG_WORD = 2
SHORTEST_SOUND = 2  # consonants: Lee and Lou sound alike to the algorithm, and are two people


def fold(text: str) -> str:
    """Lower-case words without accents or punctuation: "  Zoë O’Brien-Łuk " is "zoe obrien luk"."""
    plain = unicodedata.normalize("NFKD", text.casefold()).casefold().translate(APOSTROPHES).translate(PLAIN)
    kept = (letter for letter in plain if unicodedata.category(letter) not in {"Mn", "Cf"})
    return " ".join("".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in kept).split())


def search_name(name: str, preferred_name: str) -> str:
    """What a person is found by: all their names, each word once, in the order written."""
    return " ".join(dict.fromkeys(f"{fold(name)} {fold(preferred_name)}".split()))[:500]


def similar(one: str, other: str) -> bool:
    """Two folded names that may be one person's: every word of the shorter has its like in the longer."""
    shorter, longer = sorted((one.split(), other.split()), key=len)
    return bool(shorter) and all(any(apart(word, like) is not None for like in longer) for word in shorter)


def likeness(typed: str, name: str) -> int | None:
    """How far what somebody typed is from a name on record, both folded: 0 is nearest, None is no likeness.

    Words may be begun only, misspelt, or written as one: "anne-marie" and "annmarie".
    """
    found = [_nearest(word, name.split()) for word in typed.split()]
    if found and None not in found:
        return sum(filter(None, found))
    if (joined := apart(typed.replace(" ", ""), name.replace(" ", ""))) is not None:
        return joined
    return IN_A_LONG_WORD * len(found) if similar(typed, name) else None


def _nearest(word: str, names: list[str]) -> int | None:
    if any(name.startswith(word) for name in names):
        return 0
    return min((far for name in names if (far := apart(word, name)) is not None), default=None)


def apart(one: str, other: str) -> int | None:
    """Letters to change, add, drop or swap to make one word the other; None where they are two names."""
    if one == other:
        return 0
    longer = max(len(one), len(other))
    if 2 * abs(len(one) - len(other)) > longer:
        return None
    far = damerau_levenshtein_distance(one, other)
    if far <= _wrong_letters(longer) or (2 * far <= longer and _sound(one) == _sound(other) != ""):
        return far
    return None


def _wrong_letters(length: int) -> int:
    return next((most for lengths, most in WRONG_LETTERS.items() if length in lengths), IN_A_LONG_WORD)


@lru_cache(maxsize=20_000)
def _sound(word: str) -> str:
    """How an English reader says it; "" where that tells nothing."""
    sound = metaphone(word) if word.isascii() else ""
    return sound if len(sound) >= SHORTEST_SOUND else ""
