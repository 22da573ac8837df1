"""What the person sees of one question on a handed-over screen: one at a time, in their words, with pictures."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from screening import pictures, progress
from screening.models import Screening
from screening.pictures import Pictures
from screening.questionnaire import Item, Option
from screening.reading import Page, as_shown
from screening.responses import answers_of
from screening.sitting import definition_of
from screening.terms import Kind, State
from screening.words import NOT_ALONE

IN_PERSONS_WORDS = {State.PREFER_NOT: _("I would rather not say"), State.DONT_KNOW: _("I don’t know")}
LEFT_UNTIL_ALONE = {"state": State.NOT_ASKED.value, "reason": NOT_ALONE}


@dataclass(frozen=True)
class Choice:
    """One thing to tick. `quiet`: instead of an answer."""

    name: str
    id: str
    value: str
    label: Any
    picture: str
    picked: bool
    quiet: bool = False


@dataclass(frozen=True)
class Row:
    """One line of a grid."""

    label: str
    picture: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class QuestionPage:
    """`place` in the definition, and `number` of those that are asked, each from 1. `was`: the text that the page
    sends back to say what it showed. `kept`: a reason for having no answer that
    is not among the choices, sent back as it is until there is an answer."""

    screening: Screening
    item: Item
    place: int
    number: int
    of: int
    picture: str
    rows: tuple[Row, ...]
    choices: tuple[Choice, ...]
    quiet: tuple[Choice, ...]
    was: str
    kept: str

    @property
    def type(self) -> str:
        return "checkbox" if self.item.kind == Kind.MULTI else "radio"

    @property
    def quiet_type(self) -> str:
        return "radio" if self.item.kind == Kind.SINGLE else "checkbox"

    @property
    def is_open(self) -> bool:
        """Nothing is given yet, so that it can be skipped as it is."""
        return self.was in ("null", "[]", "{}")


def steps(screening: Screening) -> list[Item]:
    """The questions to ask, in order. What is worked out from other answers is not asked again."""
    so_far = progress.of(definition_of(screening), screening.form, answers_of(screening.responses))
    to_ask = (item for section in so_far.to_ask for item in section.items)
    return [item for item in to_ask if so_far.responses[item.code].state != State.DERIVED]


def first_open(screening: Screening) -> Item | None:
    """Where the person begins: the first question without anything, or else the very first."""
    left = set(progress.missing(definition_of(screening), screening.form, answers_of(screening.responses)))
    asked = steps(screening)
    return next((item for item in asked if item.code in left), asked[0] if asked else None)


def beside(screening: Screening, code: str) -> tuple[Item | None, Item | None]:
    """The questions before and after one, which itself need not be asked any more."""
    order = [item.code for item in definition_of(screening).items]
    place, asked = order.index(code), steps(screening)
    before = [item for item in asked if order.index(item.code) < place]
    after = [item for item in asked if order.index(item.code) > place]
    return (before[-1] if before else None), (after[0] if after else None)


def question_page(screening: Screening, place: int, sent: Page | None = None) -> QuestionPage | None:
    """None where the question is not asked. `sent`: what was refused, which is shown again."""
    asked, there = steps(screening), definition_of(screening).items[place - 1 : place]
    if not there or there[0] not in asked:
        return None
    item, code = there[0], there[0].code
    drawn = pictures.of(screening.definition)
    # What was said alone is not shown to whoever holds the screen next, and says that they are alone, too.
    was = None if item.ask_only_when_alone else answers_of(screening.responses).get(code)
    picked = was if sent is None or sent.chosen.get(code) is None else sent.chosen[code]
    return QuestionPage(
        screening=screening,
        item=item,
        place=place,
        number=asked.index(item) + 1,
        of=len(asked),
        picture=drawn.of_item(code),
        rows=tuple(_rows(drawn, item, picked)),
        choices=() if item.rows else tuple(_choices(drawn, item, code, picked)),
        quiet=tuple(_quiet(item, picked)),
        was=as_shown(was),
        kept=_kept(was),
    )


def _rows(drawn: Pictures, item: Item, picked: Any) -> Iterator[Row]:
    for row in item.rows:
        of_row = picked.get(row.code) if isinstance(picked, dict) else None
        choices = tuple(_choices(drawn, item, f"{item.code}-{row.code}", of_row))
        yield Row(row.label, drawn.of_row(item.code, row.code), choices)


def _choices(drawn: Pictures, item: Item, name: str, picked: Any) -> Iterator[Choice]:
    ticked = picked if isinstance(picked, list) else [picked]
    for option in item.options:
        yield _choice(drawn, item, name, option, option.code in ticked)


def _choice(drawn: Pictures, item: Item, name: str, option: Option, picked: bool) -> Choice:
    picture = drawn.of_option(item.code, option.code)
    return Choice(name, f"{name}-{option.code}", option.code, option.label, picture, picked)


def _quiet(item: Item, picked: Any) -> Iterator[Choice]:
    for state, label in IN_PERSONS_WORDS.items():
        chosen = picked == {"state": state}
        yield Choice(item.code, f"{item.code}-{state}", f"~{state}", label, "", chosen, quiet=True)


def _kept(was: Any) -> str:
    if isinstance(was, dict) and was.get("state") == State.NOT_ASKED:
        return "~" + ":".join(filter(None, (was["state"], was.get("reason"))))
    return ""
