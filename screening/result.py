"""What scoring gives: how each item stands, what it brings to its theme, and the result of the whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from screening.parts import Item
from screening.terms import COUNTS, GAPS, Level, RuleType, State, When


@dataclass(frozen=True, slots=True)
class Response:
    """How one item stands. `value` is what counts: it is None unless the item is answered or derived.

    `reason`: of a derived item why, in words; of one that was not answered the code given with its state, if any.
    """

    state: State
    value: Any = None
    reason: str | None = None

    @property
    def counts(self) -> bool:
        return self.state in COUNTS

    @property
    def is_gap(self) -> bool:
        """Nothing usable, and the question applies: what conditions call missing."""
        return self.state in GAPS


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one item brings to its theme's level. `points` is None where it brings nothing: skipped, or a gap."""

    item: Item
    response: Response
    points: int | None = None
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A rule that fired. `needs`: those of its needs that were raised; `because`: the items that raised them."""

    rule: str
    stage: int
    type: RuleType
    support: str
    needs: tuple[str, ...]
    because: tuple[str, ...]
    when: When
    hold: str | None
    clinician_choice: bool

    def as_dict(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "stage": self.stage,
            "type": self.type,
            "support": self.support,
            "needs": list(self.needs),
            "because": list(self.because),
            "when": self.when,
            "hold": self.hold,
            "clinician_choice": self.clinician_choice,
        }


@dataclass(frozen=True, slots=True)
class Contact:
    """`allowed`: ways a person may use. `automatic`: whether messages may go by themselves; if not, `reason`."""

    allowed: tuple[str, ...]
    automatic: bool
    reason: str | None

    def as_dict(self) -> dict[str, Any]:
        return {"allowed": list(self.allowed), "automatic": self.automatic, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Result:
    """`because`: every need raised → the items that raised it, needs in the definition's order, items as asked."""

    responses: Mapping[str, Response]
    levels: Mapping[str, Level]
    points: Mapping[str, int]
    because: Mapping[str, tuple[str, ...]]
    suggestions: tuple[Suggestion, ...]
    status: str
    contact_safety_first: bool
    contact: Contact

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(self.because)

    def as_dict(self) -> dict[str, Any]:
        """The result as it is stored and sent: plain JSON, without the responses."""
        return {
            "levels": dict(self.levels),
            "points": dict(self.points),
            "needs": list(self.because),
            "suggestions": [suggestion.as_dict() for suggestion in self.suggestions],
            "status": self.status,
            "contact_safety_first": self.contact_safety_first,
            "contact": self.contact.as_dict(),
        }
