"""One sitting as a row: its definition, what may be put into it, and how it is swapped for its next version.

Helpers of screening/actions.py, which alone calls them to write.
"""

from datetime import date
from typing import Any, TypedDict

from django.utils.translation import get_language

from accounts import clock
from accounts.errors import InvalidInput, NotPossibleNow
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from people.facts import words
from people.models import ServiceUser
from screening import questionnaire, scoring
from screening.models import Need, Screening
from screening.questionnaire import Questionnaire
from screening.responses import answers_of, with_the_rest_not_asked
from screening.result import Result
from screening.terms import OWN_GOAL

CHANGED = _("Somebody else changed this screening while you were working on it. Nothing was written over.")
PAUSE = "pause"
"""The kind of support whose suggestion stops the questions at once."""


def definition_of(screening: Screening) -> Questionnaire:
    """In the reader's language: codes, points and rules are the same in each."""
    return questionnaire.get(screening.definition, screening.definition_version, get_language() or "")


class Facts(TypedDict, total=False):
    """How a sitting was held. `helped_by`: from whom the person had help; `interpreter` "" where nobody says."""

    form: str
    answered_by: str
    helped_by: str
    how: str
    interpreter: str
    interpreter_language: str
    on_paper_on: date | None


FACTS = tuple(Facts.__annotations__)


def new(service_user: ServiceUser, asked: Questionnaire, by: Membership, facts: Facts) -> Screening:
    """InvalidInput, with a sentence a field, for facts that do not go together."""
    screening = Screening(
        service_user=service_user,
        team=by.team,
        definition=asked.id,
        definition_version=asked.version,
        started_by=by,
        **facts,
    )
    screening.helped_by = words("helped_by", screening.helped_by, 200)
    screening.interpreter_language = words("interpreter_language", screening.interpreter_language, 60)
    if wrong := {**_wrong_choices(screening), **_wrong_together(screening)}:
        raise InvalidInput.in_fields(wrong)
    return screening


def _wrong_choices(screening: Screening) -> dict[str, str]:
    choices = {
        "form": (Screening.Form, _("Choose all questions or the short form.")),
        "answered_by": (Screening.AnsweredBy, _("Choose who answers.")),
        "how": (Screening.How, _("Choose how you are talking.")),
        "interpreter": ({"", *Screening.Interpreter}, _("Choose whether there is an interpreter.")),
    }
    return {field: told for field, (known, told) in choices.items() if getattr(screening, field) not in known}


def _wrong_together(screening: Screening) -> dict[str, str]:
    wrong, on_paper_on = {}, screening.on_paper_on
    if (screening.answered_by == Screening.AnsweredBy.FROM_PAPER) != (on_paper_on is not None):
        wrong["on_paper_on"] = _("Enter the day that the paper form was filled in, and only for a paper form.")
    elif on_paper_on and on_paper_on > clock.today():
        wrong["on_paper_on"] = _("The day that the paper form was filled in cannot be in the future.")
    if (screening.answered_by == Screening.AnsweredBy.WITH_HELP) != bool(screening.helped_by):
        wrong["helped_by"] = _("Say who helps, such as “her sister”, and only where the person has help.")
    if screening.interpreter == Screening.Interpreter.HELPED and not screening.interpreter_language:
        wrong["interpreter_language"] = _("Say which language the interpreter speaks.")
    if screening.interpreter in ("", Screening.Interpreter.NONE) and screening.interpreter_language:
        wrong["interpreter_language"] = _("Name a language only where an interpreter helps or was wanted.")
    return wrong


def check(asked: Questionnaire, answers: Any) -> None:
    """InvalidInput with one sentence an item, for answers that the definition does not know."""
    consent = asked.consent
    rest = {code: answer for code, answer in answers.items() if code != consent.code}
    wrong = {fault.item: fault.message for fault in scoring.check_answers(asked, rest)}
    if consent.code in answers and answers[consent.code] not in [option.code for option in consent.options]:
        wrong[consent.code] = _("The answer must be one of: %(codes)s.") % {
            "codes": ", ".join(o.code for o in consent.options)
        }
    if wrong:
        sentences = [f"{code}: {message}" for code, message in wrong.items()]
        raise InvalidInput(" ".join(sentences), fields=wrong)


GOAL_LENGTH = 300


def check_goal(asked: Questionnaire, goal: str) -> str:
    """The person's goal in their own words, tidied; refused where the definition does not ask for a goal."""
    tidy = words("goal_in_words", goal, GOAL_LENGTH)
    if tidy and asked.named(OWN_GOAL) is None:
        sentence = _("This questionnaire does not ask for the person’s own goal.")
        raise InvalidInput(sentence, fields={"goal_in_words": sentence})
    return tidy


def goal_after(screening: Screening, goal: str | None, *, seen: int) -> tuple[dict[str, Any], bool]:
    """What is to be written for a goal sent by somebody who saw version `seen`, and whether it is a conflict.

    As for answers: words that somebody else wrote since are never written over.
    """
    if goal is None or goal == screening.goal_in_words:
        return {}, False
    if screening.goal_version > seen:
        return {}, True
    return {"goal_in_words": goal, "goal_version": screening.version + 1}, False


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
        _("This screening is no longer open. To put an answer right, open its result and choose “Correct this”."),
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
        "submitted_at": screening.corrects.submitted_at if screening.corrects else now,
        "submitted_by": by,
        "corrected_at": now if screening.corrects else None,
    }
    return fields, result


def status_by(screening: Screening) -> Screening.Status:
    """The status that a screening with a result was submitted with."""
    suggested = (screening.result or {}).get("suggestions", [])
    paused = any(suggestion["support"] == PAUSE for suggestion in suggested)
    return Screening.Status.PAUSED if paused else Screening.Status.SUBMITTED


def check_decision(decision: str, reason: str) -> None:
    wrong = {}
    if decision not in set(Need.Decision) - {Need.Decision.UNDECIDED}:
        wrong["decision"] = _("Choose agreed, not now or declined.")
    if decision == Need.Decision.DECLINED and not reason:
        wrong["reason"] = _("Say why the person declined, in their words if you can.")
    if wrong:
        raise InvalidInput.in_fields(wrong)


def needs_of_suggestion(screening: Screening, rule: str) -> list[Need]:
    suggestions = (screening.result or {}).get("suggestions", [])
    codes = [code for one in suggestions if one["rule"] == rule for code in one["needs"]]
    if not codes:
        raise InvalidInput(_("This screening does not suggest that."))
    needs = list(Need.objects.open().filter(screening=screening, code__in=codes).select_related("screening"))
    if not needs:
        raise NotPossibleNow(
            _("A later screening has taken this up, or settled it. Decide there."), state=screening.status
        )
    return needs
