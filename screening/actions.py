"""The one write path of screening: start, save answers, submit or stop, void; and what was decided about needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Unpack

from django.db import IntegrityError, transaction

from accounts import audit, clock
from accounts.errors import AlreadyChanged, InvalidInput, NotPossibleNow
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from people.models import ServiceUser
from screening import consequences, correcting, questionnaire, sitting
from screening.correcting import correct
from screening.deciding import choose_rule, decide, record_consent
from screening.models import Screening
from screening.questionnaire import Questionnaire
from screening.responses import Conflict, answers_of, merge, response_to
from screening.result import Result
from screening.terms import OWN_GOAL
from screening.voiding import void

__all__ = [
    "Saved",
    "carry_on",
    "change_form",
    "choose_rule",
    "correct",
    "decide",
    "record",
    "record_consent",
    "save_answers",
    "save_section",
    "start",
    "stop_now",
    "submit",
    "void",
]

TRIES = 5


# --- Start ------------------------------------------------------------------------------------------------


@transaction.atomic
def start(
    *,
    service_user: ServiceUser,
    by: Membership,
    definition: str = "",
    **facts: Unpack[sitting.Facts],
) -> Screening:
    """A new draft of the newest version, or the one that is open already: a person has one at a time of each
    definition. `definition`: its id; without one, that of the screening."""
    asked = questionnaire.latest(definition) if definition else questionnaire.the_screening()
    open_draft = Screening.objects.drafts().filter(service_user=service_user, definition=asked.id, corrects=None)
    if found := open_draft.first():
        return found
    screening = sitting.new(service_user, asked, by, facts)
    try:
        with transaction.atomic():
            screening.save(force_insert=True)
    except IntegrityError:
        return open_draft.get()
    audit.record("start_screening", by=by, subject=screening, form=screening.form)
    return screening


@transaction.atomic
def change_form(*, screening: Screening, form: str, by: Membership) -> None:
    """Time runs short, or there is some after all: answers given so far stay."""
    if form not in Screening.Form:
        raise InvalidInput(_("Choose all questions or the short form."))
    if not Screening.objects.drafts().filter(pk=screening.pk).update(form=form):
        raise sitting.no_longer_open(screening)
    screening.form = form
    audit.record("change_screening_form", by=by, subject=screening, form=form)


# --- Answers ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Saved:
    """`screening` as it stands now; `others`: items that somebody else changed since the version that was seen.

    `goal`: the goal in words that was sent, where somebody else wrote other words meanwhile: theirs stand.
    """

    screening: Screening
    changed: tuple[str, ...]
    others: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    goal: str | None = None


@transaction.atomic
def save_answers(
    *,
    screening: Screening,
    answers: Mapping[str, Any],
    version: int,
    by: Membership,
    goal_in_words: str | None = None,
    together: bool = True,
) -> Saved:
    """Saves what differs; the same answers again change nothing. `version` is the one that the sender saw.

    Answers to items that nobody else touched since are saved; one that differs from somebody else's is handed
    back as a conflict. With `together=False` any change since `version` refuses the whole (AlreadyChanged).
    "Yes, right now" stops the screening in the same breath: it comes back paused, with its result.
    """
    asked = sitting.definition_of(screening)
    sitting.check(asked, answers)
    mine = None if goal_in_words is None else sitting.check_goal(asked, goal_in_words)
    for _try in range(TRIES):
        fresh = Screening.objects.select_related("service_user").get(pk=screening.pk)
        if not fresh.is_draft:
            raise sitting.no_longer_open(fresh)
        if version != fresh.version and not together:
            raise AlreadyChanged(sitting.CHANGED, state=f"version {fresh.version}")
        now = clock.now().isoformat()
        merged = merge(fresh.responses, answers, seen=version, version=fresh.version + 1, at=now)
        goal, refused = sitting.goal_after(fresh, mine, seen=version)
        saved = Saved(fresh, merged.changed, merged.others, merged.conflicts, mine if refused else None)
        if not merged.changed and not goal:
            return saved
        if sitting.replace(fresh, responses=merged.responses, **goal):
            audit.record("save_answers", by=by, subject=fresh, items=[*merged.changed, *list(goal)[:1]])
            _stop_if_distressed(fresh, asked, by)
            return saved
    raise AlreadyChanged(sitting.CHANGED)


def save_section(
    *,
    screening: Screening,
    section: str,
    answers: Mapping[str, Any],
    version: int,
    by: Membership,
    goal_in_words: str | None = None,
) -> Saved:
    """As `save_answers`, for one page of questions: answers to items of another are refused."""
    items = {item.code: item for item in sitting.definition_of(screening).section(section).items}
    if stray := answers.keys() - items:
        raise InvalidInput(_("%(stray)s is not asked on this page.") % {"stray": ", ".join(sorted(stray))})
    if goal_in_words is not None and not any(item.name == OWN_GOAL for item in items.values()):
        raise InvalidInput(_("The person's own goal is not asked on this page."))
    return save_answers(screening=screening, answers=answers, version=version, by=by, goal_in_words=goal_in_words)


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
            raise NotPossibleNow(_("Nothing in the answers asks to stop now. Close the page: it can be resumed."))

    return _finish(screening, by, None, must_stop)


@transaction.atomic
def _finish(
    screening: Screening, by: Membership, version: int | None, guard: Callable[[Result], None]
) -> Screening:
    for _try in range(TRIES):
        fresh = Screening.objects.select_related("service_user", "team", "corrects").get(pk=screening.pk)
        if fresh.submitted_at and fresh.status != Screening.Status.VOID:
            return fresh
        if not fresh.is_draft:
            raise sitting.no_longer_open(fresh)
        if version not in (None, fresh.version):
            raise AlreadyChanged(_("Answers were changed since you checked them. Look at them again."))
        asked = sitting.definition_of(fresh)
        fields, result = sitting.outcome(fresh, asked, by)
        guard(result)
        if sitting.replace(fresh, **fields):
            _follow_up(fresh, asked, result, by)
            return fresh
    raise AlreadyChanged(sitting.CHANGED)


def _stop_if_distressed(screening: Screening, asked: Questionnaire, by: Membership) -> None:
    """Not while an answer of another day is put right: what was happening then is not happening now."""
    if screening.corrects_id:
        return
    fields, result = sitting.outcome(screening, asked, by)
    if sitting.stops(result) and sitting.replace(screening, **fields):
        _follow_up(screening, asked, result, by)


def _follow_up(screening: Screening, asked: Questionnaire, result: Result, by: Membership) -> None:
    if screening.corrects:
        raised = correcting.take_over(screening, asked, result, by)
    else:
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
    goal_in_words: str = "",
    **facts: Unpack[sitting.Facts],
) -> Screening:
    """A whole screening at once, submitted or as a draft; with one insert, for it is the hottest write we have."""
    sitting.check(asked, answers)
    screening = sitting.new(service_user, asked, by, facts)
    screening.goal_in_words = sitting.check_goal(asked, goal_in_words)
    screening.goal_version = int(bool(screening.goal_in_words))
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
            _(
                "This person already has a screening that is being filled in. Finish that one, or "
                "change its answers."
            ),
            state="draft",
        ) from error
    if finished:
        _follow_up(screening, asked, result, by)
    else:
        audit.record("start_screening", by=by, subject=screening, form=screening.form)
    return screening


@transaction.atomic
def carry_on(*, screening: Screening, by: Membership) -> Screening:
    """A stopped screening goes on, another day or after a slip: a new draft with what was answered, but for the
    answer that stopped it. The stopped one stays as it is. A draft that is open already is not touched."""
    if screening.status != Screening.Status.PAUSED:
        raise NotPossibleNow(_("Only a screening that was stopped can be carried on."), state=screening.status)
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
