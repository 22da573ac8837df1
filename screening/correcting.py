"""A correction: a new version of a submitted screening, and what follows when it takes the other's place.

`correct` is an action; the rest is called by screening/actions.py only, in its transaction.
"""

from typing import cast

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import audit, clock
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.models import Membership
from people import actions as people
from people.facts import words
from screening import consequences, corrected_consent, corrected_contact, sitting
from screening.models import Need, NeedDecision, RuleChoice, Screening
from screening.questionnaire import Questionnaire
from screening.result import Result


@transaction.atomic
def correct(*, screening: Screening, reason: str, by: Membership) -> Screening:
    """A draft with the same answers, definition, sitting and dates, to be put right and submitted.

    The screening itself stays as it is, and counts until the draft is submitted. NotPossibleNow where somebody is
    correcting it already, or it no longer counts.
    """
    reason = words("reason", reason, 300)
    if not reason:
        sentence = _("Say what was wrong, and how you know.")
        raise InvalidInput(sentence, fields={"reason": sentence})
    wrong = Screening.objects.select_related("service_user").get(pk=screening.pk)
    if not wrong.counts:
        raise NotPossibleNow(_not_correctable(wrong), state=wrong.status)
    draft = _copy(wrong, reason, by)
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError as error:
        raise NotPossibleNow(
            _("Somebody is correcting this screening already. Go on with that, or discard it first."),
            state="draft",
        ) from error
    audit.record("correct_screening", by=by, subject=wrong, correction=str(draft.pk))
    return draft


def _not_correctable(screening: Screening) -> str:
    if screening.is_draft:
        return _("This screening is not submitted yet: change its answers.")
    if screening.status == Screening.Status.SUPERSEDED:
        return _("This screening has been corrected already. Correct the one that took its place.")
    return _("This screening was recorded in error, and counts for nothing. Start a new one.")


def _copy(wrong: Screening, reason: str, by: Membership) -> Screening:
    return Screening(
        service_user=wrong.service_user,
        team_id=wrong.team_id,
        definition=wrong.definition,
        definition_version=wrong.definition_version,
        responses={code: {**response, "v": 1} for code, response in wrong.responses.items()},
        goal_in_words=wrong.goal_in_words,
        goal_version=1,
        started_at=wrong.started_at,
        started_by=by,
        corrects=wrong,
        correction_reason=reason,
        **{name: getattr(wrong, name) for name in sitting.FACTS},
    )


# --- When it is submitted ---------------------------------------------------------------------------------


def take_over(screening: Screening, asked: Questionnaire, result: Result, by: Membership) -> list[Need]:
    """The correction counts from here on, in the place of what it corrects; gives the needs that it raised."""
    wrong = _corrected_by(screening)
    replaced = Screening.objects.submitted().filter(pk=wrong.pk)
    if not replaced.update(status=Screening.Status.SUPERSEDED):
        raise NotPossibleNow(
            _("The screening that this corrects no longer counts, so there is nothing to correct. Discard this."),
            state=wrong.status,
        )
    raised = _take_needs(screening, wrong, result)
    _repeat_choices(wrong, screening)
    consequences.replay_needs(screening.service_user_id)
    plan = corrected_contact.plan_after(screening, wrong, asked, result)
    if plan is not None:
        people.set_contact_plan(service_user=screening.service_user, plan=plan, source_id=str(screening.pk), by=by)
    corrected_consent.put_right(screening, wrong, asked, by)
    audit.record("screening_superseded", by=by, subject=wrong, correction=str(screening.pk))
    return raised


def _corrected_by(correction: Screening) -> Screening:
    return cast(Screening, correction.corrects)


def _take_needs(screening: Screening, wrong: Screening, result: Result) -> list[Need]:
    """Rows are carried on with what was decided; those that only the error had raised are closed as such."""
    old = {need.code: need for need in wrong.needs.all()}
    closed_by_error = {need.code: need for need in wrong.needs_resolved.filter(decision=Need.Decision.AGREED)}
    raised = Need.objects.bulk_create(
        with_decision(
            Need(screening=screening, service_user_id=screening.service_user_id, code=code, because=list(because)),
            old.get(code, closed_by_error.get(code)),
        )
        for code, because in result.because.items()
    )
    for need in raised:
        if need.code in old:
            _repeat_decisions(old[need.code], need)
            Need.objects.filter(pk=old[need.code].pk).update(
                carried_to=need, resolved_at=None, resolved_by_screening=None
            )
    wrong.needs.exclude(code__in=result.because).update(
        carried_to=None, resolved_at=clock.now(), resolved_by_screening=screening, raised_in_error=True
    )
    return raised


def with_decision(need: Need, old: Need | None) -> Need:
    if old is not None:
        for name in ("decision", "decision_reason", "decided_at", "decided_by_id", "ask_again_on"):
            setattr(need, name, getattr(old, name))
    return need


AS_MADE = ("decision", "reason", "ask_again_on", "at", "by_id")
AS_CHOSEN = ("rule", "chosen", "at", "by_id")


def _repeat_decisions(old: Need, need: Need) -> None:
    """As they were made, by whom, and when; those that the need has already are left out."""
    has = set(need.decisions.values_list(*AS_MADE))
    NeedDecision.objects.bulk_create(
        NeedDecision(need=need, **made)
        for made in old.decisions.values(*AS_MADE)
        if tuple(made.values()) not in has
    )


def _repeat_choices(old: Screening, screening: Screening) -> None:
    """Where its answers leave a choice, too; those that it has already are left out."""
    suggestions = (screening.result or {}).get("suggestions", [])
    left = [one["rule"] for one in suggestions if one["clinician_choice"]]
    has = set(screening.choices.values_list(*AS_CHOSEN))
    RuleChoice.objects.bulk_create(
        RuleChoice(screening=screening, **made)
        for made in old.choices.filter(rule__in=left).values(*AS_CHOSEN)
        if tuple(made.values()) not in has
    )


# --- When the correction itself was an error --------------------------------------------------------------


def give_back(correction: Screening) -> None:
    """What it corrected counts again, with what was decided meanwhile."""
    wrong = _corrected_by(correction)
    superseded = Screening.objects.filter(pk=wrong.pk, status=Screening.Status.SUPERSEDED)
    superseded.update(status=sitting.status_by(wrong))
    wrong.needs.filter(raised_in_error=True).update(
        raised_in_error=False, resolved_at=None, resolved_by_screening=None
    )
    decided = {need.code: need for need in correction.needs.all()}
    for need in wrong.needs.filter(code__in=decided):
        with_decision(need, decided[need.code]).save(
            update_fields=["decision", "decision_reason", "decided_at", "decided_by", "ask_again_on"]
        )
        _repeat_decisions(decided[need.code], need)
    _repeat_choices(correction, wrong)
