"""The shipped words written in the language of own words: what an admin begins with, and what is checked alike."""

import re
from collections.abc import Sequence
from functools import cache

from django.utils.translation import get_language

from referrals.how_we_work.fields import ALWAYS, CASES
from referrals.messages import shipped

SENTENCES = re.compile(r"[^.!?\n]+[.!?]*\s*|\s+")


def as_own_words(template: str, channel: str) -> str:
    """Filled in for any case, it reads exactly as the shipped words do for that case."""
    return _written(template, channel, get_language() or "")


@cache
def _written(template: str, channel: str, language: str) -> str:
    """The cases side by side: what all begin and end with stands once, what differs in square brackets."""
    texts = [SENTENCES.findall(_case(template, channel, case)) for case in CASES.get(template, ((),))]
    ways = [text for at, text in enumerate(texts) if text not in texts[:at]]
    first = _alike(ways)
    last = _alike([way[first:][::-1] for way in ways])
    middle = ["".join(way[first : len(way) - last]) for way in ways]
    start, end = "".join(ways[0][:first]), "".join(ways[0][len(ways[0]) - last :])
    if len(middle) == 1:
        return start + middle[0] + end
    return f"{start}[{'|'.join(middle).removesuffix('|')}]{end}"


def _alike(ways: Sequence[Sequence[str]]) -> int:
    """How many sentences all begin with."""
    differ = (at for at, same in enumerate(zip(*ways, strict=False)) if len(set(same)) > 1)
    return next(differ, min(map(len, ways)))


def _case(template: str, channel: str, case: Sequence[str]) -> str:
    known: dict[str, object] = {name: f"{{{{ {name} }}}}" for name in (*ALWAYS, *case)}
    time = next((known[name] for name in ("when", "new_time", "old_time") if name in known), "")
    return shipped(template, channel, {**known, "when": time, "booked": "old_time" not in case})
