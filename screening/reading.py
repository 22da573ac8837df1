"""What a page of questions sends, read back into answers.

Each question on the page brings `was-CODE`, the answer that it showed as JSON (null for none), and its inputs:
CODE once a tick, CODE-ROW for the rows of a grid, and for "no answer" the value ~STATE or ~STATE:REASON of CODE.
Only what differs from what was shown is an answer of the sender's: a page that was open for long hands nothing
stale back. Pure, given a mapping with `get` and `getlist`.
The goal in the person's own words comes as GOAL, with was-GOAL beside it, where the page asks for a goal.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from accounts.wording import gettext_lazy as _
from accounts.wording import together
from screening import words
from screening.questionnaire import Item
from screening.responses import same
from screening.terms import Kind

GOAL = "goal_in_words"


class Posted(Protocol):
    def get(self, name: str, default: Any = None, /) -> Any: ...
    def getlist(self, name: str, /) -> list[str]: ...


@dataclass
class Page:
    """`on_page`: the questions sent. `chosen`: what each shows, None for nothing. `answers`: what is new.

    `goal`: the goal in words, where it is new.
    """

    on_page: list[str] = field(default_factory=list)
    chosen: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    goal: str | None = None


class _Unclear(Exception):
    """An answer and "no answer" were both chosen just now, or two kinds of "no answer"."""


def read(items: Iterable[Item], data: Posted) -> Page:
    page = Page()
    for item in items:
        if (shown := data.get(f"was-{item.code}")) is None:
            continue
        page.on_page.append(item.code)
        was = _shown(shown)
        try:
            chosen = page.chosen[item.code] = _chosen(item, data, was)
        except _Unclear as unclear:
            page.faults[item.code] = str(unclear)
            continue
        if not _unchanged(chosen, was):
            page.answers[item.code] = chosen
    page.goal = _goal(data)
    return page


def _goal(data: Posted) -> str | None:
    """Browsers send the ends of lines their own way, so words are compared by their lines."""
    written, was = data.get(GOAL), data.get(f"was-{GOAL}")
    if written is None or was is None or written.split() == was.split():
        return None
    return written


def as_shown(answer: Any) -> str:
    """The text of `was-CODE`."""
    return json.dumps(answer, sort_keys=True, separators=(",", ":"))


def _shown(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _unchanged(chosen: Any, was: Any) -> bool:
    """Nothing chosen where nothing was shown is no answer; ticks taken away are one."""
    return same(chosen, was) or (not chosen and not was) or chosen is None


def _chosen(item: Item, data: Posted, was: Any) -> Any:
    ticked = data.getlist(item.code)
    states = [_state(code) for code in ticked if code.startswith("~")]
    value = _value(item, data, [code for code in ticked if not code.startswith("~")])
    if not states:
        return value
    if not value:
        return _only(states, was)
    if same(value, was):
        return _only(states, was)
    if was in states:
        return value
    raise _Unclear(_("There is an answer here, and also a reason for having none. Keep one of them."))


def _value(item: Item, data: Posted, ticked: list[str]) -> Any:
    if item.kind == Kind.SINGLE:
        return ticked[0] if ticked else None
    if item.kind == Kind.MULTI:
        return ticked
    return {row.code: code for row in item.rows if (code := data.get(f"{item.code}-{row.code}"))}


def _state(text: str) -> dict[str, str]:
    state, _colon, reason = text[1:].partition(":")
    return {"state": state, "reason": reason} if reason else {"state": state}


def _only(states: list[dict[str, str]], was: Any) -> dict[str, str]:
    """The one that is new, where two are ticked and one of them was shown."""
    new = [state for state in states if state != was] if len(states) > 1 else states
    if len(new) != 1:
        both = together(f"“{words.state(**state)}”" for state in new)
        raise _Unclear(_("%(both)s are both chosen. Keep one of them.") % {"both": both})
    return new[0]
