"""One bar for each theme, in pieces: people by level. And changes, which go to the left or to the right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from accounts.wording import gettext_lazy as _
from reports.charts.parts import (
    BAR,
    CROSSED,
    DOTTED,
    EMPTY,
    GAP,
    HATCHED,
    LINE,
    SOLID,
    box,
    frame,
    label,
    label_lines,
    words,
)
from reports.disclosure import Shown

LOOKS = (SOLID, HATCHED, DOTTED, EMPTY, CROSSED)


@dataclass(frozen=True)
class Stack:
    """`pieces` in the order in which they lie, each with its words."""

    label: str
    pieces: Sequence[tuple[str, Shown]]

    @property
    def length(self) -> int:
        return sum(shown.value or 0 for _label, shown in self.pieces)


def stacked(title: str, stacks: Sequence[Stack], name: str) -> SafeString:
    """What is held back has no length, and is in the words under its bar. `name`: of this chart on its page."""
    most = max((stack.length for stack in stacks), default=0) or 1
    drawn, height = [], 0
    for place, (meaning, look) in enumerate(_key(stacks)):
        drawn += [box(0, 5, LINE * place, 16, look, name), words(5, LINE * place, meaning, aside=8, kind="small")]
        height = LINE * (place + 1) + GAP
    for stack in stacks:
        lines, under = label_lines(stack.label), label_lines(_in_words(stack))
        drawn += [label(height, lines), *_pieces(stack, most, height + LINE * len(lines), name)]
        drawn.append(label(height + LINE * len(lines) + BAR + 2, under, "small"))
        height += LINE * (len(lines) + len(under)) + BAR + GAP
    return frame(title, height, drawn, patterns=name)


def _key(stacks: Sequence[Stack]) -> list[tuple[str, str]]:
    labels = [meaning for meaning, _shown in stacks[0].pieces] if stacks else []
    return [(meaning, LOOKS[place % len(LOOKS)]) for place, meaning in enumerate(labels)]


def _pieces(stack: Stack, most: int, top: int, name: str) -> list[SafeString]:
    drawn, x = [], 0.0
    for place, (_meaning, shown) in enumerate(stack.pieces):
        width = 100 * (shown.value or 0) / most
        if width:
            drawn.append(box(x, width, top, BAR, LOOKS[place % len(LOOKS)], name))
        x += width
    return drawn


def _in_words(stack: Stack) -> str:
    each = (f"{meaning} {shown.text}" for meaning, shown in stack.pieces if shown.text != "0")
    return " · ".join(each) or _("nobody")


@dataclass(frozen=True)
class Change:
    """How many are better, the same and worse."""

    label: str
    better: Shown
    same: Shown
    worse: Shown


def diverging(title: str, changes: Sequence[Change], name: str) -> SafeString:
    """From the middle: worse to the left, hatched, and better to the right, filled; all of it in words too."""
    most = max((max(one.better.value or 0, one.worse.value or 0) for one in changes), default=0) or 1
    drawn, height = [], 0
    for one in changes:
        lines, under = label_lines(one.label), label_lines(_change_words(one))
        top = height + LINE * len(lines)
        left, right = (50 * (shown.value or 0) / most for shown in (one.worse, one.better))
        drawn += [label(height, lines), box(50 - left, left, top, BAR, HATCHED, name), box(50, right, top, BAR)]
        drawn.append(label(top + BAR + 2, under, "small"))
        height = top + BAR + LINE * len(under) + GAP
    return frame(title, height, drawn, patterns=name)


def _change_words(one: Change) -> str:
    said: Mapping[str, str] = {"better": one.better.text, "same": one.same.text, "worse": one.worse.text}
    return _("worse %(worse)s · same %(same)s · better %(better)s") % said
