"""The states of a referral: what each means, whose move it is then, and which clock runs.

Pure. A state with nobody's move is an end; every other referral has one owner and one day.
"""

from dataclasses import dataclass
from enum import StrEnum

from accounts.wording import gettext_lazy as _
from referrals.followup import Clock


class Status(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    MORE_INFO = "more_info"
    ACKNOWLEDGED = "acknowledged"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    DELIVERED = "delivered"
    CLOSED = "closed"
    DECLINED = "declined"
    REROUTED = "rerouted"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered_in_error"

    @property
    def label(self) -> str:
        return LABELS[self]

    @property
    def meaning(self) -> str:
        """One sentence for whoever sees the state for the first time."""
        return STATES[self].meaning


LABELS = {
    Status.DRAFT: _("Draft"),
    Status.SENT: _("Sent"),
    Status.MORE_INFO: _("More info"),
    Status.ACKNOWLEDGED: _("Acknowledged"),
    Status.WAITING: _("Waiting"),
    Status.ACCEPTED: _("Accepted"),
    Status.ACTIVE: _("Active"),
    Status.DELIVERED: _("Delivered"),
    Status.CLOSED: _("Closed"),
    Status.DECLINED: _("Declined"),
    Status.REROUTED: _("Rerouted"),
    Status.WITHDRAWN: _("Withdrawn"),
    Status.CANCELLED: _("Cancelled"),
    Status.ENTERED_IN_ERROR: _("Entered in error"),
}

STATUS_CHOICES = [(status.value, status.label) for status in Status]


class ActionWith(StrEnum):
    """Whose move it is. A coordinator or the person comes in by an action, never by a state alone."""

    REFERRER = "referrer"
    PROVIDER = "provider"
    COORDINATOR = "coordinator"
    PERSON = "person"


@dataclass(frozen=True)
class State:
    meaning: str
    whose_move: ActionWith | None = None
    clock: Clock | None = None


STATES: dict[Status, State] = {
    Status.DRAFT: State(_("Not sent yet."), ActionWith.REFERRER, Clock.DRAFT),
    Status.SENT: State(_("Sent; the provider has not opened it yet."), ActionWith.PROVIDER, Clock.ACKNOWLEDGE),
    Status.ACKNOWLEDGED: State(_("The provider is deciding."), ActionWith.PROVIDER, Clock.DECIDE),
    Status.MORE_INFO: State(_("The provider has asked a question."), ActionWith.REFERRER, Clock.ANSWER),
    Status.WAITING: State(_("On the provider's waiting list."), ActionWith.PROVIDER, Clock.WAITING_REVIEW),
    Status.ACCEPTED: State(
        _("Accepted; nobody has reached the person yet."), ActionWith.PROVIDER, Clock.FIRST_CONTACT
    ),
    Status.ACTIVE: State(_("The person is being helped."), ActionWith.PROVIDER, Clock.NEXT_EVENT),
    Status.DELIVERED: State(_("The help was given; did it help?"), ActionWith.REFERRER, Clock.ASK_PERSON),
    Status.DECLINED: State(
        _("The provider cannot help: choose what comes next."), ActionWith.REFERRER, Clock.NEXT_STEP
    ),
    Status.CLOSED: State(_("Ended, with an outcome.")),
    Status.REROUTED: State(_("Declined; something else was chosen.")),
    Status.WITHDRAWN: State(_("The person does not want it now.")),
    Status.CANCELLED: State(_("The referrer took it back.")),
    Status.ENTERED_IN_ERROR: State(_("Should never have been made.")),
}

OPEN = frozenset(status for status, state in STATES.items() if state.whose_move)
ENDED = frozenset(Status) - OPEN


def whose_move(status: str) -> ActionWith | None:
    """Who must act next; None once it has ended."""
    return STATES[Status(status)].whose_move


def clock_of(status: str, *, same_day: bool = False) -> Clock | None:
    """The clock that runs in this state; `same_day` for a kind of support that cannot wait (food, heating)."""
    clock = STATES[Status(status)].clock
    return Clock.SAME_DAY if same_day and clock is Clock.FIRST_CONTACT else clock


def pause_allowed(status: str) -> bool:
    """A pause keeps the place of what is open; there is nothing to keep of what has ended."""
    return status in OPEN
