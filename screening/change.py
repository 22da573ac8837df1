"""One screening beside an earlier one: what moved, which answers changed, what became of needs.

Only what both asked in the same way is compared, told by the codes of
items; the rest is named as what cannot be. A need that was not asked about this time is never read as resolved.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening import scoring, words
from screening.models import Need, Screening
from screening.questionnaire import Item, Questionnaire
from screening.responses import answers_of, same
from screening.result import Response
from screening.sitting import definition_of
from screening.terms import Level, State

Responses = Mapping[str, Response]


@dataclass(frozen=True)
class Move:
    """A theme's level, then and now, in words. `moved`: they differ."""

    title: str
    before: str
    now: str

    @property
    def moved(self) -> bool:
        return self.before != self.now


@dataclass(frozen=True)
class Pair:
    """An answer that both screenings have, and that differs. `reworded`: the question was put otherwise then."""

    item: Item
    before: str
    now: str
    reworded: bool


@dataclass(frozen=True)
class Apart:
    """A question that cannot be compared, and why."""

    item: Item
    why: str


@dataclass(frozen=True)
class Gone:
    """A need that is no longer one. `by`: the screening that found so; `because`: the questions that had raised
    it, with what was answered to them there; `rows`: the need through time, for what was done about it."""

    title: str
    by: Screening
    because: list[tuple[Item, str]]
    rows: list[Need]


@dataclass(frozen=True)
class Change:
    before: Screening
    before_title: str
    moves: list[Move]
    moves_apart: list[str]
    answers: list[Pair]
    apart: list[Apart]
    gone: list[Gone]
    still: list[str]
    new: list[str]
    not_asked: list[str]


def change(now: Screening, before: Screening, earlier: Sequence[Need]) -> Change:
    """`earlier`: every need of the person from screenings before `now` that count, with what closed each."""
    asked, asked_then = definition_of(now), definition_of(before)
    responses, responses_then = _responses(asked, now), _responses(asked_then, before)
    pairs, apart = _answers(asked, asked_then, responses, responses_then)
    moves, moves_apart = _moves(asked, asked_then, now.result or {}, before.result or {})
    raised = {need.code for need in now.needs.all()}
    standing = [need for need in earlier if _stood(need, now)]
    return Change(
        before=before,
        before_title=asked_then.title,
        moves=moves,
        moves_apart=moves_apart,
        answers=pairs,
        apart=apart,
        gone=_gone(now, before, earlier, raised),
        still=_titles(need for need in standing if need.code in raised),
        new=_new(asked, now, {need.code for need in standing}),
        not_asked=_titles(
            need for need in standing if need.code not in raised and need.resolved_by_screening_id != now.pk
        ),
    )


def _responses(asked: Questionnaire, screening: Screening) -> Responses:
    return scoring.resolve(asked, answers_of(screening.responses))


# --- Themes -----------------------------------------------------------------------------------------------


def _moves(
    asked: Questionnaire, asked_then: Questionnaire, now: Mapping[str, Any], then: Mapping[str, Any]
) -> tuple[list[Move], list[str]]:
    """A level can be compared where it rests on the same questions with the same threshold."""
    themes = {theme.code: theme for theme in asked_then.themes}
    moves, apart = [], []
    for theme in asked.themes:
        other = themes.get(theme.code)
        codes = [item.code for item in theme.items]
        if other and (codes, theme.high_at) == ([item.code for item in other.items], other.high_at):
            before, after = (words.LEVELS[Level(result["levels"][theme.code])] for result in (then, now))
            moves.append(Move(theme.title, before, after))
        else:
            apart.append(theme.title)
    return moves, apart


# --- Answers ----------------------------------------------------------------------------------------------

ONLY_NOW = gettext_lazy("Asked only this time")
ONLY_THEN = gettext_lazy("Asked only last time")
OTHERWISE = gettext_lazy("Other answers were to choose from last time")


def _answers(
    asked: Questionnaire, asked_then: Questionnaire, now: Responses, then: Responses
) -> tuple[list[Pair], list[Apart]]:
    pairs, apart = [], []
    for item in asked.items:
        other = asked_then.items_by_code.get(item.code)
        if other and _same_question(item, other) and now[item.code].counts and then[item.code].counts:
            if not same(now[item.code].value, then[item.code].value):
                pairs.append(_pair(item, other, now[item.code], then[item.code]))
        elif why := _why_apart(item, other, now[item.code], then.get(item.code)):
            apart.append(Apart(item, str(why)))
    gone = [item for item in asked_then.items if item.code not in asked.items_by_code]
    return pairs, apart + [Apart(item, str(ONLY_THEN)) for item in gone if then[item.code].counts]


def _same_question(item: Item, other: Item) -> bool:
    """The same kind of answer from the same options; the words of the question may have been mended."""
    return (item.kind, item.options, item.rows) == (other.kind, other.options, other.rows)


def _pair(item: Item, other: Item, now: Response, then: Response) -> Pair:
    return Pair(item, words.standing(other, then), words.standing(item, now), item.text != other.text)


def _why_apart(item: Item, other: Item | None, now: Response, then: Response | None) -> Any:
    """ "" where neither has an answer, so that there is nothing to compare."""
    if not now.counts and (then is None or not then.counts):
        return ""
    if other is None or then is None:
        return ONLY_NOW
    if not _same_question(item, other):
        return OTHERWISE
    missing, time = (then, _("last time")) if now.counts else (now, _("this time"))
    if missing.state == State.SKIPPED:
        return _("Did not apply %(time)s") % {"time": time}
    return _("No answer %(time)s: %(state)s") % {"time": time, "state": words.standing(item, missing).lower()}


# --- Needs ------------------------------------------------------------------------------------------------


def _stood(need: Need, now: Screening) -> bool:
    """It was open when `now` was submitted: nothing before had carried it on or closed it."""
    closed_by = need.carried_to.screening if need.carried_to else need.resolved_by_screening
    return closed_by is None or _at(closed_by) >= _at(now)


def _at(screening: Screening) -> datetime:
    return cast(datetime, screening.submitted_at)


def _gone(now: Screening, before: Screening, earlier: Sequence[Need], raised: set[str]) -> list[Gone]:
    """Resolved since `before`: by this one, or by one in between."""
    found: dict[str, Gone] = {}
    for need in earlier:
        by = need.resolved_by_screening
        if by is None or need.raised_in_error or need.code in raised:
            continue
        if _at(before) < _at(by) <= _at(now):
            rows = [one for one in earlier if one.code == need.code]
            found[need.code] = Gone(_title(need), by, _told(need, by), rows)
    return list(found.values())


def _told(need: Need, by: Screening) -> list[tuple[Item, str]]:
    """What was answered, there, to the questions that had raised the need."""
    asked = definition_of(by)
    responses = _responses(asked, by)
    items = [asked.items_by_code[code] for code in need.because if code in asked.items_by_code]
    return [(item, words.standing(item, responses[item.code])) for item in items]


def _new(asked: Questionnaire, now: Screening, known: set[str]) -> list[str]:
    return [asked.need_title(need.code) for need in now.needs.all() if need.code not in known]


def _titles(needs: Iterable[Need]) -> list[str]:
    return list(dict.fromkeys(_title(need) for need in needs))


def _title(need: Need) -> str:
    return definition_of(need.screening).need_title(need.code)
