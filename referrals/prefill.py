"""What is proposed for a referral from what is known: the person's goal, what to ask for, and adjustments."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from accounts.errors import InvalidInput
from accounts.wording import gettext_lazy as _
from directory.models import SupportOffer
from people.actions import plan_of
from people.models import ServiceUser
from screening import last_said, questionnaire
from screening.models import Need, Screening
from screening.questionnaire import screening_ids
from screening.sitting import definition_of
from screening.terms import Level, RuleType

if TYPE_CHECKING:
    from referrals.actions.making import Wish

WARM_HANDOVER = "warm_handover"
MENTAL_HEALTH = "mental_health"


def propose(wish: "Wish", service_user: ServiceUser, needs: Iterable[Need]) -> "Wish":
    """`wish` with what was not said filled in. Nothing is made up: what is not known either stays unsaid."""
    plan, needs = plan_of(service_user), list(needs)
    known: dict[str, Any] = {
        "goal": lambda: goal_of(service_user),
        "asked_for": lambda: asked_for(needs),
        "preferred_channel": lambda: plan.preferred,
        "fallback_channel": lambda: plan.fallback,
        "warm_handover": lambda: (
            WARM_HANDOVER in (wish.adjustments or agreed_adjustments(service_user)) or needs_company(service_user)
        ),
    }
    unsaid = [name for name in known if getattr(wish, name) in (None, "")]
    return replace(wish, **{name: known[name]() for name in unsaid})


def needs_company(service_user: ServiceUser) -> bool:
    """Mental health stands high in the way, as last screened: a warm handover is then the usual thing."""
    screenings = Screening.objects.submitted().filter(service_user=service_user, definition__in=screening_ids())
    newest = screenings.order_by("-submitted_at", "-pk").first()
    levels = (newest.result or {}).get("levels", {}) if newest else {}
    return levels.get(MENTAL_HEALTH) == Level.HIGH


def goal_of(service_user: ServiceUser) -> str:
    """The person's own goal as last asked; empty where they were not asked or did not say."""
    return last_said.goal_of(service_user)[:300]


def asked_for(needs: Iterable[Need]) -> str:
    """The words of the rules that the needs fire, each once."""
    rules = (rule for need in needs for rule in definition_of(need.screening).rules if need.code in rule.needs)
    return "\n".join(dict.fromkeys(rule.text for rule in rules if rule.type == RuleType.OFFER))


def kind_for(need: Need, offer: SupportOffer) -> str:
    """The kind of support that the need calls for and the offer gives; the first, in the order of the rules."""
    rules = (rule for rule in definition_of(need.screening).rules if need.code in rule.needs)
    kind = next((rule.support for rule in rules if rule.support in offer.kinds), None)
    if kind is None:
        raise InvalidInput(_("This offer does not give the kind of support that the need calls for."))
    return kind


def agreed_adjustments(service_user: ServiceUser) -> list[str]:
    """Support codes of the adjustments whose needs the person agreed to, in the order of the rules."""
    agreed = Need.objects.open().filter(service_user=service_user, decision=Need.Decision.AGREED)
    found = {
        rule.id: rule.support
        for need in agreed.select_related("screening")
        for rule in definition_of(need.screening).rules
        if rule.type == RuleType.ADJUSTMENT and need.code in rule.needs
    }
    return list(dict.fromkeys(found[rule] for rule in sorted(found)))


@lru_cache
def adjustments_known() -> frozenset[str]:
    """Every adjustment that any version of a questionnaire speaks of: old referrals keep theirs."""
    rules = (rule for definition in questionnaire.load_all() for rule in definition.rules)
    return frozenset(rule.support for rule in rules if rule.type == RuleType.ADJUSTMENT)
