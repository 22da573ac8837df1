"""The set words of a screening, spelled as definitions, answers and results spell them."""

from enum import StrEnum


class Kind(StrEnum):
    SINGLE = "single"
    MULTI = "multi"
    GRID = "grid"


class State(StrEnum):
    """How an item stands. Only an answered or derived item has a value that counts."""

    ANSWERED = "answered"
    DERIVED = "derived"
    SKIPPED = "skipped"
    PREFER_NOT = "prefer_not"
    DONT_KNOW = "dont_know"
    NOT_ASKED = "not_asked"
    MISSING = "missing"  # nothing given at all, or nothing that can be read as a whole answer


COUNTS = frozenset({State.ANSWERED, State.DERIVED})
GIVEN_INSTEAD = (State.PREFER_NOT, State.DONT_KNOW, State.NOT_ASKED)  # what may be given in place of an answer
GAPS = frozenset({*GIVEN_INSTEAD, State.MISSING})


class Level(StrEnum):
    NONE = "none"
    SOME = "some"
    AT_LEAST_SOME = "at_least_some"
    HIGH = "high"
    NOT_KNOWN = "not_known"


class RuleType(StrEnum):
    OFFER = "offer"
    ACTION = "action"
    ADJUSTMENT = "adjustment"


class When(StrEnum):
    NOW = "now"
    LATER = "later"
    HELD = "held"


# The four items from which the contact plan is worked out, and the kind that each must be of.
BEST_CONTACT, AVOIDED, WATCHED, FEELS_OK = "CT1", "CT2a", "MH3", "MH3a"
CONTACT_ITEMS = {BEST_CONTACT: Kind.MULTI, AVOIDED: Kind.MULTI, WATCHED: Kind.SINGLE, FEELS_OK: Kind.MULTI}
FEELS_WATCHED = ("some", "often", "now")  # the answers to WATCHED that limit contact to what FEELS_OK names
NO_WAY = "none"  # the option of BEST_CONTACT that says that no way works well
NO_CHANNEL = "no_channel"  # why nothing is sent by itself where nothing forbids it, but no way is left to send it
