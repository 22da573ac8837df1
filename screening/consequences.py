"""What follows for the person when a screening is submitted, and what is taken back when it is void.

Called by screening/actions.py only, in its transaction.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from accounts import clock
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from people import actions as people
from people.contact_plan import AUTOMATIC, Plan, from_result, tighten
from people.models import Consent, ContactPlan
from screening import scoring
from screening.models import Need, Screening
from screening.questionnaire import Questionnaire
from screening.responses import answers_of
from screening.result import Result
from screening.settled import asked_about, looked_at
from screening.sitting import definition_of
from screening.terms import NO_CHANNEL

# --- Needs ------------------------------------------------------------------------------------------------


def raise_needs(screening: Screening, questionnaire: Questionnaire, result: Result) -> list[Need]:
    """A row for each need. Earlier open rows of the person are carried on, resolved, or left open: what was not
    asked about this time stays open."""
    earlier: dict[str, list[Need]] = {}
    for need in Need.objects.open().filter(service_user=screening.service_user_id).order_by("id"):
        earlier.setdefault(need.code, []).append(need)
    raised = Need.objects.bulk_create(
        _need(screening, questionnaire, code, because, earlier.get(code, []))
        for code, because in result.because.items()
    )
    for need in raised:
        if need.code in earlier:
            _open_rows(earlier[need.code]).update(carried_to=need)
    _resolve(screening, questionnaire, result, [need for needs in earlier.values() for need in needs])
    return raised


def _need(
    screening: Screening, questionnaire: Questionnaire, code: str, because: tuple[str, ...], earlier: list[Need]
) -> Need:
    """What was agreed stays agreed; what was put off or declined is asked again. Reasons that are not asked about
    here stand on."""
    not_asked = (item for one in earlier for item in one.because if item not in questionnaire.items_by_code)
    reasons = list(dict.fromkeys([*because, *not_asked]))
    need = Need(screening=screening, service_user_id=screening.service_user_id, code=code, because=reasons)
    agreed = next((one for one in reversed(earlier) if one.decision == Need.Decision.AGREED), None)
    if agreed:
        need.decision, need.decision_reason = agreed.decision, agreed.decision_reason
        need.decided_at, need.decided_by_id = agreed.decided_at, agreed.decided_by_id
    return need


def _open_rows(needs: list[Need]):
    return Need.objects.filter(pk__in=[need.pk for need in needs], resolved_at=None, carried_to=None)


def _resolve(screening: Screening, questionnaire: Questionnaire, result: Result, earlier: list[Need]) -> None:
    gone = [
        need
        for need in earlier
        if need.code not in result.because
        and asked_about(questionnaire, result.responses, need.code, need.because)
    ]
    if gone:
        _open_rows(gone).update(resolved_at=clock.now(), resolved_by_screening=screening)


def replay_needs(service_user_id: UUID) -> None:
    """Every need of the person stands as if the screenings that count were all there ever was: each carried on or
    resolved by the next that asked about it. Called when one of them began to count, or no longer does."""
    open_rows: dict[str, list[Need]] = {}
    screenings = Screening.objects.submitted().filter(service_user=service_user_id)
    for screening in screenings.order_by("submitted_at", "pk").prefetch_related("needs"):
        mine = {need.code: need for need in screening.needs.all()}
        questionnaire = definition_of(screening)
        responses = scoring.resolve(questionnaire, answers_of(screening.responses))
        for code in list(open_rows):
            if code in mine:
                _stand(open_rows.pop(code), carried_to=mine[code])
                continue
            settled = [one for one in open_rows[code] if asked_about(questionnaire, responses, code, one.because)]
            _stand(settled, resolved_by=screening)
            open_rows[code] = [one for one in open_rows[code] if one not in settled]
        for code, need in mine.items():
            open_rows.setdefault(code, []).append(need)
    for needs in open_rows.values():
        _stand(needs)


def _stand(needs: list[Need], carried_to: Need | None = None, resolved_by: Screening | None = None) -> None:
    """Written only where it differs, so that what was resolved before keeps its time."""
    for need in needs:
        now = (carried_to.pk if carried_to else None, resolved_by.pk if resolved_by else None)
        if (need.carried_to_id, need.resolved_by_screening_id) != now:
            Need.objects.filter(pk=need.pk).update(
                carried_to=carried_to,
                resolved_by_screening=resolved_by,
                resolved_at=resolved_by.submitted_at if resolved_by else None,
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
    said = told(questionnaire, result)
    if current is None or not current.answered:
        return _with_what_is_not_asked(said, current.plan if current else Plan())
    items = contact_items(questionnaire) & result.responses.keys()
    gaps = {code for code in items if result.responses[code].is_gap}
    if not any(result.responses[code].counts for code in items):
        return None
    if gaps or current.source == ContactPlan.Source.STAFF:
        return stricter(current.plan, said)
    return _with_what_is_not_asked(said, current.plan)


def told(questionnaire: Questionnaire, result: Result) -> Plan:
    """The plan that the answers alone give."""
    counted = {code: response.value for code, response in result.responses.items() if response.counts}
    return from_result(result.contact.as_dict(), questionnaire.by_name(counted))


def contact_items(questionnaire: Questionnaire) -> set[str]:
    blocked = (looked_at(guard.condition) for guard in questionnaire.contact_plan.blocked)
    return set(questionnaire.contact_codes.values()).union(*blocked)


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


# --- Consent ----------------------------------------------------------------------------------------------

HOW_SAID = {Screening.How.PHONE: Consent.How.PHONE}


def wording_of(screening: Screening, language: str = "") -> str:
    """Names the words that were put to the person, with their language where it is not the definition's own."""
    words = f"{screening.definition} {screening.definition_version}"
    return f"{words} ({language})" if language else words


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
            wording=wording_of(screening, questionnaire.consent.language),
            by=by,
        )


def withdraw_consents(
    screening: Screening,
    by: Membership,
    *,
    how: str = _("The screening was recorded in error"),
    until: datetime | None = None,
) -> list[Consent]:
    """What was agreed at a screening recorded in error may be somebody else's word: every consent given in the
    same words from then on, or `until` then, is withdrawn, and the person is asked again. Gives those."""
    given = Consent.objects.filter(
        Q(wording=wording_of(screening)) | Q(wording__startswith=f"{wording_of(screening)} ("),
        service_user=screening.service_user_id,
        given_at__gte=screening.submitted_at,
        withdrawn_at=None,
    )
    if until:
        given = given.filter(given_at__lt=until)
    return [
        people.withdraw_consent(consent=consent, how=str(how), by=by)
        for consent in given.exclude(choice=Consent.Choice.NO)
    ]
