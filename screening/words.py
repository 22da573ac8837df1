"""The words on screen for the codes of a screening. Pure."""

from collections.abc import Collection, Mapping
from typing import Any

from screening.questionnaire import Item
from screening.result import Response
from screening.terms import Kind, Level, State

LEVELS = {
    Level.HIGH: "High",
    Level.SOME: "Some",
    Level.AT_LEAST_SOME: "At least some (not everything is known)",
    Level.NONE: "None found",
    Level.NOT_KNOWN: "Not known",
}

PREFER_NOT, DONT_KNOW, NOT_ASKED = "Rather not say", "Don’t know", "Not asked"
STATES: dict[str, str] = {
    State.PREFER_NOT: PREFER_NOT,
    State.DONT_KNOW: DONT_KNOW,
    State.NOT_ASKED: NOT_ASKED,
    State.SKIPPED: "Does not apply",
    State.MISSING: "No answer yet",
}

NOT_ALONE = "not_alone"
REASONS = {
    "ran_out_of_time": "Ran out of time",
    "unwell_today": "Unwell today",
    NOT_ALONE: "Not alone",
    "no_interpreter": "No interpreter",
    "already_in_record": "Already in the record",
    "paused": "Paused",
    "other": "Another reason",
}

HOLDS = {
    "distress_now": "On hold: there is distress now. Nothing digital is offered today. Try another day.",
    "not_now": "On hold: the person does not want this now. Ask again in six months; the person may ask sooner.",
    "safeguarding": "On hold until the private conversation has taken place.",
    "feels_watched": "On hold while this makes the person feel watched. The person decides when.",
}

CONTACT = {
    "distress_now": "There is distress now: nothing is sent automatically.",
    "safeguarding": "Somebody may see or control what is sent: nothing is sent automatically.",
    "not_asked": "Safe contact was not asked about: nobody may contact the person until it is.",
    "feels_watched": "The person feels watched, and did not say which contact feels all right: "
    "nothing is sent automatically.",
}
NO_WAY = "No way of contact is all right at the moment. Agree on one before the person leaves."

CLINICIAN_CHOICE = (
    "Choose with the person. Is it worry about scams, which a session can help with (R16)? Or does the person "
    "feel watched? Then keep to the contact that they chose (R04), and do not treat it as a lesson about scams."
)


def not_asked(reason: str) -> str:
    return REASONS.get(reason, reason.replace("_", " ").capitalize())


def hold(code: str | None) -> str:
    return HOLDS.get(code, f"On hold: {code.replace('_', ' ')}.") if code else ""


def contact(contact: Mapping[str, Any]) -> str:
    """What is not safe about contact, from a result; "" where nothing is."""
    if contact["reason"] in CONTACT:
        return CONTACT[contact["reason"]]
    return "" if contact["allowed"] else NO_WAY


def answer(item: Item, value: Any, only: Collection[str] = ()) -> str:
    """A whole value in one line; with `only`, just those ticks or rows whose code is among them, if any is."""
    label = item.label_for(_those(item, value, only) or value)
    if item.kind == Kind.GRID:
        return "; ".join(f"{row}: {said}" for row, said in label.items())
    return "; ".join(label) if isinstance(label, list) else label


def _those(item: Item, value: Any, only: Collection[str]) -> Any:
    if item.kind == Kind.MULTI:
        return [code for code in value if code in only]
    if item.kind == Kind.GRID:
        return {row: code for row, code in value.items() if code in only}
    return None


def given(item: Item, answered: Any) -> str:
    """Any answer in the instrument's form, whole or not, in one line: for showing back what was typed."""
    if isinstance(answered, Mapping) and "state" in answered:
        return state(answered["state"], answered.get("reason"))
    return answer(item, answered) if answered and not item.choices.fault(answered) else STATES[State.MISSING]


def state(state: str, reason: str | None = None) -> str:
    said = STATES.get(state, state)
    return f"{said}: {not_asked(reason).lower()}" if reason else said


def standing(item: Item, response: Response, only: Collection[str] = ()) -> str:
    """How an item stands, in one line; `only` as for `answer`."""
    if response.counts:
        said = answer(item, response.value, only)
        return f"{said} (worked out: {response.reason})" if response.state == State.DERIVED else said
    return state(response.state, response.reason)
