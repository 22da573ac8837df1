"""The suggestions on the result page: why each, what holds it, what is left to choose, and what was decided."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from screening import words
from screening.models import Need, NeedDecision, RuleChoice, Screening
from screening.progress import Progress
from screening.questionnaire import Item, Questionnaire, Rule
from screening.result import Response
from screening.settled import codes_of
from screening.terms import RuleType, When


@dataclass(frozen=True)
class Line:
    """One question with how it stands. `id` is what a chip leads to."""

    item: Item
    answer: str
    sensitive: bool


@dataclass(frozen=True)
class ToChoose:
    """What the rule leaves to the clinician: itself, or the other one. `made`: what was chosen, and by whom."""

    text: str
    options: list[Rule]
    made: RuleChoice | None

    @property
    def chosen(self) -> Rule | None:
        return next((rule for rule in self.options if self.made and rule.id == self.made.chosen), None)


@dataclass(frozen=True)
class Card:
    """One suggestion. `needs` are the rows that a decision here decides; none where a later screening has them."""

    rule: Rule
    titles: list[str]
    because: list[Line]
    when: When
    hold: str
    choice: ToChoose | None
    needs: list[Need]
    sensitive: bool
    history: list[NeedDecision] = field(default_factory=list)

    @property
    def decided(self) -> Need | None:
        """The need whose decision stands for all of them."""
        return next((need for need in self.needs if need.decision != Need.Decision.UNDECIDED), None)

    @property
    def is_open(self) -> bool:
        return any(need.is_open for need in self.needs)

    @property
    def may_agree(self) -> bool:
        """What is left to the clinician is agreed once it is chosen."""
        return self.choice is None or self.choice.chosen == self.rule

    @property
    def instead(self) -> Rule | None:
        """The other one was chosen: this one is not offered."""
        chosen = self.choice.chosen if self.choice else None
        return chosen if chosen and chosen != self.rule else None


def cards(screening: Screening, asked: Questionnaire, so_far: Progress, needs: Sequence[Need]) -> list[Card]:
    suggestions = (screening.result or {})["suggestions"]
    left = any(suggestion["clinician_choice"] for suggestion in suggestions)
    choices = screening.choices.select_related("by__user") if left else []
    made = {choice.rule: choice for choice in choices}
    history = _history([need for need in needs if need.decided_at])
    return [_card(asked, so_far, suggestion, needs, made, history) for suggestion in suggestions]


def _history(decided: Sequence[Need]) -> dict[Any, list[NeedDecision]]:
    found: dict[Any, list[NeedDecision]] = {}
    if decided:
        for one in NeedDecision.objects.filter(need__in=decided).select_related("by__user"):
            found.setdefault(one.need_id, []).append(one)
    return found


def _card(
    asked: Questionnaire,
    so_far: Progress,
    suggestion: Mapping[str, Any],
    needs: Sequence[Need],
    made: Mapping[str, RuleChoice],
    history: Mapping[Any, list[NeedDecision]],
) -> Card:
    because = [
        _because(asked.item(code), so_far.responses[code], suggestion["needs"]) for code in suggestion["because"]
    ]
    rule = asked.rule(suggestion["rule"])
    mine = [need for need in needs if need.code in suggestion["needs"]]
    return Card(
        rule=rule,
        titles=[asked.need_title(code) for code in suggestion["needs"]],
        because=because,
        when=When(suggestion["when"]),
        hold=words.hold(suggestion["hold"]),
        choice=_to_choose(asked, rule, made.get(rule.id)) if suggestion["clinician_choice"] else None,
        needs=mine,
        sensitive=any(one.sensitive for one in because),
        history=max((history.get(need.pk, []) for need in mine), key=len, default=[]),
    )


def _to_choose(asked: Questionnaire, rule: Rule, made: RuleChoice | None) -> ToChoose | None:
    if rule.choice is None:
        return None
    return ToChoose(rule.choice.text, [rule, asked.rule(rule.choice.other)], made)


def line(item: Item, response: Response) -> Line:
    return Line(item, words.standing(item, response), item.sensitive)


def _because(item: Item, response: Response, needs: Collection[str]) -> Line:
    """Of many ticks only those that raised one of the needs."""
    entries = [entry for entry in item.raises if not set(needs).isdisjoint(entry.needs)]
    telling = {code for entry in entries for code in codes_of(entry.condition, item.code)}
    return Line(item, words.standing(item, response, telling), item.sensitive)


def by_stage(asked: Questionnaire, found: Iterable[Card]) -> list[tuple[str, list[Card]]]:
    stages: dict[int, list[Card]] = {}
    for card in found:
        stages.setdefault(card.rule.stage, []).append(card)
    return [(asked.stages[stage].capitalize(), stages[stage]) for stage in sorted(stages)]


def to_choose(found: Iterable[Card]) -> list[tuple[Card, Need]]:
    """Agreed needs for which there may be a local offer: one line a suggestion, since it asks for one kind."""
    agreed = []
    for card in found:
        wanted = [need for need in card.needs if need.decision == Need.Decision.AGREED]
        if wanted and card.is_open and card.rule.type == RuleType.OFFER and not card.instead:
            agreed.append((card, wanted[0]))
    return agreed
