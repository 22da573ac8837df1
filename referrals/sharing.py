"""What a provider is told of a person: the least that the referral needs, and only what was agreed to.

`Referral.shared` is written here when a referral is made and again when it is sent. It never holds an NHS
number, a date of birth, an answer, or a need that a sensitive answer raised. Whoever shows it goes through
`as_of_today`: a number that is no longer the person's, or no longer safe, must not be rung.
"""

from collections.abc import Iterable
from typing import Any

from directory import kinds
from people.contact_plan import Channel, Plan, describe
from people.identifiers import format_phone
from people.models import ServiceUser
from referrals.gathering import consent_for
from referrals.lifecycle import Status
from referrals.models import Referral
from screening import questionnaire
from screening.models import Need

Shared = dict[str, Any]

REACHED_BY = {
    "phone": {Channel.CALL, Channel.TEXT},
    "email": {Channel.EMAIL},
    "address": {Channel.LETTER},
    "via_person": {Channel.VIA},
}
"""A detail is shared only while one of these channels is allowed."""


def snapshot(
    *, service_user: ServiceUser, plan: Plan, needs: Iterable[Need], goal: str, adjustments: Iterable[str]
) -> Shared:
    """`adjustments` are support codes. Gives texts, and lists of titles and sentences; empty where not known."""
    return {
        "name": service_user.name,
        "preferred_name": service_user.preferred_name,
        "pronouns": service_user.pronouns,
        "interpreter": service_user.interpreter_language,
        "communication_needs": service_user.communication_needs,
        "goal": goal,
        "needs": shareable_titles(needs),
        "adjustments": [kinds.TITLES.get(code, code) for code in adjustments],
        "contact": describe(plan),
        **reach(service_user, plan),
    }


def reach(service_user: ServiceUser, plan: Plan) -> Shared:
    """Where the person is reached by the ways that the plan allows; "" for every other detail."""
    details = {
        "phone": format_phone(service_user.phone) if service_user.phone else "",
        "email": service_user.email,
        "address": _postal(service_user),
        "via_person": plan.via_person,
    }
    return {key: details[key] if ways & plan.open_channels else "" for key, ways in REACHED_BY.items()}


def as_of_today(referral: Referral, plan: Plan) -> Shared:
    """The snapshot, with the ways to reach the person as the contact plan and the record have them now."""
    return {**referral.shared, **reach(referral.service_user, plan), "contact": describe(plan)}


def shown_to_provider(referral: Referral, plan: Plan) -> Shared:
    """Once nothing may be shared any more the provider keeps the name, to know whom not to ring, and no more."""
    if is_over(referral):
        return {name: referral.shared.get(name, "") for name in ("name", "preferred_name", "pronouns")}
    return as_of_today(referral, plan)


NOTHING_TO_DO_FOR_PROVIDER = {Status.WITHDRAWN, Status.CANCELLED, Status.DECLINED, Status.REROUTED}


def is_over(referral: Referral) -> bool:
    """The provider has no more part in it, or no consent lets it be told today (withdrawn, run out, later no)."""
    return referral.status in NOTHING_TO_DO_FOR_PROVIDER or consent_for(referral) is None


def shareable_titles(needs: Iterable[Need]) -> list[str]:
    """Titles of the needs that no sensitive answer raised. A need that cannot say what raised it stays out."""
    return [title_of(need) for need in needs if not is_sensitive(need)]


def is_sensitive(need: Need) -> bool:
    definition = questionnaire.get(need.screening.definition, need.screening.definition_version)
    return not need.because or any(definition.item(code).sensitive for code in need.because)


def title_of(need: Need) -> str:
    definition = questionnaire.get(need.screening.definition, need.screening.definition_version)
    return definition.need_title(need.code)


def _postal(service_user: ServiceUser) -> str:
    care_of = f"c/o {service_user.care_of}" if service_user.care_of else ""
    if service_user.no_fixed_address and not care_of:
        return ""
    return "\n".join(part for part in (care_of, service_user.address, service_user.postcode) if part)
