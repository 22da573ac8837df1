"""What matching speaks of: an offer, and what is known of the person it might suit.

Pure. `None` always means "not known" and never "no".
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from accounts.wording import gettext_lazy as _
from directory.places import Point

# The answers to "How would you like to get help?", in the order of the question.
FORMATS = {
    "one": _("one to one"),
    "group": _("small group"),
    "dropin": _("drop-in"),
    "course": _("short course"),
    "home": _("at home"),
    "clinic": _("at the clinic"),
    "place": _("at a library or local place"),
    "phone": _("by phone"),
    "peer": _("led by someone who has been unwell too"),
    "paper": _("on paper"),
    "slow": _("in small steps"),
}

# Ticks within one part are alternatives: any one of them will do. "peer" stands by itself.
HOW = ("one", "group", "dropin", "course")
WHERE = ("home", "clinic", "place", "phone")
PARTS = (HOW, WHERE, ("paper",), ("slow",))

# The answers to "What could make it hard to go and get help?"
HARD = frozenset({"cost", "wait", "alone", "people", "time", "care", "access", "nothing"})

FREE = "free"


class Capacity(StrEnum):
    YES = "yes"
    WAITING_LIST = "waiting_list"
    FULL = "full"
    NOT_KNOWN = "not_known"


class NothingFits(StrEnum):
    """Why a need finds no offer: what is written beside an unmet need."""

    NO_OFFER_OF_KIND = "no_offer_of_kind"
    NONE_NEAR = "none_near"
    NONE_ELIGIBLE = "none_eligible"
    NONE_WITH_ROOM = "none_with_room"
    NONE_IN_FORMAT = "none_in_format"


class Eligibility(NamedTuple):
    """Who may use an offer. `None` means that there is no such rule; ages are inclusive, in years."""

    min_age: int | None = None
    max_age: int | None = None
    low_income: bool | None = None
    benefits: bool | None = None
    diagnosis: bool | None = None
    areas: frozenset[str] | None = None


NO_RULES = Eligibility()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something a provider does, somewhere, for someone.

    `kinds` are the `support` codes of the rules, `formats` codes of FORMATS. `serves` holds outward codes,
    their letters or boroughs; empty serves anywhere. `cost` is FREE, words, or empty where not recorded.
    Empty `formats` and `languages` are not recorded, which is not the same as none.
    """

    id: str
    name: str
    provider: str
    kinds: frozenset[str]
    formats: frozenset[str] = frozenset()
    postcode: str | None = None
    point: Point | None = None
    serves: frozenset[str] = frozenset()
    remote: bool = False
    at_home: bool = False
    step_free: bool | None = None
    hearing_support: bool | None = None
    sight_support: bool | None = None
    languages: frozenset[str] = frozenset()
    cost: str = ""
    eligibility: Eligibility = NO_RULES
    capacity: str = Capacity.NOT_KNOWN
    wait_days: int | None = None
    usual_wait_days: int | None = None
    warm_handover: bool | None = None
    goes_along: str = ""
    schedule: str = ""
    verified_on: date | None = None
    accepts_referrals: bool = True

    @property
    def needs_travel(self) -> bool:
        return not self.at_home and not (self.remote and not self.postcode)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is known of the person, as far as it bears on which offer suits them.

    `prefers` and `hard` are codes of FORMATS and HARD. An empty `prefers` is "no stated preference", which
    is not a preference. `slow` is low energy most days: drop-in before a course.
    """

    outward: str | None = None
    age: int | None = None
    prefers: frozenset[str] = frozenset()
    hard: frozenset[str] = frozenset()
    language: str | None = None
    step_free: bool | None = None
    hearing: bool | None = None
    sight: bool | None = None
    low_income: bool | None = None
    on_benefits: bool | None = None
    slow: bool = False
    warm_handover_wanted: bool = False
