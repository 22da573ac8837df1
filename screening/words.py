"""The words on screen for the codes of a screening. Pure."""

from collections.abc import Collection, Mapping
from typing import Any

from accounts.wording import gettext_lazy as _
from screening.questionnaire import Item
from screening.result import Response
from screening.terms import NO_CHANNEL, Kind, Level, State

LEVELS = {
    Level.HIGH: _("High"),
    Level.SOME: _("Some"),
    Level.AT_LEAST_SOME: _("At least some (not everything is known)"),
    Level.NONE: _("None found"),
    Level.NOT_KNOWN: _("Not known"),
}

PREFER_NOT, DONT_KNOW, NOT_ASKED = _("Rather not say"), _("Don’t know"), _("Not asked")
STATES: dict[str, str] = {
    State.PREFER_NOT: PREFER_NOT,
    State.DONT_KNOW: DONT_KNOW,
    State.NOT_ASKED: NOT_ASKED,
    State.SKIPPED: _("Does not apply"),
    State.MISSING: _("No answer yet"),
}

NOT_ALONE = "not_alone"
REASONS = {
    "ran_out_of_time": _("Ran out of time"),
    "unwell_today": _("Unwell today"),
    NOT_ALONE: _("Not alone"),
    "no_interpreter": _("No interpreter"),
    "already_in_record": _("Already in the record"),
    "paused": _("Paused"),
    "other": _("Another reason"),
}

HOLDS = {
    "distress_now": _("On hold: there is distress now. Nothing digital is offered today. Try another day."),
    "not_now": _(
        "On hold: the person does not want this now. Ask again in six months; the person may ask sooner."
    ),
    "safeguarding": _("On hold until the private conversation has taken place."),
    "feels_watched": _("On hold while this makes the person feel watched. The person decides when."),
}

CONTACT = {
    "distress_now": _("There is distress now: nothing is sent automatically."),
    "safeguarding": _("Somebody may see or control what is sent: nothing is sent automatically."),
    "message_seen": _("Somebody saw a message that was private: nothing is sent automatically."),
    "not_asked": _("Safe contact was not asked about: nobody may contact the person until it is."),
    "feels_watched": _(
        "The person feels watched, and did not say which contact feels all right: nothing is sent automatically."
    ),
    "harm_not_asked": _("Harm was not asked about: nothing is sent automatically until it is."),
}
NO_WAY = _("No way of contact is all right at the moment. Agree on one before the person leaves.")


def not_asked(reason: str) -> str:
    return str(REASONS.get(reason) or reason.replace("_", " ").capitalize())


def hold(code: str | None) -> str:
    if not code:
        return ""
    return str(HOLDS.get(code) or _("On hold: %(reason)s.") % {"reason": code.replace("_", " ")})


def contact(contact: Mapping[str, Any]) -> str:
    """What is not safe about contact, from a result; "" where nothing is."""
    reason = contact["reason"]
    if reason and reason != NO_CHANNEL:
        return str(
            CONTACT.get(reason)
            or _("Nothing is sent automatically: %(reason)s.") % {"reason": reason.replace("_", " ")}
        )
    return "" if contact["allowed"] else str(NO_WAY)


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
    return answer(item, answered) if answered and not item.choices.fault(answered) else str(STATES[State.MISSING])


def state(state: str, reason: str | None = None) -> str:
    said = STATES.get(state, state)
    return f"{said}: {not_asked(reason).lower()}" if reason else str(said)


def standing(item: Item, response: Response, only: Collection[str] = ()) -> str:
    """How an item stands, in one line; `only` as for `answer`."""
    if response.counts:
        said = answer(item, response.value, only)
        if response.state == State.DERIVED:
            return _("%(said)s (worked out: %(reason)s)") % {"said": said, "reason": response.reason}
        return said
    return state(response.state, response.reason)
