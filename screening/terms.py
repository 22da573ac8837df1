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


class DefinitionKind(StrEnum):
    """What a definition is for. Only a screening says whether somebody is screened; a review follows one."""

    SCREENING = "screening"
    REVIEW = "review"


# What a question is for is told by the name of its item, never by its code. These four names stand for the items
# from which the contact plan is worked out, each of them with the kind that it must be of.
BEST_CONTACT, AVOIDED = "best_contact", "avoid_channels"
WATCHED, FEELS_OK = "watched_or_voices", "contact_that_feels_ok"
CONTACT_ITEMS = {BEST_CONTACT: Kind.MULTI, AVOIDED: Kind.MULTI, WATCHED: Kind.SINGLE, FEELS_OK: Kind.MULTI}
FEELS_WATCHED = ("some", "often", "now")  # the answers to WATCHED that limit contact to what FEELS_OK names
NO_WAY = "none"  # the option of BEST_CONTACT that says that no way works well
SAFE_CONTACT = "safe_contact"
HOW_TO_LEARN, WHAT_MAKES_IT_HARD, ENERGY = "how_to_learn", "what_makes_it_hard", "energy"  # matched with offers
NAMED_KINDS = {
    **CONTACT_ITEMS,
    SAFE_CONTACT: Kind.SINGLE,
    HOW_TO_LEARN: Kind.MULTI,
    WHAT_MAKES_IT_HARD: Kind.MULTI,
    ENERGY: Kind.SINGLE,
}
"""The names that the product goes by, in whatever definition, and the kind that each must be of."""
OWN_GOAL = "own_goal"  # the name of the item beside which the person's goal is written in their own words
NO_CHANNEL = "no_channel"  # why nothing is sent by itself where nothing forbids it, but no way is left to send it
