"""Words for the codes of an indicator's rows, in the order of a table and the language of the reader."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

from accounts.wording import gettext_lazy as _
from directory import kinds
from directory.models import UnmetNeed
from people.groups import GROUPINGS
from referrals import reasons
from referrals.states import Status
from reports.answers import MEASURES
from reports.indicators.equity import TEAM
from reports.indicators.reviewing import WEEKS
from screening import questionnaire
from screening.terms import HOW_TO_LEARN, State
from screening.words import LEVELS, REASONS, STATES

Map = Mapping[str, str]


def _asked() -> questionnaire.Questionnaire:
    return questionnaire.the_screening(get_language() or "")


def themes() -> Map:
    return {theme.code: theme.title for theme in _asked().themes}


def levels() -> Map:
    return {str(code): words for code, words in LEVELS.items()}


def statuses() -> Map:
    return {status.code: status.title for status in _asked().statuses}


def needs() -> Map:
    return {need.code: need.title for need in _asked().needs}


def rules() -> Map:
    """By the needs that a rule is for: its own sentence is written for the clinician beside the person."""
    asked = _asked()
    return {rule.id: ", ".join(asked.need_title(need) for need in rule.needs) for rule in asked.rules}


def formats() -> Map:
    item = _asked().named(HOW_TO_LEARN)
    return {option.code: option.label for option in item.options} if item else {}


def support() -> Map:
    return kinds.TITLES


def unmet_reasons() -> Map:
    return {code: str(words).lower() for code, words in UnmetNeed.Reason.choices}


def districts() -> Map:
    """They are their own words."""
    return {"": _("District not known")}


def gaps() -> Map:
    """States of a question without an answer; one that was not asked, with why."""
    plain = {
        str(state): STATES[state] for state in (State.PREFER_NOT, State.DONT_KNOW, State.MISSING, State.NOT_ASKED)
    }
    why = {f"{State.NOT_ASKED}:{code}": words for code, words in REASONS.items()}
    return {**plain, **{code: f"{STATES[State.NOT_ASKED]}: {words}" for code, words in why.items()}}


def referral_states() -> Map:
    return {state: state.label for state in Status if state is not Status.ENTERED_IN_ERROR}


def ends() -> Map:
    return {**{state: state.label for state in ENDS}, "open": _("Not ended by then")}


ENDS = (Status.CLOSED, Status.REROUTED, Status.WITHDRAWN, Status.CANCELLED)


def end_reasons() -> Map:
    coded = (*reasons.OUTCOME, *reasons.DECLINE, *reasons.CANCEL)
    return {**{one.code: one.label for one in coded}, "own": _("A reason of your own")}


def weeks() -> Map:
    return {str(number): _("At %(weeks)s weeks") % {"weeks": number} for number in WEEKS}


def review_results() -> Map:
    return {
        "in_window": _("Done in its time"),
        "outside": _("Done, but too early or too late"),
        "not_reached": _("Tried, and not reached"),
        "not_needed": _("No longer needed"),
        "not_done": _("Not done"),
    }


def measures() -> Map:
    return {name: MEASURED[name] for name in MEASURES}


MEASURED = {
    "use": _("How often people go online"),
    "tasks": _("First tasks that people can do on their own"),
    "access": _("A device of their own and a way to connect"),
    "affordable": _("Never ran out of data or credit"),
    "confidence": _("Confidence"),
    "knows_help": _("Knows where to get help"),
}


def directions() -> Map:
    return {"better": _("Better"), "same": _("The same"), "worse": _("Worse"), "not_known": _("Not known")}


def decisions() -> Map:
    return {
        "agreed": _("Agreed"),
        "not_now": _("Not now"),
        "declined": _("Declined"),
        "undecided": _("Not talked about yet"),
    }


def incidents() -> Map:
    return {
        "distress": _("Upset by something online, on the phone or in the help"),
        "scam": _("Tricked, or money taken"),
        "debt": _("Owes money because of a phone or going online"),
        "device_loss": _("A phone or other device lost, broken or taken"),
        "contact_breach": _("A message was seen, or contact was not as agreed"),
    }


def messages() -> Map:
    return {"messages": _("Messages sent against a contact plan")}


def stages() -> Map:
    return {
        "screened": _("Screened"),
        "agreed": _("Agreed to something"),
        "referred": _("Referred"),
        "acknowledged": _("Acknowledged by the provider"),
        "reached": _("Reached, both ways"),
        "ended": _("Closed with an outcome"),
        "resolved": _("A need resolved at the review"),
    }


def groupings() -> Map:
    return {**{code: grouping.title for code, grouping in GROUPINGS.items()}, TEAM: _("Team")}


def no_words() -> Map:
    return {}


@dataclass(frozen=True)
class Rows:
    """Words for both parts of a code, "row:column"; a code without words stands for itself. `in_order`: every row
    is shown, also without anybody in it, and in this order; otherwise by size."""

    rows: Callable[[], Map]
    columns: Callable[[], Map] = no_words
    in_order: bool = False


ROWS = {
    "levels": Rows(themes, levels, in_order=True),
    "status": Rows(statuses, in_order=True),
    "needs": Rows(needs),
    "gaps": Rows(gaps),
    "decisions": Rows(decisions, in_order=True),
    "declined_by_rule": Rows(rules),
    "states": Rows(referral_states, in_order=True),
    "loop_outcomes": Rows(ends, end_reasons),
    "unmet": Rows(support, unmet_reasons),
    "unmet_area": Rows(districts, support),
    "unmet_format": Rows(support, formats),
    "follow_up_results": Rows(weeks, review_results, in_order=True),
    "change": Rows(measures, directions, in_order=True),
    "against_plan": Rows(messages, in_order=True),
    "incidents": Rows(incidents, in_order=True),
    "funnel": Rows(stages, in_order=True),
    **dict.fromkeys(
        ("equity_coverage", "equity_acted_on", "equity_started", "equity_needs_resolved"),
        Rows(groupings, in_order=True),
    ),
}
"""By the code of the indicator."""
