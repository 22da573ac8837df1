"""Plain words: about which age can read a text, its long sentences, and hard words with a plainer one.

Pure and deterministic. The age is Flesch and Kincaid's grade plus 5 (Kincaid, Fishburne, Rogers and Chissom,
1975, Research Branch Report 8-75, Naval Technical Training: school years in the United States, of which the fourth
is for children of 9). Syllables are counted as groups of vowels: an estimate, and for English only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.wording import gettext_lazy as _

YOUNGEST = 5
WARN_ABOVE, REFUSE_ABOVE = 9, 12
LONG_SENTENCE = 15
SENTENCE = re.compile(r"(?:[^.!?:\n]|[.!?:](?=\w))+")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def syllables(word: str) -> int:
    """Roughly, as the usual formulas count: groups of vowels, less a silent e."""
    groups = len(re.findall(r"[aeiouy]+", word.lower().removesuffix("e")))
    return max(groups, 1)


def grade(text: str) -> float:
    """0 for a text without a word."""
    sentences = [part for part in re.split(r"[.!?:]|\n\n", text) if re.search(r"[a-z]", part)]
    words = re.findall(r"[A-Za-z']+", text)
    if not words:
        return 0
    return 0.39 * len(words) / max(len(sentences), 1) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def reading_age(text: str) -> float:
    """In years, never below YOUNGEST."""
    return max(round(grade(text) + 5, 1), float(YOUNGEST))


@dataclass(frozen=True)
class Place:
    start: int
    end: int


def long_sentences(text: str) -> Iterator[Place]:
    """Those of more than LONG_SENTENCE words. A time like 2.30pm ends no sentence."""
    for found in SENTENCE.finditer(text):
        if len(found.group().split()) > LONG_SENTENCE:
            lead = len(found.group()) - len(found.group().lstrip())
            yield Place(found.start() + lead, found.end())


HARD: dict[str, str] = {
    "accordingly": _("so"),
    "additional": _("more"),
    "advise": _("tell"),
    "alternative": _("other"),
    "ascertain": _("find out"),
    "assistance": _("help"),
    "attend": _("come"),
    "attendance": _("coming"),
    "commence": _("start"),
    "complete": _("fill in, or finish"),
    "confirm": _("tell us"),
    "consequently": _("so"),
    "consultation": _("talk"),
    "correspondence": _("letters"),
    "currently": _("now"),
    "discontinue": _("stop"),
    "documentation": _("papers"),
    "eligible": _("can have"),
    "enable": _("help"),
    "endeavour": _("try"),
    "ensure": _("make sure"),
    "enquire": _("ask"),
    "facilitate": _("help"),
    "forthcoming": _("coming"),
    "forward": _("send"),
    "furthermore": _("also"),
    "however": _("but"),
    "implement": _("do"),
    "inform": _("tell"),
    "initiate": _("start"),
    "location": _("place"),
    "modify": _("change"),
    "notification": _("news"),
    "notify": _("tell"),
    "obtain": _("get"),
    "participate": _("take part"),
    "prior": _("before"),
    "proceed": _("go on"),
    "provide": _("give"),
    "provision": _("help"),
    "purchase": _("buy"),
    "receive": _("get"),
    "regarding": _("about"),
    "require": _("need"),
    "reschedule": _("find a new time"),
    "rescheduled": _("has a new time"),
    "rescheduling": _("new time"),
    "residence": _("home"),
    "respond": _("answer"),
    "retain": _("keep"),
    "subsequently": _("then"),
    "sufficient": _("enough"),
    "telephone": _("ring"),
    "terminate": _("end"),
    "therefore": _("so"),
    "unable": _("cannot"),
    "unfortunately": _("leave it out"),
    "utilise": _("use"),
    "venue": _("place"),
    "whilst": _("while"),
}
"""In the manner of the lists of plainer words that the Plain English Campaign and GOV.UK keep; ours is short."""

_ENDINGS = ("", "s", "es", "d", "ed", "ing")


def hard_words(text: str) -> Iterator[tuple[Place, str]]:
    """Where they stand, each with what may be said instead."""
    for found in WORD.finditer(text):
        if plainer := _plainer(found.group().lower()):
            yield Place(found.start(), found.end()), plainer


def _plainer(word: str) -> str:
    stems = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
    tried = (HARD.get(stem) or HARD.get(f"{stem}e") for stem in stems)
    return next((plainer for plainer in tried if plainer), "")
