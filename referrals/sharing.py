"""What a provider is told of a person: the least that the referral needs, and only what was agreed to.

`Referral.shared` is written here when a referral is made and again when it is sent. It never holds an NHS
number, a date of birth, an answer, or a need that a sensitive answer raised. Whoever shows it goes through
`as_of_today`: a number that is no longer the person's, or no longer safe, must not be rung.
"""

from collections.abc import Iterable
from typing import Any

from accounts.errors import NotPossibleNow
from accounts.wording import gettext_lazy as _
from directory import kinds
from people.contact_plan import Channel, Plan, describe
from people.identifiers import format_phone
from people.models import ServiceUser
from referrals.deaths import has_died
from referrals.gathering import consent_for
from referrals.lifecycle import Status
from referrals.models import Referral
from screening import questionnaire
from screening.models import Need, Screening
from screening.questionnaire import Questionnaire
from screening.sitting import definition_of

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
    """`adjustments` are support codes. Gives texts, and lists of titles and sentences; empty where not known.

    Raises NotPossibleNow where one of the needs was an error: a referral that rests on it is not to be sent.
    """
    needs = list(needs)
    _refuse_errors(needs)
    return {
        "name": service_user.name,
        "preferred_name": service_user.preferred_name,
        "pronouns": service_user.pronouns,
        "interpreter": service_user.interpreter_language,
        "communication_needs": service_user.communication_needs,
        "goal": goal,
        "needs": shareable_titles(needs),
        "adjustments": [str(kinds.TITLES.get(code, code)) for code in adjustments],
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
    """The snapshot, with the ways to reach the person as the contact plan and the record have them now, less the
    needs that turned out to be errors."""
    needs = {"needs": _titles_that_stand(referral)} if "needs" in referral.shared else {}
    return {**referral.shared, **needs, **reach(referral.service_user, plan), "contact": describe(plan)}


def _titles_that_stand(referral: Referral) -> list[str]:
    linked = list(referral.needs.select_related("screening"))
    stand = {title_of(need) for need in linked if stands(need)}
    errors = {title_of(need) for need in linked} - stand
    return [title for title in referral.shared["needs"] if title not in errors]


def shown_to_provider(referral: Referral, plan: Plan) -> Shared:
    """Once nothing may be shared any more the provider keeps the name, to know whom not to ring, and no more."""
    if is_over(referral):
        return {name: referral.shared.get(name, "") for name in ("name", "preferred_name", "pronouns")}
    shown = as_of_today(referral, plan)
    # While contact is paused, or once they died, nobody rings or writes: there is nothing to do it with either.
    nobody_rings = referral.service_user.paused_at or has_died(referral.service_user)
    return {**shown, **dict.fromkeys(REACHED_BY, "")} if nobody_rings else shown


NOTHING_TO_DO_FOR_PROVIDER = {Status.WITHDRAWN, Status.CANCELLED, Status.DECLINED, Status.REROUTED}


def is_over(referral: Referral) -> bool:
    """The provider has no more part in it, or no consent lets it be told today (withdrawn, run out, later no)."""
    return referral.status in NOTHING_TO_DO_FOR_PROVIDER or consent_for(referral) is None


def shareable_titles(needs: Iterable[Need]) -> list[str]:
    """Titles of the needs that a provider may know of."""
    return [title_of(need) for need in needs if is_shareable(need)]


def is_shareable(need: Need) -> bool:
    """No sensitive answer raised it, and no error. A need that cannot say what raised it stays out."""
    return stands(need) and not is_sensitive(need)


def stands(need: Need) -> bool:
    """False for what a correction found to be raised in error, also where an earlier correction had carried it on;
    and for what a screening raised that was recorded in error itself."""
    if need.raised_in_error or need.screening.status == Screening.Status.VOID:
        return False
    return need.carried_to is None or stands(need.carried_to)


def _refuse_errors(needs: Iterable[Need]) -> None:
    """Names none of them: whoever asks may be a provider's worker."""
    if not all(map(stands, needs)):
        raise NotPossibleNow(
            _("This rests on a need that turned out to be an error. Cancel it, and start anew from the result.")
        )


def is_sensitive(need: Need) -> bool:
    own = definition_of(need.screening)
    return not need.because or any(_asks_a_secret(code, own) for code in need.because)


def _asks_a_secret(code: str, own: Questionnaire) -> bool:
    """A need that a later questionnaire carries on keeps its first reasons, which that may not ask about. Where
    none knows the item, nobody can say that it is no secret."""
    if code in own.items_by_code:
        return own.item(code).sensitive
    items = [asked.item(code) for asked in questionnaire.all_loaded() if code in asked.items_by_code]
    return not items or any(item.sensitive for item in items)


def title_of(need: Need) -> str:
    definition = definition_of(need.screening)
    return definition.need_title(need.code)


def _postal(service_user: ServiceUser) -> str:
    care_of = f"c/o {service_user.care_of}" if service_user.care_of else ""
    if service_user.no_fixed_address and not care_of:
        return ""
    return "\n".join(part for part in (care_of, service_user.address, service_user.postcode) if part)
