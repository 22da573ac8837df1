"""Words that would tell whoever picks up a phone, a letter or a sheet of paper about care. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from people.contact_plan import Plan

GIVES_AWAY = re.compile(
    r"\b(mental\w*|psych\w*|schizo\w*|bipolar|depress\w*|anxi\w*|paranoi\w*|suicid\w*|self[ -]?harm\w*|crisis"
    r"|cmhts?|nhs|hospital\w*|wards?|clinic\w*|doctors?|nurses?|therap\w*|medic\w*|(?:(?:in|out)-?)?patients?|diagnos\w*"
    r"|illness\w*|symptoms?|trust|screening\w*|questionnaires?|assessments?|referr\w*|referral\w*"
    r"|digital exclusion"
    # Teams, people and places of care. Dr only before a name; a voice is anybody's, hearing voices is not.
    r"|early intervention|eip|cpns?|care[ -]?co-?ordinat\w*|counsel\w*|dr(?=\.?\s+[^\W\d_])|maudsley|bethlem"
    r"|section(?:s|ed|ing)?|hear\w*\s+(?:the\s+|my\s+|bad\s+)?voices"
    r"|camhs|iapt|ptsd|ocd|adhd|hiv|gps?|cpa|overdos\w*|relaps\w*|addict\w*|detox\w*|rehab\w*|eating disorders?"
    r"|(?:drugs?|alcohol|substance)(?: and \w+)? (?:teams?|services?|workers?)|recovery (?:college|team)s?"
    r"|well-?being (?:teams?|services?)|(?:social|key) ?workers?|dementia|perinatal|forensic|home treatment"
    r"|treatments?|care plans?|discharged?|probation|cancer|unwell|your (?:condition|mood)"
    # Medicines: the common ones, or how the names of their kind end.
    r"|meds|depots?|inject\w*|lithium|valproate|cloza\w*|haloperidol|amisulpride|anti-?psychotic\w*"
    r"|anti-?depress\w*|sertraline|citalopram|\w+(?:apine|idone|piprazole|thixol|tixol|promazine|azepam|oxetine))\b",
    re.IGNORECASE,
)
LINK = re.compile(r"https?:|www\.|\S+@\S+|\b[\w-]+\.(?:com|org|net|uk|info|io|app|gov|health)\b", re.IGNORECASE)

NUMBER = re.compile(r"\+?\d(?:[\s().\u2010-\u2013-]*\d){6,}")
"""Seven digits or more, however they are grouped: somebody's phone, or a number that they are known by."""


def check_words(text: str, *, names: tuple[str, ...] = (), spared: str = "") -> list[str]:
    """What must not leave: words that tell of care or of this product, links, and any of `names`.

    Found too with accents, with characters that nobody sees, letter by letter (N H S), and names however their
    words are parted. `spared` (the person's own name, say) is no reason to refuse; a link in it still is.
    """
    own = _tokens(spared) | _tokens(folded(spared)[0])
    hits = [*GIVES_AWAY.findall(text), *(text[start:end] for start, end in disguised(text))]
    found = [hit for hit in hits if not own.issuperset(_tokens(hit))]
    found += LINK.findall(text)
    lowered = text.casefold()
    plain = [name for name in names if name and name.casefold() in lowered]
    return found + plain + [name for name in names if name not in plain and named(text, name)]


def _tokens(text: str) -> set[str]:
    return set(re.findall(r"[\w-]+", text.casefold()))


@lru_cache(maxsize=64)
def folded(text: str) -> tuple[str, list[int]]:
    """Without accents, ligatures and characters that nobody sees; and for each character where it came from."""
    if text.isascii():
        return text, list(range(len(text)))
    kept = [
        (char, place)
        for place, whole in enumerate(text)
        for char in unicodedata.normalize("NFKD", whole)
        if unicodedata.category(char) not in {"Mn", "Cf"}
    ]
    return "".join(char for char, _place in kept), [place for _char, place in kept]


LETTER_BY_LETTER = re.compile(r"(?<![^\W_])(?:[^\W\d_][\s._*-]{1,3}){2,}[^\W\d_](?![^\W_])")
"""Three letters or more, each by itself: N H S, n.h.s."""

WITH_DIGITS = re.compile(r"(?=\w*[^\W\d_])(?=\w*[013457])[^\W_]+")
READS_AS = str.maketrans("013457", "oieast")
"""Digits that stand for letters: m3ntal, NH5."""

TOGETHER = ("mentalhealth", "clinicalservice", "digitalexclusion", "earlyintervention")
"""Looked for with whatever stands between the letters left out, where a word begins."""


def disguised(text: str) -> list[tuple[int, int]]:
    """Where words stand that give away once accents, unseen characters and gaps are gone; plain ones as well."""
    plain, places = folded(text)
    found = [(hit.start(), hit.end()) for hit in GIVES_AWAY.finditer(plain)] if plain != text else []
    found += [
        word.span() for word in WITH_DIGITS.finditer(plain) if GIVES_AWAY.search(word.group().translate(READS_AS))
    ]
    for run in LETTER_BY_LETTER.finditer(plain):
        if _spelt_out("".join(filter(str.isalpha, run.group()))):
            found.append((run.start(), run.end()))
    found += [place for word in TOGETHER for place in _together(plain, word)]
    return [(places[start], places[end - 1] + 1) for start, end in found]


def _spelt_out(letters: str) -> bool:
    """Is any stretch of them, of up to twelve, a word that gives away?"""
    ends = ((start, end) for start in range(len(letters)) for end in range(start + 3, start + 13))
    return any(GIVES_AWAY.fullmatch(letters[start:end]) for start, end in ends if end <= len(letters))


def named(text: str, name: str) -> list[tuple[int, int]]:
    """Where the name stands: in any case, with or without accents, its words parted in any way or in none."""
    plain, places = folded(text)
    word = _squeezed(folded(name)[0])
    found = _together(plain, word) if len(word) > 4 else []
    return [(places[start], places[end - 1] + 1) for start, end in found]


@lru_cache(maxsize=64)
def _letters(plain: str) -> tuple[str, list[int]]:
    """With nothing between them, and where each stands."""
    letters = [(char.casefold()[:1], place) for place, char in enumerate(plain) if char.isalnum()]
    return "".join(char for char, _place in letters), [place for _char, place in letters]


def _together(plain: str, word: str) -> list[tuple[int, int]]:
    joined, places = _letters(plain)
    hits = (hit.start() for hit in re.finditer(f"(?={re.escape(word)})", joined))
    spans = ((places[at], places[at + len(word) - 1] + 1) for at in hits)
    return [(start, end) for start, end in spans if _begins(plain, start) and not _ENDS.search(plain[start:end])]


_ENDS = re.compile(r"[.!?]\s")


def _begins(text: str, start: int) -> bool:
    """Does a word begin here? "Environmental health" holds no "mental health"."""
    return start == 0 or not text[start - 1].isalnum()


def gives_away(text: str, contact: Plan, *, names: Iterable[str], never: Iterable[str], spared: str = "") -> bool:
    """Would the words tell of care, or somebody's number, to whoever finds them on paper?

    Not asked where the person lets the service be named; but `never`, the person's own numbers, stand on no paper,
    however they are grouped.
    """
    if any(number and _squeezed(number) in _squeezed(text) for number in never):
        return True
    allowed = contact.answered and contact.may_name_service
    return not allowed and bool(check_words(text, names=tuple(names), spared=spared) or NUMBER.search(text))


def _squeezed(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
