"""What follows for the person when a screening is submitted, and what is taken back when it is void.

Called by screening/actions.py only, in its transaction.
"""

from collections.abc import Mapping
from dataclasses import replace

from accounts import clock
from accounts.models import Membership
from people import actions as people
from people.contact_plan import AUTOMATIC, Plan, from_result, tighten
from people.models import Consent, ContactPlan
from screening.models import Need, Screening
from screening.questionnaire import Questionnaire
from screening.result import Result
from screening.settled import asked_about, looked_at
from screening.terms import CONTACT_ITEMS, NO_CHANNEL

# --- Needs ------------------------------------------------------------------------------------------------


def raise_needs(screening: Screening, questionnaire: Questionnaire, result: Result) -> list[Need]:
    """A row for each need. Earlier open rows of the person are carried on, resolved, or left open: what was not
    asked about this time stays open."""
    earlier: dict[str, list[Need]] = {}
    for need in Need.objects.open().filter(service_user=screening.service_user_id).order_by("id"):
        earlier.setdefault(need.code, []).append(need)
    raised = Need.objects.bulk_create(
        _need(screening, code, because, earlier.get(code, [])) for code, because in result.because.items()
    )
    for need in raised:
        if need.code in earlier:
            _open_rows(earlier[need.code]).update(carried_to=need)
    _resolve(screening, [code for code in earlier if asked_about(questionnaire, result.responses, code)], result)
    return raised


def _need(screening: Screening, code: str, because: tuple[str, ...], earlier: list[Need]) -> Need:
    """What was agreed stays agreed; what was put off or declined is asked again."""
    need = Need(screening=screening, service_user_id=screening.service_user_id, code=code, because=list(because))
    agreed = next((one for one in reversed(earlier) if one.decision == Need.Decision.AGREED), None)
    if agreed:
        need.decision, need.decision_reason = agreed.decision, agreed.decision_reason
        need.decided_at, need.decided_by_id = agreed.decided_at, agreed.decided_by_id
    return need


def _open_rows(needs: list[Need]):
    return Need.objects.filter(pk__in=[need.pk for need in needs], resolved_at=None, carried_to=None)


def _resolve(screening: Screening, asked: list[str], result: Result) -> None:
    gone = [code for code in asked if code not in result.because]
    if gone:
        Need.objects.open().filter(service_user=screening.service_user_id, code__in=gone).update(
            resolved_at=clock.now(), resolved_by_screening=screening
        )


def put_needs_back(screening: Screening) -> None:
    """Earlier needs stand again as if the screening had never been: carried or resolved by what came after it."""
    Need.objects.filter(resolved_by_screening=screening).update(resolved_at=None, resolved_by_screening=None)
    for need in screening.needs.all():
        need.carried_from.update(
            carried_to=need.carried_to_id,
            resolved_at=need.resolved_at,
            resolved_by_screening=need.resolved_by_screening_id,
        )


# --- Contact plan -----------------------------------------------------------------------------------------


def set_contact_plan(screening: Screening, questionnaire: Questionnaire, result: Result, by: Membership) -> None:
    current = ContactPlan.objects.current_for(screening.service_user)
    plan = plan_after(current, questionnaire, result)
    if plan is not None:
        people.set_contact_plan(service_user=screening.service_user, plan=plan, source_id=str(screening.pk), by=by)


def plan_after(current: ContactPlan | None, questionnaire: Questionnaire, result: Result) -> Plan | None:
    """The plan that the answers give; None where nothing about contact was answered and a plan stands already.

    Missing answers only tighten: with a gap among them, nothing is allowed that was not allowed before. The same
    goes for a plan that staff have changed since: what they took away, a form does not give back.
    """
    counted = {code: response.value for code, response in result.responses.items() if response.counts}
    told = from_result(result.contact.as_dict(), counted)
    if current is None or not current.answered:
        return _with_what_is_not_asked(told, current.plan if current else Plan())
    items = contact_items(questionnaire) & result.responses.keys()
    gaps = {code for code in items if result.responses[code].is_gap}
    if not any(result.responses[code].counts for code in items):
        return None
    if gaps or current.source == ContactPlan.Source.STAFF:
        return stricter(current.plan, told)
    return _with_what_is_not_asked(told, current.plan)


def contact_items(questionnaire: Questionnaire) -> set[str]:
    blocked = (looked_at(guard.condition) for guard in questionnaire.contact_plan.blocked)
    return set(CONTACT_ITEMS).union(*blocked)


def _with_what_is_not_asked(told: Plan, before: Plan) -> Plan:
    """Hours, days, go-between and naming the service are settled with staff: no answer changes them."""
    return replace(
        told,
        hours=before.hours,
        weekdays=before.weekdays,
        may_name_service=before.may_name_service,
        via_person=before.via_person,
        preferred=before.preferred if before.preferred in told.allowed else told.preferred,
        fallback=before.fallback if before.fallback in told.allowed else told.fallback,
    )


def stricter(one: Plan, other: Plan) -> Plan:
    """Only what both plans allow; the reason of the one that stops automatic messages."""
    both = one.allowed & other.allowed
    stopped = not other.automatic or not both & AUTOMATIC
    plan = tighten(
        one, without=one.allowed - both, stop_automatic=stopped, stop_voicemail=not other.takes_voicemail
    )
    return replace(plan, reason=(other.reason or NO_CHANNEL) if one.automatic and stopped else plan.reason)


def forget_contact_plan(screening: Screening, by: Membership) -> None:
    """The plan that came from a screening recorded in error may be somebody else's: nothing is allowed until
    the person is asked again."""
    current = ContactPlan.objects.current_for(screening.service_user)
    if current and current.source_id == str(screening.pk):
        people.set_contact_plan(
            service_user=screening.service_user, plan=Plan.unknown(), source_id=str(screening.pk), by=by
        )


# --- Consent ----------------------------------------------------------------------------------------------

HOW_SAID = {Screening.How.PHONE: Consent.How.PHONE}


def wording_of(screening: Screening) -> str:
    return f"{screening.definition} {screening.definition_version}"


def how_said(screening: Screening) -> Consent.How:
    if screening.answered_by == Screening.AnsweredBy.FROM_PAPER:
        return Consent.How.SIGNED
    return HOW_SAID.get(Screening.How(screening.how), Consent.How.SPOKEN)


def record_consent(
    screening: Screening, questionnaire: Questionnaire, responses: Mapping[str, Mapping], by: Membership
) -> None:
    """Where the consent step of the definition was answered; no answer is no consent, and no row."""
    choice = responses.get(questionnaire.consent.code, {}).get("value")
    if choice:
        people.record_consent(
            service_user=screening.service_user,
            choice=choice,
            how=how_said(screening),
            wording=wording_of(screening),
            by=by,
        )


def withdraw_consents(screening: Screening, by: Membership) -> None:
    """What was agreed at a screening recorded in error may be somebody else's word: every consent given in the
    same words from then on is withdrawn, and the person is asked again."""
    given = Consent.objects.filter(
        service_user=screening.service_user_id,
        wording=wording_of(screening),
        given_at__gte=screening.submitted_at,
        withdrawn_at=None,
    )
    for consent in given.exclude(choice=Consent.Choice.NO):
        people.withdraw_consent(consent=consent, how="The screening was recorded in error", by=by)
