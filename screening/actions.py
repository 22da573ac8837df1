"""The one write path of screening: start, save answers, submit or stop, void; and what was decided about needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from accounts import audit, clock
from accounts.errors import AlreadyChanged, InvalidInput, NotPossibleNow
from accounts.models import Membership
from people import actions as people
from people.facts import words
from people.models import Consent, ServiceUser
from screening import consequences, questionnaire, sitting
from screening.models import Need, NeedDecision, Screening
from screening.questionnaire import Questionnaire
from screening.responses import Conflict, answers_of, merge, response_to
from screening.result import Result

DEFINITION = "getting-online"
TRIES = 5
CHANGED = "Somebody else changed this screening while you were working on it. Nothing was written over."


# --- Start ------------------------------------------------------------------------------------------------


@transaction.atomic
def start(
    *,
    service_user: ServiceUser,
    by: Membership,
    form: str = Screening.Form.FULL,
    answered_by: str = Screening.AnsweredBy.PERSON,
    how: str = Screening.How.FACE_TO_FACE,
    on_paper_on: date | None = None,
    definition: str = DEFINITION,
) -> Screening:
    """A new draft of the newest version, or the one that is open already: a person has one at a time."""
    asked = questionnaire.latest(definition)
    open_draft = Screening.objects.drafts().filter(service_user=service_user, definition=definition)
    if found := open_draft.first():
        return found
    screening = sitting.new(service_user, asked, by, form, answered_by, how, on_paper_on)
    try:
        with transaction.atomic():
            screening.save(force_insert=True)
    except IntegrityError:
        return open_draft.get()
    audit.record("start_screening", by=by, subject=screening, form=form)
    return screening


@transaction.atomic
def change_form(*, screening: Screening, form: str, by: Membership) -> None:
    """Time runs short, or there is some after all: answers given so far stay."""
    if form not in Screening.Form:
        raise InvalidInput("Choose all questions or the short form.")
    if not Screening.objects.drafts().filter(pk=screening.pk).update(form=form):
        raise sitting.no_longer_open(screening)
    screening.form = form
    audit.record("change_screening_form", by=by, subject=screening, form=form)


# --- Answers ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Saved:
    """`screening` as it stands now; `others`: items that somebody else changed since the version that was seen."""

    screening: Screening
    changed: tuple[str, ...]
    others: tuple[str, ...]
    conflicts: tuple[Conflict, ...]


@transaction.atomic
def save_answers(
    *, screening: Screening, answers: Mapping[str, Any], version: int, by: Membership, together: bool = True
) -> Saved:
    """Saves what differs; the same answers again change nothing. `version` is the one that the sender saw.

    Answers to items that nobody else touched since are saved; one that differs from somebody else's is handed
    back as a conflict. With `together=False` any change since `version` refuses the whole (AlreadyChanged).
    "Yes, right now" stops the screening in the same breath: it comes back paused, with its result.
    """
    asked = sitting.definition_of(screening)
    sitting.check(asked, answers)
    for _ in range(TRIES):
        fresh = Screening.objects.select_related("service_user").get(pk=screening.pk)
        if not fresh.is_draft:
            raise sitting.no_longer_open(fresh)
        if version != fresh.version and not together:
            raise AlreadyChanged(CHANGED, state=f"version {fresh.version}")
        now = clock.now().isoformat()
        merged = merge(fresh.responses, answers, seen=version, version=fresh.version + 1, at=now)
        if not merged.changed:
            return Saved(fresh, (), merged.others, merged.conflicts)
        if sitting.replace(fresh, responses=merged.responses):
            audit.record("save_answers", by=by, subject=fresh, items=list(merged.changed))
            _stop_if_distressed(fresh, asked, by)
            return Saved(fresh, merged.changed, merged.others, merged.conflicts)
    raise AlreadyChanged(CHANGED)


def save_section(
    *, screening: Screening, section: str, answers: Mapping[str, Any], version: int, by: Membership
) -> Saved:
    """As `save_answers`, for one page of questions: answers to items of another are refused."""
    items = {item.code for item in sitting.definition_of(screening).section(section).items}
    if stray := set(answers) - items:
        raise InvalidInput(f"{', '.join(sorted(stray))} is not asked on this page.")
    return save_answers(screening=screening, answers=answers, version=version, by=by)


# --- Submit and stop --------------------------------------------------------------------------------------


def submit(*, screening: Screening, by: Membership, version: int | None = None) -> Screening:
    """Freezes the answers with their result, and lets follow what follows; a second time changes nothing.

    `version`, where given, is the one that was checked before submitting: AlreadyChanged if answers came since.
    """
    return _finish(screening, by, version, lambda result: None)


def stop_now(*, screening: Screening, by: Membership) -> Screening:
    """Keeps what was given, with the result so far, as paused. Only for distress now."""

    def must_stop(result: Result) -> None:
        if not sitting.stops(result):
            raise NotPossibleNow("Nothing in the answers asks to stop now. Close the page: it can be resumed.")

    return _finish(screening, by, None, must_stop)


@transaction.atomic
def _finish(
    screening: Screening, by: Membership, version: int | None, guard: Callable[[Result], None]
) -> Screening:
    for _ in range(TRIES):
        fresh = Screening.objects.select_related("service_user", "team").get(pk=screening.pk)
        if fresh.status in (Screening.Status.SUBMITTED, Screening.Status.PAUSED):
            return fresh
        if not fresh.is_draft:
            raise sitting.no_longer_open(fresh)
        if version not in (None, fresh.version):
            raise AlreadyChanged("Answers were changed since you checked them. Look at them again.")
        asked = sitting.definition_of(fresh)
        fields, result = sitting.outcome(fresh, asked, by)
        guard(result)
        if sitting.replace(fresh, **fields):
            _follow_up(fresh, asked, result, by)
            return fresh
    raise AlreadyChanged(CHANGED)


def _stop_if_distressed(screening: Screening, asked: Questionnaire, by: Membership) -> None:
    fields, result = sitting.outcome(screening, asked, by)
    if sitting.stops(result) and sitting.replace(screening, **fields):
        _follow_up(screening, asked, result, by)


def _follow_up(screening: Screening, asked: Questionnaire, result: Result, by: Membership) -> None:
    raised = consequences.raise_needs(screening, asked, result)
    consequences.set_contact_plan(screening, asked, result, by)
    consequences.record_consent(screening, asked, screening.responses, by)
    audit.record(f"screening_{screening.status}", by=by, subject=screening, needs=len(raised))


@transaction.atomic
def record(
    *,
    service_user: ServiceUser,
    answers: Mapping[str, Any],
    by: Membership,
    asked: Questionnaire,
    submit: bool,
    form: str = Screening.Form.FULL,
    answered_by: str = Screening.AnsweredBy.PERSON,
    how: str = Screening.How.FACE_TO_FACE,
    on_paper_on: date | None = None,
) -> Screening:
    """A whole screening at once, submitted or as a draft; with one insert, for it is the hottest write we have."""
    sitting.check(asked, answers)
    screening = sitting.new(service_user, asked, by, form, answered_by, how, on_paper_on)
    now = clock.now().isoformat()
    screening.responses = {code: response_to(answer, at=now, version=1) for code, answer in answers.items()}
    fields, result = sitting.outcome(screening, asked, by)
    finished = submit or sitting.stops(result)
    for name, value in fields.items() if finished else ():
        setattr(screening, name, value)
    try:
        with transaction.atomic():
            screening.save(force_insert=True)
    except IntegrityError as error:
        raise NotPossibleNow(
            "This person already has a screening that is being filled in. Finish that one, or change its answers.",
            state="draft",
        ) from error
    if finished:
        _follow_up(screening, asked, result, by)
    else:
        audit.record("start_screening", by=by, subject=screening, form=form)
    return screening


@transaction.atomic
def carry_on(*, screening: Screening, by: Membership) -> Screening:
    """A stopped screening goes on, another day or after a slip: a new draft with what was answered, but for the
    answer that stopped it. The stopped one stays as it is. A draft that is open already is not touched."""
    if screening.status != Screening.Status.PAUSED:
        raise NotPossibleNow("Only a screening that was stopped can be carried on.", state=screening.status)
    draft = start(
        service_user=screening.service_user,
        by=by,
        form=screening.form,
        how=screening.how,
        definition=screening.definition,
    )
    stopped_by = {
        code
        for suggestion in (screening.result or {}).get("suggestions", [])
        if suggestion["support"] == sitting.PAUSE
        for code in suggestion["because"]
    }
    if not draft.responses:
        kept = {code: answer for code, answer in screening.responses.items() if code not in stopped_by}
        known = {item.code for item in sitting.definition_of(draft).items}
        answers = {code: answer for code, answer in answers_of(kept).items() if code in known}
        draft = save_answers(screening=draft, answers=answers, version=draft.version, by=by).screening
    return draft


@transaction.atomic
def void(*, screening: Screening, reason: str, by: Membership) -> Screening:
    """Recorded in error: kept, but it counts for nothing. Needs that it closed or carried stand as before; the
    contact plan and consent that came from it no longer let anybody be contacted or told."""
    reason = words("reason", reason, 1000)
    if not reason:
        sentence = "Say why the screening was recorded in error."
        raise InvalidInput(sentence, fields={"reason": sentence})
    voided = {"status": Screening.Status.VOID, "voided_at": clock.now(), "voided_by": by, "void_reason": reason}
    fresh = Screening.objects.select_related("service_user").get(pk=screening.pk)
    if fresh.status == Screening.Status.VOID:
        raise NotPossibleNow("This screening is void already.", state=fresh.status)
    if not Screening.objects.filter(pk=fresh.pk, status=fresh.status).update(**voided):
        raise AlreadyChanged(CHANGED)
    if fresh.submitted_at:
        consequences.put_needs_back(fresh)
        consequences.forget_contact_plan(fresh, by)
        consequences.withdraw_consents(fresh, by)
    audit.record("void_screening", by=by, subject=fresh)
    fresh.refresh_from_db()
    return fresh


# --- What the person decided ------------------------------------------------------------------------------


@transaction.atomic
def decide(*, screening: Screening, rule: str, decision: str, by: Membership, reason: str = "") -> list[Need]:
    """Agreed, not now or declined, for every need of one suggestion. The same decision again adds nothing."""
    reason = words("reason", reason, 300)
    sitting.check_decision(decision, reason)
    needs = sitting.needs_of_suggestion(screening, rule)
    now = clock.now()
    changed = [need for need in needs if (need.decision, need.decision_reason) != (decision, reason)]
    for need in changed:
        need.decision, need.decision_reason, need.decided_at, need.decided_by = decision, reason, now, by
    Need.objects.bulk_update(changed, ["decision", "decision_reason", "decided_at", "decided_by"])
    NeedDecision.objects.bulk_create(
        NeedDecision(need=need, decision=decision, reason=reason, at=now, by=by) for need in changed
    )
    if changed:
        codes = [need.code for need in changed]
        audit.record("decide_needs", by=by, subject=screening, rule=rule, needs=codes, decision=decision)
    return needs


def record_consent(*, screening: Screening, choice: str, how: str, by: Membership) -> Consent:
    """The consent step of the definition, put to the person after the result was talked through."""
    return people.record_consent(
        service_user=screening.service_user,
        choice=choice,
        how=how,
        wording=consequences.wording_of(screening),
        by=by,
    )
