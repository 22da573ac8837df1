"""What is proposed for a referral from what is known: the person's goal, what to ask for, and adjustments."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from accounts.errors import InvalidInput
from directory.models import SupportOffer
from people.actions import plan_of
from people.models import ServiceUser
from screening import questionnaire
from screening.models import Need, Screening
from screening.responses import answers_of
from screening.terms import RuleType

if TYPE_CHECKING:
    from referrals.actions.making import Wish

GOAL_ITEM = "FA1"
WARM_HANDOVER = "warm_handover"


def propose(wish: "Wish", service_user: ServiceUser, needs: Iterable[Need]) -> "Wish":
    """`wish` with what was not said filled in. Nothing is made up: what is not known either stays unsaid."""
    plan, needs = plan_of(service_user), list(needs)
    known: dict[str, Any] = {
        "goal": lambda: goal_of(service_user),
        "asked_for": lambda: asked_for(needs),
        "preferred_channel": lambda: plan.preferred,
        "fallback_channel": lambda: plan.fallback,
        "warm_handover": lambda: WARM_HANDOVER in (wish.adjustments or agreed_adjustments(service_user)),
    }
    unsaid = [name for name in known if getattr(wish, name) in (None, "")]
    return replace(wish, **{name: known[name]() for name in unsaid})


def newest_screening(service_user: ServiceUser) -> Screening | None:
    return Screening.objects.submitted().filter(service_user=service_user).order_by("-submitted_at").first()


def goal_of(service_user: ServiceUser) -> str:
    """The person's own goal as last asked; empty where they were not asked or did not say."""
    screening = newest_screening(service_user)
    if screening is None:
        return ""
    item = _definition(screening).items_by_code.get(GOAL_ITEM)
    answer = answers_of(screening.responses).get(GOAL_ITEM)
    if item is None or not item.choices.whole(answer):
        return ""
    labels = item.label_for(answer)
    return (labels if isinstance(labels, str) else ", ".join(labels))[:300]


def asked_for(needs: Iterable[Need]) -> str:
    """The words of the rules that the needs fire, each once."""
    rules = (rule for need in needs for rule in _definition(need.screening).rules if need.code in rule.needs)
    return "\n".join(dict.fromkeys(rule.text for rule in rules if rule.type == RuleType.OFFER))


def kind_for(need: Need, offer: SupportOffer) -> str:
    """The kind of support that the need calls for and the offer gives; the first, in the order of the rules."""
    rules = (rule for rule in _definition(need.screening).rules if need.code in rule.needs)
    kind = next((rule.support for rule in rules if rule.support in offer.kinds), None)
    if kind is None:
        raise InvalidInput("This offer does not give the kind of support that the need calls for.")
    return kind


def agreed_adjustments(service_user: ServiceUser) -> list[str]:
    """Support codes of the adjustments whose needs the person agreed to, in the order of the rules."""
    agreed = Need.objects.open().filter(service_user=service_user, decision=Need.Decision.AGREED)
    codes = {need.code for need in agreed.select_related("screening")}
    screening = newest_screening(service_user)
    rules = _definition(screening).rules if screening else ()
    wanted = (rule for rule in rules if rule.type == RuleType.ADJUSTMENT and codes.intersection(rule.needs))
    return list(dict.fromkeys(rule.support for rule in wanted))


@lru_cache
def adjustments_known() -> frozenset[str]:
    """Every adjustment that any version of a questionnaire speaks of: old referrals keep theirs."""
    rules = (rule for definition in questionnaire.load_all() for rule in definition.rules)
    return frozenset(rule.support for rule in rules if rule.type == RuleType.ADJUSTMENT)


def _definition(screening: Screening) -> questionnaire.Questionnaire:
    return questionnaire.get(screening.definition, screening.definition_version)
