"""The usual reasons and answers a step is coded with. An organisation adds its own, or retires one of these.

Pure. A decline is not an end: its reason says what the referrer does next, and what the person is told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class NextAction(StrEnum):
    """What the referrer does about a decline."""

    REROUTE = "reroute"
    ASK_AGAIN = "ask_again"
    SEND_AGAIN = "send_again"
    UNMET_NEED = "unmet_need"
    TALK = "talk"
    CLINICIAN_CHECK = "clinician_check"

    @property
    def sentence(self) -> str:
        """For the referrer."""
        return NEXT_ACTIONS[self][0]

    @property
    def to_person(self) -> str:
        """For the person, to follow "It is not about you."; readable at nine, and safe on a shared phone."""
        return NEXT_ACTIONS[self][1]


NEXT_ACTIONS = {
    NextAction.REROUTE: (
        "Choose another offer that fits, or record that none does.",
        "We will look for someone else who can help.",
    ),
    NextAction.ASK_AGAIN: (
        "Ask this provider again when the wait is over, or choose another offer now.",
        "We will ask them again soon, and look for others too.",
    ),
    NextAction.SEND_AGAIN: (
        "Put right what was missing and send it again.",
        "We will ask again with all that they need to know.",
    ),
    NextAction.UNMET_NEED: (
        "Record that this is not to be had here, and look for another way with the person.",
        "We will look for another way with you.",
    ),
    NextAction.TALK: (
        "Talk with the person: is this still wanted, in another way or at another time?",
        "We will talk with you about what you would like.",
    ),
    NextAction.CLINICIAN_CHECK: (
        "A clinician checks on the person before anything else is offered.",
        "We will talk with you about what comes next.",
    ),
}


@dataclass(frozen=True)
class Reason:
    """One thing that can be ticked. `ask` is what must be written down as well; empty: nothing more."""

    code: str
    label: str
    ask: str = ""
    next_action: NextAction | None = None
    park_days: int = 0
    """Calendar days for which this provider is not asked again for this person."""
    tell_person: str = ""
    """The message that tells the person of it."""
    silent: bool = False
    """Nothing is sent to the person after this."""
    hidden: bool = False
    """Retired: no longer offered, still readable on old records."""

    @property
    def needs_words(self) -> bool:
        return bool(self.ask)


SAY_MORE = "Say in a few words what is meant."


def _decline(code: str, label: str, next_action: NextAction, *, ask: str = "", park_days: int = 0) -> Reason:
    return Reason(code, label, ask, next_action, park_days, tell_person="declined_next_step")


DECLINE = (
    _decline("full", "No room, and no waiting list", NextAction.ASK_AGAIN, park_days=60),
    _decline("not_eligible", "Does not meet our criteria", NextAction.REROUTE, ask="Say which criterion."),
    _decline("wrong_area", "Lives outside our area", NextAction.REROUTE),
    _decline("not_what_we_do", "This is not something that we do", NextAction.REROUTE),
    _decline("no_adjustment", "Cannot make the adjustments needed", NextAction.REROUTE, ask="Say which one."),
    _decline("no_language", "Cannot offer the language or interpreter", NextAction.REROUTE),
    _decline("no_safe_contact", "Cannot reach the person in a way that is safe", NextAction.REROUTE),
    _decline("offer_paused", "This offer is paused", NextAction.ASK_AGAIN, park_days=60),
    _decline("offer_ended", "This offer has ended", NextAction.UNMET_NEED),
    _decline("too_little_known", "Too little was said to decide", NextAction.SEND_AGAIN, ask="Say what you need."),
    _decline("person_said_no", "The person told us that they do not want it", NextAction.TALK, park_days=182),
    _decline("already_helping", "We are helping the person with this already", NextAction.TALK),
    _decline("needs_more_support", "Needs more than we can give", NextAction.CLINICIAN_CHECK, ask=SAY_MORE),
    _decline("not_safe", "We could not do this safely", NextAction.CLINICIAN_CHECK, ask=SAY_MORE),
    _decline("other", "Another reason", NextAction.CLINICIAN_CHECK, ask=SAY_MORE),
)

CANCEL = (
    Reason("made_by_mistake", "Made by mistake"),
    Reason("duplicate", "The same has been asked for already"),
    Reason("better_offer", "An offer that fits better was found"),
    Reason("need_met", "The need has been met another way"),
    Reason("circumstances", "The person's circumstances changed", SAY_MORE),
    Reason("too_long", "The wait is too long"),
    Reason("moved", "The person moved away"),
    Reason("died", "The person died", silent=True),
    Reason("other", "Another reason", SAY_MORE),
)

REOPEN = (
    Reason("asked_again", "The person asked for it again"),
    Reason("too_soon", "It was ended too soon"),
    Reason("by_mistake", "It was ended by mistake"),
    Reason("reached_after_all", "The person has been reached after all"),
    Reason("other", "Another reason", SAY_MORE),
)

HOW_SAID = (
    Reason("face_to_face", "Face to face"),
    Reason("phone", "By phone"),
    Reason("message", "By text, email or app"),
    Reason("letter", "By letter"),
    Reason("through_someone", "Through someone they trust", "Say through whom."),
    Reason("consent_withdrawn", "By taking back their consent to share"),
)

OUTCOME = (
    Reason("helped", "It helped"),
    Reason("partly_helped", "It helped in part"),
    Reason("not_helped", "It did not help"),
    Reason("met_another_way", "The need was met another way"),
    Reason("digital_not_wanted", "Digital is not wanted", "Say which adjustment was set instead."),
    Reason("could_not_reach", "Could not reach the person"),
    Reason("moved", "The person moved away"),
    Reason("died", "The person died", silent=True),
)

WHOSE_WORD = (
    Reason("person", "The person's own", silent=True),
    Reason("carer", "A carer's whom the person lets speak", "Say who, and what they may speak about."),
    Reason("provider_only", "Only the provider's"),
    Reason("nobody", "Nobody's"),
)

NEED_OUTCOME = (
    Reason("met", "Met"),
    Reason("partly_met", "Met in part"),
    Reason("not_met", "Not met"),
    Reason("not_wanted", "Not wanted any more"),
)

REACHED_BY = (
    Reason("spoke", "Spoke with the person"),
    Reason("met", "Met the person"),
    Reason("replied", "The person replied"),
)
"""Contacts both ways. A voicemail, or a letter without an answer, is none."""

SAFETY_ANSWER = (
    Reason("no_concern", "No concern"),
    Reason("concern_taken_on", "There is a concern, and the clinician has taken it on"),
)


def merged(usual: Iterable[Reason], own: Iterable[Reason] = ()) -> dict[str, Reason]:
    """By code: the usual reasons with an organisation's own laid over them, retired ones included."""
    return {reason.code: reason for reason in (*usual, *own)}


def offered(reasons: Iterable[Reason]) -> list[Reason]:
    """Those that may still be chosen."""
    return [reason for reason in reasons if not reason.hidden]
