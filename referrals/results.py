"""What may come of a follow-up, by its kind: a person's word counts, "dealt with" alone does not tell anybody.

Pure.
"""

TOLD = {
    "told_call": "Told by phone",
    "told_in_person": "Told face to face",
    "told_replied": "The person replied to a message",
    "told_via": "Told through someone they trust",
}
NOT_NEEDED = {"not_needed": "No longer needed (say why)"}
SPOKE = {
    "spoke": "Spoke with the person",
    "not_reached": "Tried, and could not reach the person (say what was tried)",
}
DONE = {"done": "Done"}

RESULTS: dict[str, dict[str, str]] = {
    "tell_person": {**TOLD, **NOT_NEEDED},
    "message_failed": {**TOLD, **NOT_NEEDED},
    "not_known": {**TOLD, **NOT_NEEDED},
    "missed_once": {**SPOKE, **NOT_NEEDED},
    "missed_twice": {**SPOKE, **NOT_NEEDED},
    "loan_ends": {**SPOKE, **NOT_NEEDED},
    "ask_again": {**SPOKE, **NOT_NEEDED},
    "review": {**SPOKE, **NOT_NEEDED},
}
"""Kind → code → words. A kind that is not here is simply done, or no longer needed."""

NEEDS_WORDS = {"not_needed", "not_reached"}


def results_of(kind: str) -> dict[str, str]:
    return RESULTS.get(kind, {**DONE, **NOT_NEEDED})
