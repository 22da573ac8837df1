"""What may come of a follow-up, by its kind: a person's word counts, "dealt with" alone does not tell anybody.

Pure.
"""

from accounts.wording import gettext_lazy as _
from referrals.reasons import SAFETY_ANSWER

TOLD = {
    "told_call": _("Told by phone"),
    "told_in_person": _("Told face to face"),
    "told_with_plan": _("Told face to face, with a plan on paper"),
    "told_replied": _("The person replied to a message"),
    "told_via": _("Told through someone they trust"),
}
NOT_NEEDED = {"not_needed": _("No longer needed (say why)")}
SPOKE = {
    "spoke": _("Spoke with the person"),
    "not_reached": _("Tried, and could not reach the person (say what was tried)"),
}
DONE = {"done": _("Done")}
ANSWERS = {reason.code: reason.label for reason in SAFETY_ANSWER}

SEEN = "seen"
"""All that can be said of news to a provider: one press."""

STAYS_PAUSED = "stays_paused"
"""Whoever is paused is looked at again: with this comes another day."""

RESULTS: dict[str, dict[str, str]] = {
    "tell_person": {**TOLD, **NOT_NEEDED},
    "message_failed": {**TOLD, **NOT_NEEDED},
    "not_known": {**TOLD, **NOT_NEEDED},
    "missed_once": {**SPOKE, **NOT_NEEDED},
    "missed_twice": {**SPOKE, **NOT_NEEDED},
    "offer_ended": {
        "told_person": _("The person knows, and goes on"),
        "chose_other": _("Chose other support with the person"),
        **NOT_NEEDED,
    },
    "mail_failed": {"told_provider": _("The provider knows, told in another way"), **NOT_NEEDED},
    "loan_ends": {**SPOKE, **NOT_NEEDED},
    "ask_again": {**SPOKE, **NOT_NEEDED},
    "ask_person": {**SPOKE, **NOT_NEEDED},
    "safety_question": ANSWERS,
    "review": {**SPOKE, **NOT_NEEDED},
    "incident": {
        "put_right": _("Put right, and the person knows"),
        "safeguarding": _("Passed on to safeguarding"),
        "reported": _("Reported, such as to the police or the bank, with the person"),
        "person_decides": _("The person knows, and wants nothing more done"),
        "recorded_in_error": _("It did not happen: recorded in error (say why)"),
    },
    "check_address": {
        "address_changed": _("The address was put right"),
        "address_right": _("The address is right: letters may go there"),
        **NOT_NEEDED,
    },
    "check_number": {
        "number_changed": _("The number was put right"),
        "number_right": _("The number is right, and the phone is theirs"),
        "no_phone": _("They have no phone now (say how to reach them)"),
        **NOT_NEEDED,
    },
    "for_provider": {SEEN: _("Seen")},
    "pause_review": {
        "goes_on": _("Contact goes on, as the contact plan allows"),
        STAYS_PAUSED: _("It stays paused (say until when)"),
    },
    "choose_way": {
        "letter": _("They get it by letter, or a plan on paper"),
        "visit": _("Somebody meets them, or goes to see them"),
        "call_again": _("We try calling again"),
        **NOT_NEEDED,
    },
}
"""Kind → code → words. A kind that is not here is simply done, or no longer needed."""

NEEDS_WORDS = {"not_needed", "not_reached", "no_phone", "recorded_in_error"}


def results_of(kind: str) -> dict[str, str]:
    return RESULTS.get(kind, {**DONE, **NOT_NEEDED})
