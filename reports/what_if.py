"""What would change for the people on the caseload if a rule were another: tried out, and nothing written.

A table of weights is tried on every open need; a version of a questionnaire on everybody's newest screening. A run
looks at so many people and for so long, and says where it stopped.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from time import monotonic
from typing import Any

from django.db.models import QuerySet

from accounts.models import Membership, Team
from accounts.wording import gettext_lazy as _
from directory.fitting import ASKED, as_terms, circumstances_of
from directory.kinds import TITLES
from directory.matching import recommend
from directory.models import SupportOffer
from directory.terms import Offer
from directory.weights import Weight
from people.models import ServiceUser
from reports.disclosure import Shown, count
from screening import scoring
from screening.last_said import last_said
from screening.models import Need, Screening
from screening.questionnaire import Questionnaire
from screening.responses import answers_of
from screening.sitting import definition_of
from screening.terms import RuleType

MOST_PEOPLE = 2000
SECONDS = 10.0
NAMES_SHOWN = 200


@dataclass(frozen=True)
class Changed:
    """For one person and one kind of support: what it is now, and what it would be."""

    person: ServiceUser
    kind: str
    before: str
    after: str


@dataclass
class Trial:
    """`people` are on the caseload, `looked_at` of them were; `whole` where that is everybody."""

    people: int
    looked_at: int = 0
    cases: Counter = field(default_factory=Counter)
    changed: list[Changed] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return self.looked_at == self.people

    @property
    def on_caseload(self) -> Shown:
        return count(self.people)

    @property
    def reached(self) -> Shown:
        return count(self.looked_at)

    @property
    def rows(self) -> list[tuple[Any, Shown, Shown]]:
        """Kind of support, how many were looked at, for how many it changes: figures like those of the report."""
        changed = Counter(one.kind for one in self.changed)
        return [(TITLES[kind], count(self.cases[kind]), count(changed[kind])) for kind in sorted(self.cases)]

    @property
    def named(self) -> list[Changed]:
        return self.changed[:NAMES_SHOWN]

    @property
    def affected(self) -> Shown:
        return count(len({one.person.pk for one in self.changed}))


Compare = Callable[[ServiceUser], Iterable[Changed | str]]
"""For one person: the kinds that were looked at, and among them what changes."""


def _run(people: QuerySet[ServiceUser], compare: Compare, seconds: float) -> Trial:
    trial, stop_at = Trial(people.count()), monotonic() + seconds
    for person in people.order_by("pk")[:MOST_PEOPLE].iterator(chunk_size=200):
        if monotonic() > stop_at:
            break
        trial.looked_at += 1
        for found in compare(person):
            if isinstance(found, Changed):
                trial.changed.append(found)
            else:
                trial.cases[found] += 1
    return trial


def _caseload(membership: Membership, team: Team | None, on: date) -> QuerySet[ServiceUser]:
    people = ServiceUser.objects.visible_to(membership).on_caseload(on)
    return people.filter(team=team) if team else people


# --- Another table of weights


def try_weights(
    *,
    membership: Membership,
    team: Team | None,
    weights: Mapping[str, Weight],
    on: date,
    seconds: float = SECONDS,
) -> Trial:
    """For each open need that is not declined: the offer that comes first, as it is and as it would be."""
    offers = _offers(on)

    def compare(person: ServiceUser) -> Iterator[Changed | str]:
        for need in _needs(person):
            kind = _kind(definition_of(need.screening), need.code)
            if kind is None:
                continue
            yield kind
            said = last_said(person, ASKED, by=need.screening)
            circumstances = circumstances_of(person, said, on=on)
            matches = recommend(kind, offers.get(kind, []), circumstances, on=on).recommended
            other = recommend(kind, offers.get(kind, []), circumstances, on=on, weights=weights).recommended
            if matches and matches[0].offer.id != other[0].offer.id:
                yield Changed(person, kind, _named(matches[0].offer), _named(other[0].offer))

    return _run(_caseload(membership, team, on), compare, seconds)


def _needs(person: ServiceUser) -> QuerySet[Need]:
    open_ones = Need.objects.open().filter(service_user=person).exclude(decision=Need.Decision.DECLINED)
    return open_ones.select_related("screening").order_by("pk")


def _kind(definition: Questionnaire, code: str) -> str | None:
    """The support that choosing looks for; None for what the team does itself."""
    rule = next(rule for rule in definition.rules if code in rule.needs)
    return None if rule.type == RuleType.ACTION else rule.support


def _offers(on: date) -> dict[str, list[Offer]]:
    by_kind: dict[str, list[Offer]] = {}
    for row in SupportOffer.objects.current(on).select_related("provider", "location"):
        offer = as_terms(row)
        for kind in offer.kinds:
            by_kind.setdefault(kind, []).append(offer)
    return by_kind


def _named(offer: Offer) -> str:
    return f"{offer.name}, {offer.provider}"


# --- Another version of a questionnaire


def try_definition(
    *,
    membership: Membership,
    team: Team | None,
    definition: Questionnaire,
    on: date,
    seconds: float = SECONDS,
) -> Trial:
    """For everybody's newest screening with that questionnaire: what is suggested, and what would be."""

    def compare(person: ServiceUser) -> Iterator[Changed | str]:
        newest = Screening.objects.submitted().filter(service_user=person, definition=definition.id)
        screening = newest.order_by("-submitted_at", "-pk").first()
        if screening is None:
            return
        before = _suggested(definition_of(screening), screening)
        after = _suggested(definition, screening)
        for kind in sorted({*before, *after}):
            yield kind
            if before.get(kind) != after.get(kind):
                yield Changed(person, kind, _when(before.get(kind)), _when(after.get(kind)))

    return _run(_caseload(membership, team, on), compare, seconds)


def _suggested(definition: Questionnaire, screening: Screening) -> dict[str, str]:
    """Kind of support → now, later or held. Answers that the definition does not ask for are passed over."""
    answers = answers_of(screening.responses)
    answers = {code: value for code, value in answers.items() if code in definition.items_by_code}
    suggestions = scoring.score(definition, answers).suggestions
    return {one.support: one.when for one in suggestions if one.support in TITLES}


def _when(code: str | None) -> Any:
    return WHEN.get(code or "", code)


WHEN = {"": _("not suggested"), "now": _("suggested now"), "later": _("suggested later"), "held": _("held back")}
