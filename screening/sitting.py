"""One sitting as a row: its definition, what may be put into it, and how it is swapped for its next version.

Helpers of screening/actions.py, which alone calls them to write.
"""

from datetime import date
from typing import Any

from accounts import clock
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.models import Membership
from people.models import ServiceUser
from screening import questionnaire, scoring
from screening.models import Need, Screening
from screening.questionnaire import Questionnaire
from screening.responses import answers_of, with_the_rest_not_asked
from screening.result import Result

PAUSE = "pause"
"""The kind of support whose suggestion stops the questions at once."""


def definition_of(screening: Screening) -> Questionnaire:
    return questionnaire.get(screening.definition, screening.definition_version)


def new(
    service_user: ServiceUser,
    asked: Questionnaire,
    by: Membership,
    form: str,
    answered_by: str,
    how: str,
    on_paper_on: date | None,
) -> Screening:
    _check_sitting(form, answered_by, how, on_paper_on)
    return Screening(
        service_user=service_user,
        team=by.team,
        definition=asked.id,
        definition_version=asked.version,
        form=form,
        answered_by=answered_by,
        how=how,
        on_paper_on=on_paper_on,
        started_by=by,
    )


def _check_sitting(form: str, answered_by: str, how: str, on_paper_on: date | None) -> None:
    wrong = {}
    if form not in Screening.Form:
        wrong["form"] = "Choose all questions or the short form."
    if answered_by not in Screening.AnsweredBy:
        wrong["answered_by"] = "Choose who answers."
    if how not in Screening.How:
        wrong["how"] = "Choose how you are talking."
    if (answered_by == Screening.AnsweredBy.FROM_PAPER) != (on_paper_on is not None):
        wrong["on_paper_on"] = "Enter the day that the paper form was filled in, and only for a paper form."
    elif on_paper_on and on_paper_on > clock.today():
        wrong["on_paper_on"] = "The day that the paper form was filled in cannot be in the future."
    if wrong:
        raise InvalidInput(" ".join(wrong.values()), fields=wrong)


def check(asked: Questionnaire, answers: Any) -> None:
    """InvalidInput with one sentence an item, for answers that the definition does not know."""
    consent = asked.consent
    rest = {code: answer for code, answer in answers.items() if code != consent.code}
    wrong = {fault.item: fault.message for fault in scoring.check_answers(asked, rest)}
    if consent.code in answers and answers[consent.code] not in [option.code for option in consent.options]:
        wrong[consent.code] = f"The answer must be one of: {', '.join(o.code for o in consent.options)}."
    if wrong:
        sentences = [f"{code}: {message}" for code, message in wrong.items()]
        raise InvalidInput(" ".join(sentences), fields=wrong)


def replace(screening: Screening, **fields: Any) -> bool:
    """Compare-and-swap on the version; False where somebody else was first. `screening` then has the fields."""
    found = Screening.objects.drafts().filter(pk=screening.pk, version=screening.version)
    if not found.update(version=screening.version + 1, **fields):
        return False
    screening.version += 1
    for name, value in fields.items():
        setattr(screening, name, value)
    return True


def no_longer_open(screening: Screening) -> NotPossibleNow:
    return NotPossibleNow(
        "This screening is no longer open, so its answers cannot be changed. To correct one, start a new one.",
        state=screening.status,
    )


def stops(result: Result) -> bool:
    """The person says that it is happening right now: no more questions today."""
    return any(suggestion.support == PAUSE for suggestion in result.suggestions)


def outcome(screening: Screening, asked: Questionnaire, by: Membership) -> tuple[dict[str, Any], Result]:
    """What a draft gets when it is submitted, and the result that its needs come from."""
    now, responses = clock.now(), screening.responses
    if screening.form == Screening.Form.SHORT:
        responses = with_the_rest_not_asked(asked, responses, at=now.isoformat(), version=screening.version + 1)
    result = scoring.score(asked, answers_of(responses))
    fields = {
        "status": Screening.Status.PAUSED if stops(result) else Screening.Status.SUBMITTED,
        "responses": responses,
        "result": result.as_dict(),
        "scoring_version": scoring.SCORING_VERSION,
        "submitted_at": now,
        "submitted_by": by,
    }
    return fields, result


def check_decision(decision: str, reason: str) -> None:
    wrong = {}
    if decision not in set(Need.Decision) - {Need.Decision.UNDECIDED}:
        wrong["decision"] = "Choose agreed, not now or declined."
    if decision == Need.Decision.DECLINED and not reason:
        wrong["reason"] = "Say why the person declined, in their words if you can."
    if wrong:
        raise InvalidInput(" ".join(wrong.values()), fields=wrong)


def needs_of_suggestion(screening: Screening, rule: str) -> list[Need]:
    suggestions = (screening.result or {}).get("suggestions", [])
    codes = [code for one in suggestions if one["rule"] == rule for code in one["needs"]]
    if not codes:
        raise InvalidInput("This screening does not suggest that.")
    needs = list(Need.objects.open().filter(screening=screening, code__in=codes).select_related("screening"))
    if not needs:
        raise NotPossibleNow(
            "A later screening has taken this up, or settled it. Decide there.", state=screening.status
        )
    return needs
