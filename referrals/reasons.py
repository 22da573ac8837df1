"""The usual reasons and answers a step is coded with. An organisation adds its own, or retires one of these.

Pure. A decline is not an end: its reason says what the referrer does next, and what the person is told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from accounts.wording import gettext_lazy as _


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
        _("Choose another offer that fits, or record that none does."),
        _("We will look for someone else who can help."),
    ),
    NextAction.ASK_AGAIN: (
        _("Ask this provider again when the wait is over, or choose another offer now."),
        _("We will ask them again soon, and look for others too."),
    ),
    NextAction.SEND_AGAIN: (
        _("Put right what was missing and send it again."),
        _("We will ask again with all that they need to know."),
    ),
    NextAction.UNMET_NEED: (
        _("Record that this is not to be had here, and look for another way with the person."),
        _("We will look for another way with you."),
    ),
    NextAction.TALK: (
        _("Talk with the person: is this still wanted, in another way or at another time?"),
        _("We will talk with you about what you would like."),
    ),
    NextAction.CLINICIAN_CHECK: (
        _("A clinician checks on the person before anything else is offered."),
        _("We will talk with you about what comes next."),
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


SAY_MORE = _("Say in a few words what is meant.")


def _decline(code: str, label: str, next_action: NextAction, *, ask: str = "", park_days: int = 0) -> Reason:
    return Reason(code, label, ask, next_action, park_days, tell_person="declined_next_step")


DECLINE = (
    _decline("full", _("No room, and no waiting list"), NextAction.ASK_AGAIN, park_days=60),
    _decline("not_eligible", _("Does not meet our criteria"), NextAction.REROUTE, ask=_("Say which criterion.")),
    _decline("wrong_area", _("Lives outside our area"), NextAction.REROUTE),
    _decline("not_what_we_do", _("This is not something that we do"), NextAction.REROUTE),
    _decline(
        "no_adjustment", _("Cannot make the adjustments needed"), NextAction.REROUTE, ask=_("Say which one.")
    ),
    _decline("no_language", _("Cannot offer the language or interpreter"), NextAction.REROUTE),
    _decline("no_safe_contact", _("Cannot reach the person in a way that is safe"), NextAction.REROUTE),
    _decline("offer_paused", _("This offer is paused"), NextAction.ASK_AGAIN, park_days=60),
    _decline("offer_ended", _("This offer has ended"), NextAction.UNMET_NEED),
    _decline(
        "too_little_known", _("Too little was said to decide"), NextAction.SEND_AGAIN, ask=_("Say what you need.")
    ),
    _decline("person_said_no", _("The person told us that they do not want it"), NextAction.TALK, park_days=182),
    _decline("already_helping", _("We are helping the person with this already"), NextAction.TALK),
    _decline("needs_more_support", _("Needs more than we can give"), NextAction.CLINICIAN_CHECK, ask=SAY_MORE),
    _decline("not_safe", _("We could not do this safely"), NextAction.CLINICIAN_CHECK, ask=SAY_MORE),
    _decline("other", _("Another reason"), NextAction.CLINICIAN_CHECK, ask=SAY_MORE),
)

CANCEL = (
    Reason("made_by_mistake", _("Made by mistake")),
    Reason("duplicate", _("The same has been asked for already")),
    Reason("better_offer", _("An offer that fits better was found")),
    Reason("need_met", _("The need has been met another way")),
    Reason("circumstances", _("The person's circumstances changed"), SAY_MORE),
    Reason("too_long", _("The wait is too long")),
    Reason("moved", _("The person moved away")),
    Reason("died", _("The person died"), silent=True),
    Reason("other", _("Another reason"), SAY_MORE),
)

REOPEN = (
    Reason("asked_again", _("The person asked for it again")),
    Reason("too_soon", _("It was ended too soon")),
    Reason("by_mistake", _("It was ended by mistake")),
    Reason("reached_after_all", _("The person has been reached after all")),
    Reason("other", _("Another reason"), SAY_MORE),
)

HOW_SAID = (
    Reason("face_to_face", _("Face to face")),
    Reason("phone", _("By phone")),
    Reason("message", _("By text, email or app")),
    Reason("letter", _("By letter")),
    Reason("through_someone", _("Through someone they trust"), _("Say through whom.")),
    Reason("consent_withdrawn", _("By taking back their consent to share")),
)

OUTCOME = (
    Reason("helped", _("It helped")),
    Reason("partly_helped", _("It helped in part")),
    Reason("not_helped", _("It did not help")),
    Reason("met_another_way", _("The need was met another way")),
    Reason("digital_not_wanted", _("Digital is not wanted"), _("Say which adjustment was set instead.")),
    Reason("could_not_reach", _("Could not reach the person")),
    Reason("moved", _("The person moved away")),
    Reason("died", _("The person died"), silent=True),
)

WHOSE_WORD = (
    Reason("person", _("The person's own"), silent=True),
    Reason("carer", _("A carer's whom the person lets speak"), _("Say who, and what they may speak about.")),
    Reason("provider_only", _("Only the provider's")),
    Reason("nobody", _("Nobody's")),
)

HEARD_BY = (
    Reason("face_to_face", _("Face to face")),
    Reason("phone", _("By phone")),
    Reason("letter_reply", _("On a reply slip or in a letter")),
    Reason("message", _("By text, email or app")),
)
"""How the word on what came of it reached whoever wrote it down."""

NEED_OUTCOME = (
    Reason("met", _("Met")),
    Reason("partly_met", _("Met in part")),
    Reason("not_met", _("Not met")),
    Reason("not_wanted", _("Not wanted any more")),
)

REACHED_BY = (
    Reason("spoke", _("Spoke with the person")),
    Reason("met", _("Met the person")),
    Reason("replied", _("The person replied")),
)
"""Contacts both ways. A voicemail, or a letter without an answer, is none."""

SAFETY_ANSWER = (
    Reason("no_concern", _("No concern")),
    Reason("concern_taken_on", _("There is a concern, and the clinician has taken it on")),
)


def merged(usual: Iterable[Reason], own: Iterable[Reason] = ()) -> dict[str, Reason]:
    """By code: the usual reasons with an organisation's own laid over them, retired ones included."""
    return {reason.code: reason for reason in (*usual, *own)}


def offered(reasons: Iterable[Reason]) -> list[Reason]:
    """Those that may still be chosen."""
    return [reason for reason in reasons if not reason.hidden]
